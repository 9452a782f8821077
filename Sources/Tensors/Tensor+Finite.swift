internal import CKernels

extension Tensor {
    /// Whether no element is infinite or NaN, in any encoding.
    public var isFinite: Bool {
        withExtendedLifetime(storage) {
            var result: Int32 = 1
            switch elementType {
            case .float32: finite_floats(data, shape.count, &result)
            case .float16: finite_halves(codes, 0x7c00, shape.count, &result)
            case .bfloat16: finite_halves(codes, 0x7f80, shape.count, &result)
            default: return hasFiniteScales
            }
            return result == 1
        }
    }

    private var codes: UnsafePointer<UInt16> {
        UnsafePointer((storage.bytes + byteOffset).assumingMemoryBound(to: UInt16.self))
    }

    /// Of quantised blocks only the scales, in float16, can be infinite or NaN.
    private var hasFiniteScales: Bool {
        let places =
            switch elementType {
            case .q41, .q51, .q4K, .q5K: [0, 2]
            case .q2K: [80, 82]
            case .q3K: [108]
            case .q6K: [208]
            default: [0]
            }
        let (bytes, stride) = (rawBytes, elementType.byteCount(of: elementType.blockLength))
        for block in Swift.stride(from: 0, to: bytes.count, by: stride) {
            for place in places where bytes[block + place + 1] & 0x7c == 0x7c { return false }
        }
        return true
    }
}
