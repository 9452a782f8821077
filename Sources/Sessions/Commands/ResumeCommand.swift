public import Language
internal import Rendering

/// `resume H`
public struct ResumeCommand: Command {
    public let name = "resume"
    public let summary = "continue a paused run from its checkpoint, to the same bits as without the pause"
    public let slots = [Slot("handle", .handle([.model, .clip]), "a handle that is marked paused")]
    public let examples = ["resume proclip as proclip"]
    public let seeAlso = ["tune", "distill", "pretrain"]

    public func resultKind(_ arguments: Arguments) -> HandleKind? { arguments.handle("handle")?.kind ?? .model }

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        guard let handle = arguments.handle("handle"), let content = handle.content, !content.isPaused else { return }
        throw arguments.diagnostic(.contradiction, "\"\(handle.name)\" is not paused", at: "handle")
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let handle = arguments.handle("handle"),
            let pause = (handle.content as? ModelContent)?.pause ?? (handle.content as? ClipContent)?.pause
        else { return Outcome() }
        let outcome = try pause.resume(session)
        // Without a name of its own the result takes the place of the paused handle.
        if arguments.resultName == nil, let content = outcome.content { session.rebind(handle.name, to: content) }
        return outcome
    }
}
