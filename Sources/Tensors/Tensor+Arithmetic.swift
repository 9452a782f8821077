extension Tensor {
    /// The elementwise sum of two tensors of equal shape.
    public static func sum(_ a: Tensor, _ b: Tensor, in workspace: Workspace? = nil) -> Tensor {
        requireShape(a.shape == b.shape, "sum", expected: "equal shapes", a.shape, b.shape)
        let result = Tensor(uninitialized: a.shape, in: workspace)
        for index in 0..<a.shape.count { result.data[index] = a.data[index] + b.data[index] }
        return result
    }
}
