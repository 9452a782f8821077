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
            }
            return result == 1
        }
    }

    private var codes: UnsafePointer<UInt16> {
        UnsafePointer((storage.bytes + byteOffset).assumingMemoryBound(to: UInt16.self))
    }
}
