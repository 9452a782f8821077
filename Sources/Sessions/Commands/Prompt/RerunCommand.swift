/// `%rerun NUMBERS`
public struct RerunCommand: Command {
    public let name = "%rerun"
    public let otherNames = ["%recall", "%rep"]
    public let summary = "run again what was typed before"
    public let slots = [
        Slot("numbers", .list(.integer(1...1_000_000)), "of In [..], one or a range such as 3..5")
    ]
    public let examples = ["%rerun 3", "%rerun 3..5"]
    public let seeAlso = ["%history", "%edit"]
    public let isKept = false

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        let numbers = (arguments.list("numbers") ?? []).compactMap { if case .integer(let n) = $0 { n } else { nil } }
        var texts: [String] = []
        for number in numbers { texts.append(try session.input(number, arguments, at: "numbers")) }
        return Outcome(followedBy: texts.joined(separator: "\n"), of: arguments)
    }
}
