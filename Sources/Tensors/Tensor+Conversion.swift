extension Tensor {
    /// The same values in another encoding; `self` where it has that encoding already.
    /// Narrowing rounds to nearest even; float16 overflows to infinity.
    public func converted(to type: ElementType) -> Tensor {
        if type == elementType { return self }
        let count = shape.count
        let result = Tensor(shape: shape, elementType: type, storage: Storage(byteCount: type.byteCount(of: count)))
        let target = result.storage.bytes
        withExtendedLifetime((self, result)) {
            for index in 0..<count {
                let value = element(index)
                switch type {
                case .float32: target.storeBytes(of: value, toByteOffset: index * 4, as: Float.self)
                case .float16: target.storeBytes(of: Half.bits(value), toByteOffset: index * 2, as: UInt16.self)
                case .bfloat16: target.storeBytes(of: BrainFloat.bits(value), toByteOffset: index * 2, as: UInt16.self)
                }
            }
        }
        return result
    }

    private func element(_ index: Int) -> Float {
        let bytes = rawBytes
        switch elementType {
        case .float32: return bytes.loadUnaligned(fromByteOffset: index * 4, as: Float.self)
        case .float16: return Half.value(bytes.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
        case .bfloat16: return BrainFloat.value(bytes.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
        }
    }
}

/// IEEE binary16.
enum Half {
    static func bits(_ value: Float) -> UInt16 { Float16(value).bitPattern }
    static func value(_ bits: UInt16) -> Float { Float(Float16(bitPattern: bits)) }
}

/// The upper half of a binary32, rounded to nearest even; NaN stays NaN.
enum BrainFloat {
    static func bits(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        if value.isNaN { return UInt16(truncatingIfNeeded: bits >> 16) | 0x0040 }
        return UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ ((bits >> 16) & 1)) >> 16)
    }
    static func value(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }
}
