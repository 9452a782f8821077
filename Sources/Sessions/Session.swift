internal import Archive
public import Foundation
public import Language
public import ProCLIP
public import Rendering

/// A conversation with the program: handles, variables, settings, and the one way in which statements run. The prompt, a
/// recipe, `-c`, tests and tutorials all go through `execute`; it knows no terminal.
public final class Session {
    /// The program's version.
    public static let version = "0.1.0"

    public let commands: CommandTable
    public internal(set) var bindings = Bindings()
    public internal(set) var variables: [String: Value] = [:]
    /// The parameters that recipes have declared, in order.
    public internal(set) var parameters: [ParameterDeclaration] = []
    public var places: Places
    public var workingDirectory: String
    /// What the command line sets parameters to: `NAME=VALUE` by name, kept as sources for diagnostics.
    public internal(set) var overrides: [String: Source] = [:]
    /// Raised to end the running statement.
    public let stop: StopFlag
    /// Receives the course of long statements.
    public var progress: (Progress) -> Void = { _ in }
    /// Receives the sentences that long statements say on their way.
    public var log: (String) -> Void = { _ in }
    /// Receives such a sentence with a drawing that takes the place of the statement's last one.
    public var watch: (_ sentence: String, _ drawing: Reply) -> Void = { _, _ in }
    public var prompter: (any Prompter)?
    /// Where a recorded run keeps its files; nil when nothing is recorded.
    public internal(set) var record: RunRecord?
    /// The checkpoint from which the next training run continues instead of starting anew.
    var resumedCheckpoint: String?
    /// The folder in which training runs that are only done again find what they had come to.
    var keptCheckpoints: String?
    /// The statements that have succeeded, for `%save`, `%log` and `check`.
    public internal(set) var transcript = Transcript()
    /// What was typed at the prompt, by the number that stood there, and the statements that it stands for.
    public internal(set) var inputs: [(number: Int, typed: String, text: String)] = []
    /// The number of the next input; all that it answers bears that number, too.
    public var inputNumber: Int { inputs.count + 1 }
    /// Whether long answers go through a pager.
    public internal(set) var usesPager = true
    /// Where `%log on` adds statements.
    var transcriptLog: TranscriptLog?
    /// How far decimals may differ when kept outputs are compared, relative to their size.
    var tolerance = OutputComparison.usualTolerance
    /// The tutorial that is being walked through.
    var lesson: Lesson?
    /// Where a recorded replay or a lesson keeps finished trainings and finds those that nothing has changed in.
    var trainedStore: TrainedStore?
    /// Files of cached vectors that are open.
    let openedEmbeddings = OpenedEmbeddings()
    /// The variables of the loops that are running, the outermost first.
    var loopVariables: [String] = []
    /// How many recipes and inputs are running within each other.
    var depth = 0
    /// Whether training stops after a few steps that are timed and dropped.
    var isRehearsing = false
    /// Set by `quit`.
    public internal(set) var isFinished = false
    /// How many statements have run.
    public private(set) var count = 0

    public init(
        commands: CommandTable = .standard, workingDirectory: String = FileManager.default.currentDirectoryPath,
        environment: [String: String] = ProcessInfo.processInfo.environment, stop: StopFlag = StopFlag()
    ) {
        self.commands = commands
        self.workingDirectory = workingDirectory
        self.stop = stop
        places = Places(environment: environment, workingDirectory: workingDirectory)
    }

    /// Sets a parameter from the command line's `NAME=VALUE`.
    public func override(_ assignment: String) throws(Diagnostic) {
        let source = Source(name: "-p", text: assignment, literate: false)
        guard let equals = assignment.firstIndex(of: "="), Parser.isName(String(assignment[..<equals])) else {
            throw Diagnostic(
                .missingValue, "a parameter is set with NAME=VALUE", at: Span(0, assignment.utf8.count), in: source)
        }
        overrides[String(assignment[..<equals])] = source
    }

