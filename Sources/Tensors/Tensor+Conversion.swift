internal import CKernels

extension Tensor {
    /// The same values in another encoding; `self` where it has that encoding already.
    /// Narrowing rounds to nearest even; float16 overflows to infinity.
    public func converted(to type: ElementType, in workspace: Workspace? = nil) -> Tensor {
        if type == elementType { return self }
        if type != .float32 && elementType != .float32 {
            return converted(to: .float32).converted(to: type, in: workspace)
        }
        let byteCount = type.byteCount(of: shape.count)
        let result = Tensor(
            shape: shape, elementType: type,
            storage: workspace?.storage(byteCount: byteCount) ?? Storage(byteCount: byteCount))
        let (sourceWidth, targetWidth) = (elementType.byteCount(of: 1), type.byteCount(of: 1))
        let (source, target) = (storage.bytes + byteOffset, result.storage.bytes)
        parallel(shape.count, cost: 0.5) { range in
            let from = source + range.lowerBound * sourceWidth
            let to = target + range.lowerBound * targetWidth
            let (floats, codes) = type == .float32 ? (to, from) : (from, to)
            let float = floats.assumingMemoryBound(to: Float.self)
            let code = codes.assumingMemoryBound(to: UInt16.self)
            switch (elementType, type) {
            case (.float32, .float16): float_to_half(float, code, range.count)
            case (.float32, .bfloat16): float_to_bfloat(float, code, range.count)
            case (.float16, _): half_to_float(code, float, range.count)
            default: bfloat_to_float(code, float, range.count)
            }
        }
        return result
    }
}
