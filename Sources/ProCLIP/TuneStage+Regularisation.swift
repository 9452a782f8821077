internal import Inputs
internal import Layers
internal import Learning
internal import Tensors
internal import Towers

/// Where the targets of L_reg come from.
public enum Teacher: String, Codable, CaseIterable, Sendable {
    /// The moving average of the image tower: the paper's form.
    case ema
    /// The image tower as tuning found it.
    case initial
    /// The same, whose features of all pictures are computed once: without its forward pass in every step.
    case cached
}

extension TuneStage {
    /// L_reg: the loss that holds the image tower to its teacher.
    struct Regularisation {
        let alignment: Alignment
        let lambda: Float
        let source: Source
        /// Of the tower's trained parameters; nil where the teacher stays as it is.
        let average: MovingAverage?

        /// Whether pictures pass a second tower in every step.
        var hasTower: Bool { if case .tower = source { true } else { false } }

        enum Source {
            case tower(VisionTransformer)
            /// [N, D] of every picture.
            case features(Tensor)
        }

        /// - `twin`: a second image tower of the same values.
        /// - `trained`: the paths that the optimiser changes.
        init(
            _ twin: ImageTower, data: PairDataset, trained: Set<String>, options: TrainingOptions
        ) throws {
            (alignment, lambda) = (options.alignment, options.lambda)
            let teacher = options.teacher ?? .ema
            source =
                teacher == .cached
                ? .features(try Features().images(of: data, by: twin.image)) : .tower(twin.image)
            average =
                teacher == .ema
                ? MovingAverage(in: twin.parameters.filter { trained.contains($0.path) }, decay: options.ema) : nil
        }
    }
}
