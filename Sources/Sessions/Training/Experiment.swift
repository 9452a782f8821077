internal import ProCLIP

/// A training run before it starts: everything that a stage is built from, so that it can be built again to resume.
protocol Experiment {
    associatedtype S: Stage
    associatedtype Model

    /// What the progress line calls it.
    var label: String { get }
    /// A model in its first state, and a trainer that trains it in place.
    func start(_ options: TrainingOptions) throws -> (trainer: Trainer<S>, model: Model)
    /// What the handle will hold.
    func content(_ model: Model, history: [StepRecord], pause: Pause?) throws -> any TrainedContent
}

/// A run that has stopped before its end.
struct Pause {
    let step: Int
    let steps: Int
    let checkpoint: String
    /// Continues it to its end, or to the next interruption.
    let resume: (Session) throws -> Outcome
}

/// What a training run can have made, and may not have finished.
protocol TrainedContent: HandleContent, LossCourses {
    var pause: Pause? { get }
    /// The record of every step, empty for what comes from a file.
    var history: [StepRecord] { get }
    /// How it was trained; nil for what comes from a file.
    var training: Training? { get set }
}

extension TrainedContent {
    var isPaused: Bool { pause != nil }
    var lossCourses: [LossCourse] { history.lossCourses }
    var canaryCourses: [LossCourse] { training?.readings.courses ?? [] }
}
