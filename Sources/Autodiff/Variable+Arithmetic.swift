internal import CKernels
public import Tensors

extension Variable {
    /// The elementwise sum of two variables of equal shape.
    public static func + (a: Variable, b: Variable) -> Variable {
        recorded(.sum(a.value, b.value, in: workspace(of: a, b)), from: [a, b]) { upstream in [upstream, upstream] }
    }

    /// The elementwise difference of two variables of equal shape.
    public static func - (a: Variable, b: Variable) -> Variable { a + b.scaled(by: -1) }

    /// The elementwise product of two variables of equal shape.
    public static func * (a: Variable, b: Variable) -> Variable {
        let workspace = workspace(of: a, b)
        return recorded(.product(a.value, b.value, in: workspace), from: [a, b]) { upstream in
            [
                a.needsGradient ? .product(upstream, b.value, in: workspace) : nil,
                b.needsGradient ? .product(upstream, a.value, in: workspace) : nil,
            ]
        }
    }

    /// Every element times a constant.
    public func scaled(by factor: Float) -> Variable {
        let workspace = workspace
        return recorded(value.scaled(by: factor, in: workspace), from: [self]) { upstream in
            [upstream.scaled(by: factor, in: workspace)]
        }
    }

    /// Every element times a scalar variable.
    public func scaled(by factor: Variable) -> Variable {
        let workspace = Self.workspace(of: self, factor)
        let size = factor.value.item
        return recorded(value.scaled(by: size, in: workspace), from: [self, factor]) { [self] upstream in
            [
                needsGradient ? upstream.scaled(by: size, in: workspace) : nil,
                factor.needsGradient
                    ? Tensor.full(factor.shape, upstream.dot(value), in: workspace) : nil,
            ]
        }
    }

    /// Every element's square.
    public func squared() -> Variable {
        let workspace = workspace
        return recorded(.product(value, value, in: workspace), from: [self]) { [value] upstream in
            let product = Tensor.product(value, upstream, in: workspace)
            return [product.scaled(by: 2, in: workspace)]
        }
    }

    /// Smooth L1 (Huber over beta): `x²/2β` where `|x| < β`, `|x| − β/2` elsewhere.
    public func smoothL1(beta: Float) -> Variable {
        let workspace = workspace
        let result = Tensor(uninitialized: shape, in: workspace)
        let slope = Tensor(uninitialized: shape, in: workspace)
        let (x, y, dydx) = (value.data, result.data, slope.data)
        parallel(shape.count, cost: 1) { range in
            let start = range.lowerBound
            smooth_l1(x + start, beta, y + start, dydx + start, range.count)
        }
        return recorded(result, from: [self]) { upstream in [.product(upstream, slope, in: workspace)] }
    }

    /// The sum of all elements, a scalar.
    public func sum() -> Variable {
        let (workspace, shape) = (workspace, shape)
        return recorded(Tensor(scalar: value.total(), in: workspace), from: [self]) { upstream in
            [.full(shape, upstream.item, in: workspace)]
        }
    }

    /// The mean of all elements, a scalar.
    public func mean() -> Variable { sum().scaled(by: 1 / Float(shape.count)) }

    /// The same elements under another shape of equal count.
    public func reshaped(_ shape: Shape) -> Variable {
        let original = self.shape
        return recorded(value.reshaped(shape), from: [self]) { upstream in [upstream.reshaped(original)] }
    }
}
