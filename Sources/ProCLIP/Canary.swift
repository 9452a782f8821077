/// What a training run must not forget: numbers on data that it does not learn from, measured before its first step and
/// after each epoch. The first of them is watched.
public struct Canary {
    /// Of which a lost tenth is warned of.
    static let warningShare = 0.1

    /// What is measured and on what: runs with other canaries are other runs.
    public let hash: String
    /// What it comes to after so many steps; of each number more is better.
    let measure: (_ step: Int) throws -> CanaryReading

    public init(hash: String, measure: @escaping (_ step: Int) throws -> CanaryReading) {
        (self.hash, self.measure) = (hash, measure)
    }
}

/// What a canary came to after some steps.
public struct CanaryReading: Codable, Equatable, Sendable {
    public struct Value: Codable, Equatable, Sendable {
        public let name: String
        public let value: Double

        public init(name: String, value: Double) { (self.name, self.value) = (name, value) }
    }

    /// Steps done: 0 before the first.
    public let step: Int
    /// The watched number first.
    public let values: [Value]
    /// A heat map of some samples, row by row, where one is asked for.
    public let map: [[Float]]?

    public init(step: Int, values: [Value], map: [[Float]]? = nil) {
        (self.step, self.values, self.map) = (step, values, map)
    }
}

extension [CanaryReading] {
    /// The watched number's highest and last value, and the share of the highest that is lost; nil before the first reading.
    public var forgotten: (name: String, highest: Double, last: Double, share: Double)? {
        let watched = compactMap(\.values.first)
        guard let last = watched.last, let highest = watched.map(\.value).max() else { return nil }
        return (last.name, highest, last.value, highest > 0 ? (highest - last.value) / highest : 0)
    }
}

extension Trainer {
    /// Whether the canary has lost the share with which `stop=drop:` ends a run.
    var hasForgotten: Bool {
        guard let limit = options.drop, let forgotten = readings.forgotten else { return false }
        return forgotten.share > limit
    }

    /// Measures the canary where an epoch begins or ends and it was not measured yet. One that is stopped is measured when the
    /// run goes on.
    func readCanary(_ stop: StopFlag, _ observe: (TrainingEvent) -> Void) throws {
        guard let canary, step % stage.stepsPerEpoch == 0, readings.last?.step != step else { return }
        let reading: CanaryReading
        do { reading = try canary.measure(step) } catch  where stop.isRaised { return }
        readings.append(reading)
        observe(.canary(reading))
        guard !hasWarnedOfForgetting, let forgotten = readings.forgotten, forgotten.share > Canary.warningShare else {
            return
        }
        hasWarnedOfForgetting = true
        func text(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
        let advice = stage.kind == .tune ? "lower tower_lr or raise lambda" : "lower lr or give fewer epochs"
        observe(
            .note(
                "step \(step): the canary's \(forgotten.name) fell from \(text(forgotten.highest)) to "
                    + "\(text(forgotten.last)); \(advice); stop=drop:10% pauses such a run"))
    }
}
