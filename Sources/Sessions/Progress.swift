/// A point in a long statement, for whoever draws it.
public struct Progress: Sendable {
    /// What is going on: a verb and what it works on.
    public var label: String
    public var step: Int
    public var total: Int
    /// The terms of the loss and what else is measured, in order.
    public var terms: [(name: String, value: Double)]
    public var learningRate: Double?
    public var samplesPerStep: Int?

    public init(
        label: String, step: Int, total: Int, terms: [(name: String, value: Double)] = [], learningRate: Double? = nil,
        samplesPerStep: Int? = nil
    ) {
        self.label = label
        self.step = step
        self.total = total
        self.terms = terms
        self.learningRate = learningRate
        self.samplesPerStep = samplesPerStep
    }
}
