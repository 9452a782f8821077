internal import Layers
public import Learning
internal import Tensors

/// Which part of the curriculum a training run is.
public enum StageKind: String, Codable, CaseIterable, Sendable {
    /// CLIP from scratch: image and text tower by InfoNCE.
    case pretrain
    /// Stage 1, texts only: the adapter inherits the teacher's text space.
    case distill
    /// Stage 2, pairs: InfoNCE with self-distillation.
    case tune
    /// Before both, texts only: a language model's low-rank adapters by InfoNCE between texts of one meaning.
    case align
}

/// Where the numbers of a run come from before explicit settings.
public enum Preset: String, Codable, CaseIterable, Sendable {
    /// The published values (arXiv 2510.18795, Tab. 8); `pretrain` follows CLIP (arXiv 2103.00020, Tab. 20).
    case paper
    /// Values that suit some thousand small pictures, found on their validation split.
    case pico
}

/// ρ of L_struct by name; `none` trains without it.
public enum StructurePenalty: String, Codable, CaseIterable, Sendable {
    case smoothL1 = "smooth_l1"
    case squared
    case none
}

/// How exactly a run computes the products of its networks. Parameters, moments, norms, softmax and losses are of single
/// precision in either.
public enum TrainingPrecision: String, Codable, CaseIterable, Sendable {
    case fp32
    /// Operands are rounded to bfloat16 before they are multiplied; sums are of single precision.
    case bf16

    var products: ProductPrecision { self == .bf16 ? .bfloat16 : .float32 }
}

/// Everything that a training run can be told, resolved: what a log prints and a checkpoint keeps.
public struct TrainingOptions: Codable, Equatable, Sendable {
    /// `lr`: peak learning rate of the adapter, the logit scale, and of towers that have no rate of their own.
    public var learningRate: Float
    /// `tower_lr`: peak learning rate of the towers; nil for `learningRate`.
    public var towerLearningRate: Float?
    /// `wd`: decoupled weight decay of matrices.
    public var weightDecay: Float
    /// `batch`: samples a step.
    public var batch: Int
    /// `epochs`: passes over the samples.
    public var epochs: Int
    /// `warmup`: steps of linear warm-up before the cosine.
    public var warmup = 0
    /// `clip`: the largest global norm of the gradients; nil for no clipping.
    public var clip: Double?
    /// `loss`: what pairs are contrasted by; nil for the sigmoid loss where the model has a logit bias, else InfoNCE.
    public var loss: ContrastiveLoss?
    /// `reduction`: how L_ins and L_struct gather their terms.
    public var reduction: Reduction
    /// `lambda`: weight of L_reg in stage 2; 0 leaves out the moving average and its forward pass.
    public var lambda: Float
    /// `struct`: ρ of L_struct.
    public var structure: StructurePenalty
    /// `struct_weight`: weight of L_struct beside L_ins.
    public var structWeight: Float
    /// `beta`: where smooth-L1 turns linear.
    public var beta: Float
    /// `ema`: decay of the moving average of the image tower.
    public var ema: Float = 0.999
    /// `teacher`: what L_reg holds the image tower to; nil is its moving average.
    public var teacher: Teacher?
    /// `ins_weight`: weight of L_ins in the alignment losses, of which 0 leaves it out; nil is 1.
    public var instanceWeight: Float?
    /// `info_weight`: weight of the contrastive loss in stage 2, of which 0 leaves it out; nil is 1.
    public var infoWeight: Float?
    /// `standardise`: the embedder's output is standardised per dimension before its L2-normalisation.
    public var standardise: Bool
    /// `blocks`: residual blocks of a new adapter.
    public var blocks = 4
    /// `expansion`: hidden width of an adapter's block over its width.
    public var expansion = 2
    /// `micro`: samples that pass the networks at a time in stage 2, whose loss is still that of the whole batch; nil for all.
    public var micro: Int?
    /// `recompute`: blocks of layers keep only their inputs and are computed again on the way back; nil is false.
    public var recompute: Bool?
    /// `precision`: of the networks' products, forward and back; nil is `fp32`.
    public var precision: TrainingPrecision?
    /// `seed`: of new parameters, the order of samples and augmentation.
    public var seed: UInt64 = 0
    /// `stop`: end after this many steps with a checkpoint to resume from; nil for the whole run.
    public var stop: Int?
    /// `stop=drop:SHARE`: end likewise once the canary has lost this share of its highest reading; nil for never.
    public var drop: Double?

    /// The defaults of a stage. Weights of the alignment losses follow the reduction, so that `mean` keeps the balance
    /// that the paper's sums have at its own batch: 128 samples a device in stage 1, 512 in stage 2.
    public init(stage: StageKind, preset: Preset = .paper, reduction: Reduction = .mean) {
        let reference = stage == .distill ? 128 : 512
        self.reduction = reduction
        lambda = reduction == .sum ? 4e-4 : 4e-4 * Float(reference)
        structWeight = reduction == .sum ? 1 : Reduction.structWeight(batch: reference)
        structure = .smoothL1
        switch preset {
        case .paper:
            (learningRate, weightDecay, beta, standardise) = (1e-5, 0.05, 1, false)
            (batch, epochs) = (stage == .distill ? 1024 : 4096, 4)
        case .pico:
            (learningRate, weightDecay, beta, standardise) = (1e-3, 0.1, 0.1, true)
            // A fresh adapter collapses at these rates without a warm-up.
            (batch, epochs, warmup) = stage == .distill ? (512, 40, 40) : (256, 4, 10)
            if stage == .tune { towerLearningRate = 3e-4 }
        }
        if stage == .pretrain {
            weightDecay = preset == .paper ? 0.2 : 0.1
            (epochs, warmup) = preset == .paper ? (32, 2000) : (30, 50)
            learningRate = preset == .paper ? 5e-4 : 1e-3
        }
        if stage == .align {
            weightDecay = 0
            // BehnamGhader et al., 2024 (arXiv 2404.05961), supervised SimCSE.
            (learningRate, batch, epochs, warmup) = preset == .paper ? (2e-4, 512, 1, 0) : (1e-3, 64, 6, 10)
        }
    }

    /// L_dis of stage 1 or L_reg of stage 2 with these settings.
    public var alignment: Alignment {
        let penalty: Penalty? =
            switch structure {
            case .smoothL1: .smoothL1(beta: beta)
            case .squared: .squared
            case .none: nil
            }
        return Alignment(
            penalty: penalty, reduction: reduction, structWeight: structWeight, instanceWeight: instanceWeight ?? 1)
    }

    /// The contrastive loss of a model with these settings. Throws `TrainingError.invalidOption` for a sigmoid loss without
    /// a bias.
    func contrastive(_ logitScale: Parameter, _ logitBias: Parameter?) throws -> Contrastive {
        if loss == .sigmoid, logitBias == nil {
            throw TrainingError.invalidOption(
                key: "loss", value: ContrastiveLoss.sigmoid.rawValue, expected: "give a model with a logit bias")
        }
        return Contrastive(logitScale: logitScale, logitBias: loss == .infonce ? nil : logitBias)
    }

    /// The peak learning rate of the parameter at a path.
    func peakRate(_ path: String) -> Float {
        let isTower = path.hasPrefix("image/") || path.hasPrefix("text/")
        return isTower ? towerLearningRate ?? learningRate : learningRate
    }
}
