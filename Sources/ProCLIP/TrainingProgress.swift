/// What one step of training came to.
public struct StepRecord: Codable, Equatable, Sendable {
    /// Steps done, this one included.
    public let step: Int
    public let loss: Float
    /// The terms of the loss, unweighted, by name and in the stage's order.
    public let terms: [Term]
    /// Learning rate of the adapter (or of everything, in pretraining).
    public let learningRate: Float
    /// Global norm of the gradients before clipping.
    public let gradientNorm: Double

    public struct Term: Codable, Equatable, Sendable {
        public let name: String
        public let value: Float
    }
}

/// A step's record with what a progress line shows beside it.
public struct TrainingProgress: Sendable {
    public let record: StepRecord
    /// Steps of the whole run.
    public let steps: Int
    public let epoch: Int
    /// ln B, the loss of guessing; nil where nothing is contrasted.
    public let chance: Float?
    public let samplesPerSecond: Double
    public let remainingSeconds: Double
}

/// What a training run reports while it goes on.
public enum TrainingEvent: Sendable {
    case step(TrainingProgress)
    /// A sentence for the user: the reduction in force, a warning.
    case note(String)
    case checkpoint(path: String, step: Int)
    case canary(CanaryReading)
}
