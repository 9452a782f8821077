import Glibc
public import Language
internal import ProCLIP
public import Rendering
public import Sessions
internal import Tensors

/// What stands between a session and the outside: a terminal with a prompt, or a recipe's text and a status.
public final class Shell {
    private let session: Session
    private let terminal: Terminal
    private let presenter: Presenter

    public init(session: Session, format: OutputFormat = .table, terminal: Terminal) {
        self.session = session
        self.terminal = terminal
        presenter = Presenter(format: format, terminal: terminal)
        session.progress = { [presenter] in presenter.show($0) }
        session.log = { [presenter] in presenter.show(log: $0) }
        session.watch = { [presenter] in presenter.show(log: $0, with: $1) }
        Signals.install()
        nonisolated(unsafe) let lastWords = { [presenter] in presenter.show(outOfMemory: $0, statement: session.count) }
        Storage.whenRefused { byteCount in
            lastWords(byteCount)
            _exit(ExitStatus.failed.rawValue)
        }
    }

    public func show(_ reply: Reply) { presenter.show(reply) }
    public func show(_ diagnostic: Diagnostic) { presenter.show(diagnostic) }

    // MARK: Without a prompt

    /// Runs a text to its end or its first error.
    public func replay(_ source: Source) -> ExitStatus {
        replay { session.execute(source, report: $0) }
    }

    /// Runs what standard input says.
    public func replayStandardInput() -> ExitStatus {
        do throws(Diagnostic) { return replay(try Session.standardInput()) } catch {
            show(error)
            return ExitStatus(error.code)
        }
    }

    /// Runs the recipe of a file and keeps its record in a folder.
    /// - `files`: where the recipe goes with its answers, in the form that each ending says.
    public func replay(recipe path: String, recordingTo folder: String, savingTo files: [String], reusing: Bool)
        -> ExitStatus
    {
        saving(to: files) {
            replay { session.replay(path, recordingTo: folder, reusing: reusing, report: $0) }
        }
    }

    /// Does work whose transcript then goes to files, which are tried before.
    private func saving(to files: [String], _ work: () -> ExitStatus) -> ExitStatus {
        func attempt(_ write: (String) throws -> Void) -> ExitStatus? {
            for file in files {
                do { try write(file) } catch {
                    Stream.error.writeLine("\(file): \(error)")
                    return .usage
                }
            }
            return nil
        }
        if let failure = attempt(session.checkTranscript) { return failure }
        let status = work()
        return session.transcript.entries.isEmpty ? status : attempt(session.saveTranscript) ?? status
    }

    /// Runs the recipe of a file and compares what it answers with what the file keeps.
    public func check(outputsOf path: String, rewriting: Bool, savingTo files: [String]) -> ExitStatus {
        saving(to: files) { check(outputsOf: path, rewriting: rewriting) }
    }

    private func check(outputsOf path: String, rewriting: Bool) -> ExitStatus {
        var check: OutputCheck?
        let status = replay { report in
            let result = session.check(outputsOf: path, rewriting: rewriting) { result in
                if case .failure = result.outcome { report(result) }
            }
            check = result
            return []
        }
        guard let check else { return status }
        for mismatch in check.mismatches { presenter.show(mismatch) }
        if check.status == .ok || check.status == .mismatch { show(.note(check.summary)) }
        return status == .ok ? check.status : status
    }

    /// A third Ctrl-C in a row, for work that does not stop, ends the program at once: every file is whole at any time.
    private func replay(_ work: (@escaping (StatementResult) -> Void) -> [StatementResult]) -> ExitStatus {
        let results = interruptibly(
            onRequest: { stop in
                if stop.isUrgent { _exit(ExitStatus.interrupted.rawValue) }
            }, work)
        return Signals.isTerminated ? .terminated : results.exitStatus
    }

    // MARK: With a prompt

