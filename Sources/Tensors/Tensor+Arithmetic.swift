internal import CKernels

extension Tensor {
    /// The elementwise sum of two tensors of equal shape.
    public static func sum(_ a: Tensor, _ b: Tensor, in workspace: Workspace? = nil) -> Tensor {
        requireShape(a.shape == b.shape, "sum", expected: "equal shapes", a.shape, b.shape)
        let result = Tensor(uninitialized: a.shape, in: workspace)
        let (left, right, target) = (a.data, b.data, result.data)
        parallel(a.shape.count, cost: 0.5) { range in
            let start = range.lowerBound
            vector_add(left + start, right + start, target + start, range.count)
        }
        return result
    }

    /// The elementwise product of two tensors of equal shape.
    public static func product(_ a: Tensor, _ b: Tensor, in workspace: Workspace? = nil) -> Tensor {
        requireShape(a.shape == b.shape, "product", expected: "equal shapes", a.shape, b.shape)
        let result = Tensor(uninitialized: a.shape, in: workspace)
        let (left, right, target) = (a.data, b.data, result.data)
        parallel(a.shape.count, cost: 0.5) { range in
            let start = range.lowerBound
            vector_multiply(left + start, right + start, target + start, range.count)
        }
        return result
    }

    /// Every element times `factor`.
    public func scaled(by factor: Float, in workspace: Workspace? = nil) -> Tensor {
        let result = Tensor(uninitialized: shape, in: workspace)
        let (source, target) = (data, result.data)
        parallel(shape.count, cost: 0.5) { range in
            vector_scale(factor, source + range.lowerBound, target + range.lowerBound, range.count)
        }
        return result
    }

    /// The sum of all elements: blocks of 4096 in single precision lanes, the blocks in double precision, in order.
    public func total() -> Float { blockwise { vector_sum(data + $0.lowerBound, $0.count, &$1) } }

    /// The sum of the products of corresponding elements, summed as in `total`.
    public func dot(_ other: Tensor) -> Float {
        requireShape(shape == other.shape, "dot", expected: "equal shapes", shape, other.shape)
        return blockwise { vector_dot(data + $0.lowerBound, other.data + $0.lowerBound, $0.count, &$1) }
    }

    private func blockwise(_ partial: (Range<Int>, inout Float) -> Void) -> Float {
        let (count, block) = (shape.count, 4096)
        let sums = [Float](unsafeUninitializedCapacity: (count + block - 1) / block) { sums, initialized in
            initialized = sums.count
            parallel(sums.count, cost: 0.3 * Double(block)) { range in
                for index in range {
                    sums[index] = 0
                    partial(index * block..<min((index + 1) * block, count), &sums[index])
                }
            }
        }
        return Float(sums.reduce(0.0) { $0 + Double($1) })
    }
}
