extension TrainingOptions {
    /// Throws the first option that no run of this stage can use.
    public func validate(for stage: StageKind) throws {
        func require(_ condition: Bool, _ key: String, _ value: some CustomStringConvertible, _ expected: String) throws
        {
            if !condition {
                throw TrainingError.invalidOption(key: key, value: value.description, expected: expected)
            }
        }
        for (key, rate) in [("lr", learningRate), ("tower_lr", towerLearningRate ?? 0)] {
            try require(rate.isFinite && rate >= 0, key, rate, "give a learning rate of 0 or more")
        }
        try require(weightDecay.isFinite && weightDecay >= 0, "wd", weightDecay, "give 0 or more")
        try require(batch >= 1, "batch", batch, "give at least 1")
        if stage != .distill && batch < 2 { throw TrainingError.batchTooSmall(stage: stage.rawValue, batch: batch) }
        try require(epochs >= 0, "epochs", epochs, "give 0 or more")
        try require(warmup >= 0, "warmup", warmup, "give 0 steps or more")
        try require(clip.map { $0 > 0 } ?? true, "clip", clip ?? 0, "give a norm above 0")
        try require(lambda.isFinite && lambda >= 0, "lambda", lambda, "give 0 or more")
        try require(structWeight.isFinite && structWeight >= 0, "struct_weight", structWeight, "give 0 or more")
        for (key, weight) in [("ins_weight", instanceWeight), ("info_weight", infoWeight)] {
            try require(weight.map { $0.isFinite && $0 >= 0 } ?? true, key, weight ?? 0, "give 0 or more")
        }
        try require(
            infoWeight != 0 || lambda > 0 || stage != .tune, "info_weight", 0,
            "without L_info and without L_reg nothing is learned")
        try require(
            instanceWeight != 0 || structure != .none && structWeight > 0 || !aligns(in: stage), "ins_weight", 0,
            "without L_ins and without L_struct nothing is aligned")
        try require(beta.isFinite && beta > 0, "beta", beta, "give a value above 0")
        try require(ema >= 0 && ema < 1, "ema", ema, "give a decay from 0 to below 1")
        try require(blocks >= 1, "blocks", blocks, "give at least 1")
        try require(expansion >= 1, "expansion", expansion, "give at least 1")
        try require(micro.map { $0 >= 1 } ?? true, "micro", micro ?? 0, "give at least 1 sample")
        try require(stop.map { $0 >= 1 } ?? true, "stop", stop ?? 0, "give at least 1 step")
    }
}
