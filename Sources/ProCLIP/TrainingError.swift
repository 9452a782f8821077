/// Why a training run did not start or did not end well.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
    /// A value stopped being finite. `tensor` is the first such: a loss term, `gradient of PATH` or `parameter PATH`.
    case notFinite(tensor: String, step: Int, checkpoint: String?)
    case batchTooSmall(stage: String, batch: Int)
    case tooFewSamples(stage: String, samples: Int)
    case pictureSize(path: String, height: Int, width: Int, needed: Int)
    case invalidOption(key: String, value: String, expected: String)
    /// A checkpoint that belongs to another run.
    case changed(checkpoint: String, what: String)
    /// The user gave up a step half-way.
    case abandoned(step: Int, checkpoint: String?)

    public var description: String {
        switch self {
        case .notFinite(let tensor, let step, let checkpoint):
            "step \(step): \(tensor) is not finite; training stopped before the update"
                + Self.kept(checkpoint) + "; lower lr, lengthen warmup or set clip"
        case .batchTooSmall(let stage, let batch):
            "\(stage) contrasts the samples of a batch, batch=\(batch) leaves nothing to contrast; give batch=2 or more"
        case .tooFewSamples(let stage, let samples):
            "\(stage) needs at least two samples, the data holds \(samples); choose another split or set"
        case .pictureSize(let path, let height, let width, let needed):
            "the pictures of \(path) are \(height) × \(width), the image tower takes \(needed) × \(needed); "
                + "prepare them in that size or choose another tower"
        case .invalidOption(let key, let value, let expected): "\(key)=\(value) is not possible: \(expected)"
        case .changed(let checkpoint, let what):
            "\(checkpoint) belongs to another run: \(what); resume with what it was started with, or start anew"
        case .abandoned(let step, let checkpoint): "step \(step) was abandoned" + Self.kept(checkpoint)
        }
    }

    private static func kept(_ checkpoint: String?) -> String {
        checkpoint.map { "; the last good checkpoint is \($0)" } ?? "; there is no checkpoint"
    }
}