    /// Reads and runs statements until the user leaves.
    /// - Parameter readsInitialFile: whether to run the user's `init.pcl` first, where there is one.
    public func converse(readsInitialFile: Bool) -> ExitStatus {
        if readsInitialFile, let path = Shell.initialFile { runInitialFile(path) }
        let history = History.userPath.map(History.init)
        let reader = LineReader(terminal: terminal, history: history?.load() ?? []) { [session] in
            session.completions(endOf: $0)
        }
        var lastEntry: String?
        session.prompter = TerminalPrompter(reader: reader)
        presenter.isConversation = true
        while !session.isFinished && !Signals.isTerminated {
            let prompt = "In [\(session.inputNumber)]: "
            switch statement(reader, prompt: prompt) {
            case .text(let text):
                guard text.contains(where: { !$0.isWhitespace }) else { continue }
                if text != lastEntry {
                    reader.remember(text)
                    history?.append(text)
                    lastEntry = text
                }
                if let command = Shell.systemCommand(text) {
                    let folder = session.workingDirectory.replacing("'", with: "'\\''")
                    system("cd '\(folder)' && \(command)")
                    continue
                }
                presenter.wasTyped(text)
                execute(session.source(typed: text, prompt: prompt))
            case .interrupted(let wasEmpty):
                if wasEmpty { Stream.error.writeLine("to leave, type quit or press Ctrl-D") }
            case .endOfInput: return .ok
            case .terminated: return .terminated
            }
        }
        return Signals.isTerminated ? .terminated : .ok
    }

    /// There need be none; one that cannot be read is told.
    private func runInitialFile(_ path: String) {
        do throws(Diagnostic) { execute(try Session.recipe(path)) } catch {
            if error.code != .missingFile { show(error) }
        }
    }

    /// Lines until they make a statement, or a mistake that more lines do not mend.
    private func statement(_ reader: LineReader, prompt: String) -> LineReader.Line {
        var text = ""
        let continuation = Shell.continuation(of: prompt)
        while true {
            let line = reader.read(prompt: text.isEmpty ? prompt : continuation, after: text)
            guard case .text(let typed) = line else {
                if line == .endOfInput && !text.isEmpty { return .text(text) }
                return text.isEmpty ? line : line.inUnfinishedStatement
            }
            text += typed
            guard Shell.systemCommand(text) == nil,
                case .incomplete = Parser.parse(session.source(typed: text, prompt: prompt))
            else {
                return .text(text)
            }
            text += "\n"
        }
    }

    /// What stands before the later lines of a statement.
    static func continuation(of prompt: String) -> String {
        "...: ".padded(toWidth: prompt.displayWidth, .trailing)
    }

    /// What stands behind a `!`, for the system's own shell.
    private static func systemCommand(_ text: String) -> String? {
        let line = text.drop(while: \.isWhitespace)
        return line.first == "!" ? String(line.dropFirst()) : nil
    }

    /// `$XDG_CONFIG_HOME/proclip/init.pcl`, by default under `~/.config`.
    private static var initialFile: String? {
        let folder = Terminal.variable("XDG_CONFIG_HOME") ?? Terminal.variable("HOME").map { $0 + "/.config" }
        return folder.map { $0 + "/proclip/init.pcl" }
    }

    // MARK: Both

    private func execute(_ source: Source) {
        interruptibly { session.execute(source, report: $0) }
    }

    /// Works and shows each result as it comes, while Ctrl-C asks to stop: first after the running step, then at its
    /// next operation.
    @discardableResult
    private func interruptibly(
        onRequest: @escaping @Sendable (StopFlag) -> Void = { _ in },
        _ work: (@escaping (StatementResult) -> Void) -> [StatementResult]
    ) -> [StatementResult] {
        let stop = session.stop
        return InterruptWatch.watching { request in
            onRequest(stop)
            if !stop.isRaised { stop.raise() }
            if request == .abandon && !stop.isUrgent { stop.raise() }
        } while: {
            work { [presenter, session] in
                presenter.usesPager = session.usesPager
                presenter.show($0, number: session.inputs.count)
            }
        }
    }
}

extension LineReader.Line {
    /// Ctrl-C behind the first line always drops something.
    fileprivate var inUnfinishedStatement: Self {
        if case .interrupted = self { return .interrupted(wasEmpty: false) }
        return self
    }
}
