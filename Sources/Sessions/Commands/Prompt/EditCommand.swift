/// `%edit [NUMBER]`
public struct EditCommand: Command {
    public let name = "%edit"
    public let summary = "write statements in $VISUAL or $EDITOR and run them when it is left"
    public let slots = [
        Slot("number", .integer(1...1_000_000), "of In [..], to begin with; by default the last", count: .optional)
    ]
    public let examples = ["%edit", "%edit 3"]
    public let seeAlso = ["%history", "%rerun"]
    public let isKept = false

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let prompter = session.prompter else { return Outcome() }
        let begun = try arguments.integer("number").map { try session.input($0, arguments, at: "number") }
        let text = try prompter.edit(begun ?? session.inputs.dropLast().last?.text ?? "")
        return Outcome(followedBy: text, of: arguments)
    }
}
