import Rendering

/// `%pager on|off`
public struct PagerCommand: Command {
    public let name = "%pager"
    public let summary = "show answers that are longer than the screen in $PAGER, or not"
    public let slots = [
        Slot("switch", .choice(["on", "off"]), "on at first, unless standard input or output is no terminal")
    ]
    public let examples = ["%pager off", "%pager on"]
    public let seeAlso = ["set"]
    public let isKept = false

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        session.usesPager = arguments.text("switch") == "on"
        return Outcome()
    }
}
