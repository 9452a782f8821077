import Foundation
internal import ProCLIP
internal import Rendering

/// What a handle's own numbers say.
struct LiveReading {
    private let handle: Handle
    private let session: Session
    private let style = NumberStyle.significant(3)

    init(_ handle: Handle, in session: Session) { (self.handle, self.session) = (handle, session) }

    func text(_ depth: Explanation.Depth) throws -> String {
        guard let content = handle.content else { return handle.name }
        var lines = ["\(handle.name): \(content.summary)"]
        if depth == .sentence { return lines[0] }
        if let trained = content as? any TrainedContent { lines += training(trained, depth) }
        lines += scale(content.fields)
        if content.kind == .result { lines += numbers(content.fields, depth) }
        if let statement = session.bindings[handle.name]?.statement { lines.append("made by: \(statement)") }
        if content.kind != .result, !(content is any TrainedContent), content.kind != .run {
            lines.append("\(content.kind.rawValue): \(content.kind.meaning)")
        }
        return lines.joined(separator: "\n")
    }

    // MARK: What was trained

    private func training(_ content: any TrainedContent, _ depth: Explanation.Depth) -> [String] {
        guard let training = content.training, let first = content.history.first, let last = content.history.last else {
            return ["it was not trained in this session, so there is no loss to take apart"]
        }
        let name =
            [StageKind.distill: "L_dis", .tune: "L_tune", .pretrain: "L_info", .align: "InfoNCE"][training.stage] ?? ""
        var lines = [
            "its loss \(name) went from \(style.text(Double(first.loss))) to \(style.text(Double(last.loss))) in "
                + "\(last.step) steps"
        ]
        let anatomy: LossAnatomy
        do { anatomy = try training.anatomy() } catch {
            return lines + ["it cannot be taken apart any more: \(error)"] + canary(training.readings)
        }
        lines.append("the loss of the next batch of \(anatomy.batch), taken apart at the weights as they are now:")
        let total = anatomy.parts.map { Double($0.value * $0.weight) }.reduce(0, +)
        for part in anatomy.parts {
            let (weight, weighted) = (Double(part.weight), Double(part.value * part.weight))
            let share = total > 0 ? "\(NumberStyle.percent(0).text(weighted / total)) % of the loss" : "no loss"
            lines.append(
                "    \(part.name): \(style.text(Double(part.value))) x \(style.text(weight)) = \(style.text(weighted)), \(share); "
                    + "its gradient has the norm \(style.text(part.gradientNorm))")
        }
        if let strongest = anatomy.parts.max(by: { $0.gradientNorm < $1.gradientNorm }), anatomy.parts.count > 1 {
            let others = anatomy.parts.filter { $0.name != strongest.name }.map(\.gradientNorm).max() ?? 0
            let times = others > 0 ? ", \(style.text(strongest.gradientNorm / others)) times the next" : ""
            lines.append("\(strongest.name) dominates the gradient\(times)")
        }
        if let chance = anatomy.chance, let info = anatomy.parts.first { lines += against(chance, info, anatomy.batch) }
        lines += canary(training.readings)
        guard depth == .mathematics else { return lines }
        return lines + anatomy.parts.compactMap { Concept.named($0.name)?.mathematics }
    }

    private func against(_ chance: Float, _ info: LossAnatomy.Part, _ batch: Int) -> [String] {
        let share = exp(-Double(info.value))
        let verdict =
            info.value > chance
            ? "worse than guessing" : info.value > chance * 0.9 ? "hardly better than guessing" : "better than guessing"
        return [
            "\(info.name) \(style.text(Double(info.value))) against ln \(batch) = \(style.text(Double(chance))): \(verdict); the right caption "
                + "gets \(NumberStyle.percent(1).text(share)) % of the probability in the geometric mean, guessing gives "
                + "\(NumberStyle.percent(1).text(1 / Double(batch))) %"
        ]
    }

    private func canary(_ readings: [CanaryReading]) -> [String] {
        guard let forgotten = readings.forgotten else { return [] }
        return [
            "canary: \(forgotten.name) is \(style.text(forgotten.last)), its highest was \(style.text(forgotten.highest)); "
                + "\(NumberStyle.percent(0).text(forgotten.share)) % of that is lost"
        ]
    }

    private func scale(_ fields: Fields) -> [String] {
        guard case .number(let scale)? = fields["logit_scale"] else { return [] }
        let factor = exp(scale)
        return [
            "logit_scale \(style.text(scale)): cosines count \(style.text(factor)) times (temperature \(style.text(1 / factor))); "
                + "a lead of 0.01 makes a caption \(style.text(exp(factor / 100))) times as likely"
        ]
    }

    // MARK: What was judged

    /// Each number that a concept belongs to, beside chance where the pool's size is known.
    private func numbers(_ fields: Fields, _ depth: Explanation.Depth) -> [String] {
        var lines: [String] = []
        var concepts: [Concept] = []
        for (name, value) in fields {
            guard case .number(let number) = value else { continue }
            let parts = name.split(separator: ".").map(String.init)
            guard let metric = parts.last, let concept = Concept.metrics.first(where: { $0.names.contains(metric) }),
                !["cka", "seconds"].contains(metric) || parts.count < 3
            else { continue }
            if !concepts.contains(where: { $0.names == concept.names }) { concepts.append(concept) }
            // Of several sets or models only the two numbers that stand for the others.
            guard parts.count == 1 || ["mean_recall", "acc1", "cka"].contains(metric) else { continue }
            let group = parts.dropLast().map { $0 + "." }.joined()
            lines.append("    \(name) \(style.text(number))" + beside(metric, number, group, fields))
        }
        let told = depth == .mathematics ? concepts.map(\.mathematics) : concepts.map(\.sentence)
        return lines.isEmpty ? ["its fields: \(fields.names.joined(separator: ", "))"] : told + lines
    }

    private func beside(_ metric: String, _ value: Double, _ group: String, _ fields: Fields) -> String {
        func count(_ name: String) -> Double? {
            if case .integer(let count)? = fields[group + name] { Double(count) } else { nil }
        }
        // A mean over several pools has no chance of its own.
        let isMean = fields.names.contains {
            $0 != group + metric && $0.hasPrefix(group) && $0.hasSuffix(".\(metric)")
        }
        guard !isMean else { return "" }
        var chance: Double?
        if metric.hasPrefix("acc") { chance = count("n_classes").map { (Double(metric.dropFirst(3)) ?? 1) / $0 } }
        if let rank = metric.split(separator: "@").last.flatMap({ Double($0) }), metric.contains("@") {
            chance = count(metric.hasPrefix("text") ? "n_texts" : "n_images").map { rank / $0 }
        }
        guard let chance, chance > 0 else { return "" }
        return ", \(style.text(value / chance)) times chance (\(style.text(chance)))"
    }
}
