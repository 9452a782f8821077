internal import CKernels

extension Tensor {
    /// The same values in another encoding; `self` where it has that encoding already.
    /// Narrowing rounds to nearest even; float16 overflows to infinity. Nothing is quantised here.
    public func converted(to type: ElementType, in workspace: Workspace? = nil) -> Tensor {
        if type == elementType { return self }
        if type != .float32 && elementType != .float32 {
            return converted(to: .float32).converted(to: type, in: workspace)
        }
        precondition(!type.isQuantized, "a tensor cannot be converted to \(type.rawValue)")
        let byteCount = type.byteCount(of: shape.count)
        let result = Tensor(
            shape: shape, elementType: type,
            storage: workspace?.storage(byteCount: byteCount) ?? Storage(byteCount: byteCount))
        if type == .float32 {
            let (target, block) = (result.data, elementType.blockLength)
            parallel(shape.count / block, cost: 0.5 * Double(block)) { range in
                widen(range.lowerBound * block..<range.upperBound * block, into: target + range.lowerBound * block)
            }
            return result
        }
        let (source, target) = (data, result.storage.bytes.assumingMemoryBound(to: UInt16.self))
        parallel(shape.count, cost: 0.5) { range in
            let (float, code) = (source + range.lowerBound, target + range.lowerBound)
            if type == .float16 {
                float_to_half(float, code, range.count)
            } else {
                float_to_bfloat(float, code, range.count)
            }
        }
        return result
    }
}
