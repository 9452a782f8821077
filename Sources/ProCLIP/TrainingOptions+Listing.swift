extension TrainingOptions {
    /// The settings that a stage reads, under the names of their keys: what a log prints and a run record keeps.
    public func listed(for stage: StageKind) -> [(key: String, value: String)] {
        var list = [("lr", "\(learningRate)")]
        if stage == .tune { list.append(("tower_lr", "\(towerLearningRate ?? learningRate)")) }
        list += [("wd", "\(weightDecay)"), ("batch", "\(batch)"), ("epochs", "\(epochs)"), ("warmup", "\(warmup)")]
        list.append(("clip", clip.map { "\($0)" } ?? "none"))
        if stage == .pretrain || stage == .tune { list.append(("loss", loss?.rawValue ?? "the model's")) }
        if stage == .tune { list += [("lambda", "\(lambda)"), ("ema", "\(ema)")] }
        if stage == .distill || stage == .tune {
            list += [
                ("reduction", reduction.rawValue), ("struct", structure.rawValue), ("struct_weight", "\(structWeight)"),
                ("beta", "\(beta)"), ("standardise", "\(standardise)"), ("blocks", "\(blocks)"),
                ("expansion", "\(expansion)"),
            ]
        }
        if stage == .tune { list.append(("micro", micro.map { "\($0)" } ?? "none")) }
        list += [("recompute", "\(recompute ?? false)"), ("seed", "\(seed)")]
        // What is seldom told is listed where it is.
        if let precision { list.append(("precision", precision.rawValue)) }
        if stage == .tune {
            if let teacher { list.append(("teacher", teacher.rawValue)) }
            if let infoWeight { list.append(("info_weight", "\(infoWeight)")) }
        }
        if stage == .distill || stage == .tune, let instanceWeight { list.append(("ins_weight", "\(instanceWeight)")) }
        if let stop { list.append(("stop", "\(stop)")) }
        if let drop { list.append(("stop", "drop:\(drop)")) }
        return list
    }

    /// Whether a stage uses the alignment losses, whose reduction is then explained.
    func aligns(in stage: StageKind) -> Bool { stage == .distill || stage == .tune && lambda > 0 }
}
