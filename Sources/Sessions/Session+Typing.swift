import Language

extension Session {
    /// The statement that a line of the prompt stands for; what needs no help stays as it is.
    ///
    /// `?topic` and `topic?` are `help topic`; a handle alone is shown; a variable, a field or arithmetic alone is printed;
    /// `exit()` and `.exit`, as Python and DuckDB have it, are `exit`.
    public func statement(typed text: String) -> String {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard let first = words.first, let initial = first.first else { return text }
        let (line, isAlone) = (words.joined(separator: " "), words.count == 1)
        if initial == "?" { return help(on: line.drop { "? ".contains($0) }) }
        if isAlone, first.last == "?", Parser.isName(first.filter { $0 != "?" && $0 != "%" }) {
            return help(on: first.prefix { $0 != "?" })
        }
        if words.count == 2, first == "help", words[1].first == "%" { return help(on: words[1]) }
        if isAlone, first.hasSuffix("()"), Parser.isName(String(first.dropLast(2))) { return String(first.dropLast(2)) }
        if initial == ".", first.dropFirst().first?.isLetter == true { return String(line.dropFirst()) }
        if isAlone, bindings[line] != nil { return "show \(line)" }
        guard isValue(line) else { return text }
        // While a bracket of its own is open, more lines belong to it; a comment ends with its line.
        if text.count(where: { $0 == "(" }) > text.count(where: { $0 == ")" }) { return "print (\(text)" }
        return "print (\(text)\(text.contains("#") ? "\n" : ""))"
    }

    private func help(on topic: Substring) -> String {
        topic.hasPrefix("%") ? "help \"\(topic)\"" : "help \(topic)"
    }

    /// Whether a line begins as arithmetic does: no verb does.
    private func isValue(_ line: String) -> Bool {
        guard let first = line.first, !line.contains(";") else { return false }
        if "$(\"'".contains(first) || first.isASCII && first.isNumber { return true }
        if first == "-", let next = line.dropFirst().first { return "$(".contains(next) || next.isNumber }
        let name = line.prefix { $0 != "." && $0 != " " }
        return bindings[String(name)] != nil && line.dropFirst(name.count).first == "."
    }
}
