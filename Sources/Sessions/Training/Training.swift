internal import ProCLIP
internal import Rendering

/// How something was trained, for whoever explains or draws it.
struct Training: @unchecked Sendable {
    // What `anatomy` captures is built anew for each call.
    let stage: StageKind
    let options: TrainingOptions
    /// What its steps have taken.
    let seconds: Double
    let readings: [CanaryReading]
    let watched: Watched?
    /// The loss of the next batch term by term. Throws where the checkpoint is gone that it is taken from.
    let anatomy: () throws -> LossAnatomy

    /// The heat maps that were watched.
    func drawings(of name: String) -> [Matrix] { watched?.matrices(readings, of: name) ?? [] }

    var fields: Fields {
        var fields: Fields = seconds > 0 ? ["seconds": .number(seconds)] : [:]
        fields.append(canaryFields)
        return fields
    }

    /// What the canary came to: the same whenever the training is the same.
    var canaryFields: Fields {
        var fields = Fields()
        for value in readings.last?.values ?? [] { fields["canary.\(value.name)"] = .number(value.value) }
        if let forgotten = readings.forgotten { fields["canary.forgotten"] = .number(forgotten.share) }
        return fields
    }
}

extension CanaryReading {
    /// What a run's record puts between a model's name and a number of its canary.
    static let mark = "/canary."

    var text: String {
        values.map { "\($0.name) \(NumberStyle.fixed(3).text($0.value))" }.joined(separator: "  ")
    }

    var recorded: [(name: String, value: Double)] { values.map { ("canary.\($0.name)", $0.value) } }
}

extension [CanaryReading] {
    /// A course a number, the watched one first.
    var courses: [LossCourse] {
        (first?.values ?? []).indices.map { index in
            LossCourse(
                name: self[0].values[index].name, isTotal: index == 0, steps: map { Double($0.step) },
                values: map { $0.values[index].value })
        }
    }
}
