/// What a training run must not forget: numbers on data that it does not learn from, measured before its first step and
/// after each epoch. The first of them is watched.
public struct Canary {
    /// Of which a lost tenth is warned of.
    static let warningShare = 0.1

    /// What is measured and on what: runs with other canaries are other runs.
    public let hash: String
    /// Names and values, the watched one first; more is better.
    let measure: () throws -> [(name: String, value: Double)]

    public init(hash: String, measure: @escaping () throws -> [(name: String, value: Double)]) {
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

    public init(step: Int, values: [Value]) { (self.step, self.values) = (step, values) }
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
        let values: [(name: String, value: Double)]
        do { values = try canary.measure() } catch  where stop.isRaised { return }
        let reading = CanaryReading(
            step: step, values: values.map { CanaryReading.Value(name: $0.name, value: $0.value) })
        readings.append(reading)
        observe(.canary(reading))
        guard !hasWarnedOfForgetting, let forgotten = readings.forgotten, forgotten.share > Canary.warningShare else {
            return
        }
        hasWarnedOfForgetting = true
        func text(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
        observe(
            .note(
                "step \(step): the canary's \(forgotten.name) fell from \(text(forgotten.highest)) to "
                    + "\(text(forgotten.last)); lower tower_lr or raise lambda; stop=drop:10% pauses such a run"))
    }
}
