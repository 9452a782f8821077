public import Autodiff

/// `x · weightᵀ + bias` over the last axis: [..., inputs] -> [..., outputs].
public struct Linear {
    /// [outputs, inputs]
    public let weight: Weight
    /// [outputs]
    public let bias: Parameter?

    /// Parameters `weight` and, where asked for, `bias`. Throws what the source throws.
    ///
    /// - `deviation`: of a fresh weight's normal values; nil gives `inputs^-0.5`. A fresh bias is 0.
    public init(
        inputs: Int, outputs: Int, bias: Bool = true, deviation: Float? = nil, scope: ParameterScope
    ) throws {
        let deviation = deviation ?? 1 / Float(inputs).squareRoot()
        weight = try scope.weight("weight", [outputs, inputs], .normal(deviation: deviation))
        self.bias = bias ? try scope.parameter("bias", [outputs], .zeros) : nil
    }

    public func callAsFunction(_ x: Variable) -> Variable {
        let bias = bias?(beside: x)
        switch weight {
        case .dense(let matrix): return x.linear(weight: matrix(beside: x), bias: bias)
        case .packed(let matrix, let precision): return x.linear(packed: matrix, bias: bias, precision: precision)
        case .adapted(let matrix):
            let inner = x.linear(weight: matrix.down(beside: x), bias: nil)  // [..., rank]
            return x.linear(packed: matrix.base, bias: bias, precision: matrix.precision)
                + inner.linear(weight: matrix.up(beside: x), bias: nil).scaled(by: matrix.scale)
        }
    }
}