    /// Checks and runs a text. It stops at the first error; each result is reported as soon as it is there.
    ///
    /// A statement typed at a prompt (a source with one) may abbreviate its verb and keys.
    @discardableResult
    public func execute(_ source: Source, report: @escaping (StatementResult) -> Void = { _ in }) -> [StatementResult] {
        stop.lower()
        if source.prompt != nil { noteInput(source) }
        var run = Run(session: self, report: report)
        switch Parser.parse(source) {
        case .incomplete(let diagnostic), .failed(let diagnostic): run.refuse([diagnostic])
        case .complete(let parsed):
            let statements = expanded(parsed, of: source)
            let diagnostics = check(statements, in: source).diagnostics
            if diagnostics.isEmpty { run.transcribe(statements, in: source) } else { run.refuse(diagnostics) }
        }
        return run.results
    }

    private func noteInput(_ source: Source) { inputs.append((inputNumber, source.typed, source.text)) }

    /// Statements from a prompt may abbreviate.
    func expanded(_ statements: [Statement], of source: Source) -> [Statement] {
        source.prompt == nil ? statements : statements.map { Abbreviations(commands).expanded($0) }
    }

    /// What a check of statements finds, without running any of them.
    public struct CheckResult: Sendable {
        public let diagnostics: [Diagnostic]
        public let parameters: [ParameterDeclaration]
        /// The statements that will run.
        var steps: [RecipePlan.Step] = []
    }

    /// Checks a text as far as it can be without work.
    /// - `expectingFiles`: whatever is missing is taken as there.
    public func check(_ source: Source, expectingFiles: Bool = false) -> CheckResult {
        switch Parser.parse(source) {
        case .incomplete(let diagnostic), .failed(let diagnostic):
            CheckResult(diagnostics: [diagnostic], parameters: [])
        case .complete(let statements): check(statements, in: source, expectingFiles: expectingFiles)
        }
    }

    func check(_ statements: [Statement], in source: Source, expectingFiles: Bool = false) -> CheckResult {
        var context = context
        context.expectsFiles = expectingFiles
        var checker = Checker(context: context, commands: commands, overrides: overrides)
        checker.check(statements, in: source)
        return CheckResult(
            diagnostics: checker.diagnostics, parameters: checker.parameters, steps: checker.steps)
    }

    /// A recipe's text.
    public static func recipe(_ path: String) throws(Diagnostic) -> Source {
        do throws(ArchiveError) {
            let text = try TextFile.read(path)
            if path.hasSuffix(".html") {
                throw ArchiveError.foreign(path, expected: "a recipe (.pcl, .md or .ipynb)")
            }
            guard path.hasSuffix(".ipynb") else { return Source(name: path, text: text) }
            guard let recipe = NotebookFormat.ipynb.recipe(text) else {
                throw .foreign(path, expected: "a Jupyter notebook of nbformat 4")
            }
            return Source(name: path, text: recipe, literate: true)
        } catch {
            let named = Source(name: "recipe", text: path, literate: false)
            let span = Span(0, path.utf8.count)
            throw switch error {
            case .missingFile: Diagnostic(.missingFile, "there is no recipe \(path)", at: span, in: named)
            case .foreign: Diagnostic(.unexpectedCharacter, error.description, at: span, in: named)
            default: Diagnostic(.failedWork, error.description, at: span, in: named)
            }
        }
    }

    /// The statements on standard input.
    public static func standardInput() throws(Diagnostic) -> Source {
        let name = "standard input"
        do throws(ArchiveError) {
            return Source(name: name, text: try TextFile.read(descriptor: 0, named: name))
        } catch {
            let code: Diagnostic.Code = if case .foreign = error { .unexpectedCharacter } else { .failedWork }
            throw Diagnostic(code, error.description, at: Span(0, 0), in: Source(name: name, text: ""))
        }
    }

    /// What names and files mean now.
    var context: CheckContext {
        CheckContext(
            variables: variables,
            handles: Dictionary(bindings.entries.map { ($0.handle.name, $0.handle) }, uniquingKeysWith: { $1 }),
            lastName: bindings.lastName, workingDirectory: workingDirectory, places: places)
    }

    func countStatement() -> Int {
        count += 1
        return count
    }
}
