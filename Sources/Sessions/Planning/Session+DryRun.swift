public import Language
public import Rendering

/// What is known of a recipe before it runs (`--dry`).
public struct DryRun: Sendable {
    /// Its mistakes.
    public let diagnostics: [Diagnostic]
    /// What it names that is not on this machine.
    public let missing: [Diagnostic]
    /// What is missing and what its statements will take; nil where there is nothing to say.
    public let reply: Reply?
}

extension Session {
    /// Checks a recipe completely without running it. Data and models that are missing are no mistakes: the rest is checked as
    /// if they were there.
    public func dryRun(recipe path: String) -> DryRun {
        let strict = check(recipe: path)
        let isAbsence = { (diagnostic: Diagnostic) in
            diagnostic.code == .missingFile || diagnostic.code == .missingModel
        }
        let checked = strict.diagnostics.contains(where: isAbsence) ? check(recipe: path, expectingFiles: true) : strict
        let missing = strict.diagnostics.filter { isAbsence($0) && !checked.diagnostics.contains($0) }
        guard checked.diagnostics.isEmpty else {
            return DryRun(diagnostics: checked.diagnostics, missing: missing, reply: nil)
        }
        var plan = RecipePlan(absolute: context.absolute)
        for step in checked.steps { plan.add(step, loaded: loaded(step)) }
        var reply = plan.rows.isEmpty ? nil : plan.reply(speed: RecipePlan.measuredSpeed())
        if !missing.isEmpty {
            let sentences = missing.map { $0.message + ($0.help.map { " (\($0))" } ?? "") }.uniqued
            let note = "checked as if these were there:\n" + sentences.map { "  " + $0 }.joined(separator: "\n")
            reply = Reply([.note(note)] + (reply?.blocks ?? []), fields: reply?.fields ?? [:])
        }
        return DryRun(diagnostics: [], missing: missing, reply: reply)
    }

    /// What a statement loads, where that takes no time.
    private func loaded(_ step: RecipePlan.Step) -> (any HandleContent)? {
        guard step.verb == "load" else { return nil }
        let isQuick =
            switch step.arguments.text("kind") {
            case "clip", "tower", "embedder": true
            case "pairs": step.arguments.text("where").map { $0.hasSuffix(".h5") } ?? false
            default: false
            }
        guard isQuick, let command = commands[step.verb] else { return nil }
        return try? command.run(step.arguments, in: self).content
    }
}
