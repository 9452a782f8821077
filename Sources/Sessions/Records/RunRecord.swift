import Archive
import Foundation
import Language
import Rendering

/// The folder of a recorded run: `recipe.pcl` as run (`recipe.md` where it was literate), `record.json`, `metrics.jsonl`, the same for
/// TensorBoard, `report.html`, `checkpoints/`.
public final class RunRecord {
    public let folder: String
    private let started: Date
    private let events: EventFile
    /// SHA-256 of the recipe as run.
    private let recipeHash: String
    /// The files that statements have read, with their SHA-256.
    private var inputs: [(path: String, hash: String)] = []
    /// What the learning verbs resolved their options to, by the name of what was trained.
    private var options: [(name: String, values: JSONValue)] = []

    /// The folder that the run starts in.
    private let workingDirectory: String

    /// Makes the folder and writes the recipe into it, with the parameters' values as they are for this run.
    init(folder: String, recipe: Source, parameters: [ParameterDeclaration], workingDirectory: String) throws {
        (self.folder, self.workingDirectory, started) = (folder, workingDirectory, Date())
        try AtomicWrite.makeFolder(folder + "/checkpoints", for: folder)
        events = try EventFile(in: folder, at: started)
        let changed = parameters.filter { $0.value != $0.default }
        let text = recipe.replacing(changed.map { ($0.span, $0.value.canonical) })
        recipeHash = SHA256Hash.of(bytes: Data(text.utf8))
        try AtomicWrite.replace(folder + (recipe.isLiterate ? "/recipe.md" : "/recipe.pcl"), with: Data(text.utf8))
        try Data().write(to: URL(filePath: metricsPath))
    }

    public var checkpoints: String { folder + "/checkpoints" }
    private var metricsPath: String { folder + "/metrics.jsonl" }

    /// Adds the numbers of a step of a run to `metrics.jsonl` and to TensorBoard's file.
    func append(_ values: [(name: String, value: Double)], of name: String, step: Int) throws {
        let head: [(String, JSONValue)] = [("name", .string(name)), ("step", .integer(step))]
        let line = JSONValue.object(head + values.map { ($0.name, .number($0.value)) })
        try Data((line.text + "\n").utf8).append(to: metricsPath)
        try events.append(values.map { ("\(name)/\($0.name)", $0.value) }, step: step)
    }

    /// Notes a file that a statement reads, as seen from the working directory or the home folder if it lies there.
    func note(input path: String, hash: String) {
        let path = CheckContext.shown(path, from: workingDirectory)
        guard !inputs.contains(where: { $0.path == path }) else { return }
        inputs.append((path, hash))
    }

    /// Notes what the options of a training were resolved to.
    func note(options values: JSONValue, of name: String) {
        options.append((name, values))
    }

    /// What a file that this run writes says of it: the recipe's hash and those of the files read so far.
    var origin: [(String, JSONValue)] { [("recipe_sha256", .string(recipeHash)), ("inputs", inputList)] }

    private var inputList: JSONValue {
        .array(inputs.map { .object([("path", .string($0.path)), ("sha256", .string($0.hash))]) })
    }

    /// Writes `record.json` and `report.html`.
    func finish(
        _ results: [StatementResult], parameters: [ParameterDeclaration], transcript: Transcript, status: ExitStatus
    ) throws {
        let named = results.filter { $0.name != nil && !$0.fields.isEmpty }
        let statements = results.map { result in
            let error = if case .failure(let diagnostic) = result.outcome { diagnostic.code.rawValue } else { "" }
            return JSONValue.object(
                [
                    ("n", .integer(result.n)), ("statement", .string(result.statement)),
                    ("seconds", .number(result.seconds)),
                ] + (error.isEmpty ? [] : [("error", .string(error))]))
        }
        let record = JSONValue.object([
            ("started", .string(started.ISO8601Format())), ("seconds", .number(-started.timeIntervalSinceNow)),
            ("exit_status", .integer(Int(status.rawValue))), ("program", .string("proclip \(Session.version)")),
            ("machine", Machine.description),
            ("parameters", .object(parameters.map { ($0.name, .string($0.value.canonical)) })),
            (
                "options",
                .array(options.map { .object([("name", .string($0.name)), ("values", $0.values)]) })
            ),
            ("recipe_sha256", .string(recipeHash)), ("inputs", inputList),
            ("peak_memory_bytes", .integer(Machine.peakMemory)), ("statements", .array(statements)),
            (
                "results",
                .array(
                    named.map { result in
                        .object([
                            ("name", .string(result.name ?? "")),
                            ("fields", .object(result.fields.map { ($0, JSONValue($1)) })),
                        ])
                    })
            ),
        ])
        try AtomicWrite.replace(folder + "/record.json", with: Data((record.text + "\n").utf8))
        var report = transcript.notebook(title: URL(filePath: folder).lastPathComponent)
        report.cells.insert(.prose(summary(parameters, status)), at: 0)
        for case .failure(let diagnostic) in results.map(\.outcome) {
            report.cells.append(.prose(Notebook.fence("", diagnostic.rendered())))
        }
        try AtomicWrite.replace(folder + "/report.html", with: Data(NotebookFormat.html.document(report).utf8))
    }

    /// What stands above the report.
    private func summary(_ parameters: [ParameterDeclaration], _ status: ExitStatus) -> String {
        let seconds = NumberStyle.significant(3).text(-started.timeIntervalSinceNow)
        let values = parameters.map { "\($0.name)=\($0.value.canonical)" }.joined(separator: " ")
        return [
            "- run of \(started.ISO8601Format()), \(seconds) s, exit status \(status.rawValue)",
            "- proclip \(Session.version), at most \(Memory.text(Machine.peakMemory)) of memory; \(Machine.name)",
            values.isEmpty ? "" : "- parameters: \(values)",
        ].filter { !$0.isEmpty }.joined(separator: "\n")
    }
}
