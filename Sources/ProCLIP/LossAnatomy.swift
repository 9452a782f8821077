internal import Autodiff
internal import Learning

/// A step's loss taken apart, at the weights as they are now.
public struct LossAnatomy: Sendable {
    /// One term of the loss.
    public struct Part: Sendable {
        public let name: String
        /// Unweighted.
        public let value: Float
        /// What it counts in the total.
        public let weight: Float
        /// The norm over all trained parameters of the weighted term's gradient.
        public let gradientNorm: Double
    }

    /// Samples.
    public let batch: Int
    public let total: Float
    public let parts: [Part]
    /// The contrastive loss of guessing; nil where nothing is contrasted.
    public let chance: Float?
}

extension Trainer {
    /// The loss of the batch that would come next, term by term: a forward and a backward pass for each. Nothing is learned and
    /// the order of samples stays.
    public func anatomy() throws -> LossAnatomy {
        let before = stage.position
        defer { stage.position = before }
        let batch = stage.nextBatch()
        let start = stage.position
        // Whatever is random in a stage is the same for every term.
        func loss(on tape: Tape) throws -> StageLoss {
            stage.position = start
            return try stage.loss(of: batch, on: tape)
        }
        let whole = try loss(on: tape())
        let parts = try whole.terms.indices.map { index in
            let tape = tape()
            let term = try loss(on: tape).terms[index]
            let weight = options.weight(of: term.name, in: stage.kind)
            let norm = tape.gradients(of: term.value).globalNorm
            if let failure = tape.failure { throw failure }
            return LossAnatomy.Part(
                name: term.name, value: term.value.value.item, weight: weight, gradientNorm: Double(weight) * norm)
        }
        return LossAnatomy(batch: batch.count, total: whole.total.value.item, parts: parts, chance: whole.chance)
    }
}

extension TrainingOptions {
    /// What a term of a stage's loss counts in its total.
    public func weight(of term: String, in stage: StageKind) -> Float {
        let held = stage == .tune ? lambda : 1
        return switch term {
        case "ins", "ins_long": held * (instanceWeight ?? 1)
        case "struct": held * structWeight
        default: stage == .tune ? infoWeight ?? 1 : 1
        }
    }
}
