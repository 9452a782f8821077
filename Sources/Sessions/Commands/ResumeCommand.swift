import Foundation
public import Language
internal import ProCLIP
internal import Rendering

/// `resume H`
public struct ResumeCommand: Command {
    public let name = "resume"
    public let summary = "continue a paused run from its checkpoint, to the same bits as without the pause"
    public let slots = [
        Slot(
            "handle", .either([.handle([.model, .clip, .embedder]), .existingPath]),
            "a handle that is marked paused, or the checkpoint of an interrupted run")
    ]
    public let examples = ["resume proclip", "resume ./run/checkpoints/proclip.h5 as proclip"]
    public let seeAlso = ["tune", "distill", "pretrain"]

    public func offers(_ handle: Handle, forSlot index: Int, after values: [String]) -> Bool {
        handle.content?.isPaused ?? true
    }

    public func resultKind(_ arguments: Arguments) -> HandleKind? {
        if let path = arguments.path("handle"), let checkpoint = try? Checkpoint(path) {
            let tuned: HandleKind = checkpoint.inputHashes["clip"] == nil ? .model : .clip
            return [.pretrain: .clip, .align: .embedder, .tune: tuned][checkpoint.stage] ?? .model
        }
        return arguments.handle("handle")?.kind ?? .model
    }

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        if let path = arguments.path("handle"), FileManager.default.fileExists(atPath: path) {
            do { _ = try Checkpoint(path) } catch { throw Diagnostic(error, in: arguments, at: "handle") }
        }
        guard let handle = arguments.handle("handle"), let content = handle.content, !content.isPaused else { return }
        throw arguments.diagnostic(.contradiction, "\"\(handle.name)\" is not paused", at: "handle")
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        if let path = arguments.path("handle") { return try resume(path, arguments, in: session) }
        guard let handle = arguments.handle("handle"),
            let pause = (handle.content as? any TrainedContent)?.pause
        else { return Outcome() }
        var outcome = try pause.resume(session)
        outcome.continued = handle.name
        return outcome
    }

    /// Makes again what the run read, in a session of its own, and continues it from its checkpoint. What was trained
    /// for it comes from the checkpoints beside, where they are still those.
    private func resume(_ path: String, _ arguments: Arguments, in session: Session) throws -> Outcome {
        let origin = try RunOrigin(reading: Checkpoint(path).provenance, path: path)
        let inner = session.companion(in: origin.folder)
        inner.keptCheckpoints = (path as NSString).deletingLastPathComponent
        let inputs = inner.execute(Source(name: path, text: origin.inputs.joined(separator: "\n"), literate: false))
        for case .failure(let diagnostic) in inputs.map(\.outcome) { throw diagnostic }
        inner.resumedCheckpoint = path
        let run = inner.execute(Source(name: path, text: origin.statement, literate: false))
        guard let outcome = run.last?.outcome else { return Outcome() }
        return Outcome(try outcome.get(), content: inner.bindings["last"]?.handle.content)
    }
}
