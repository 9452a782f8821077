public import Language

extension Session {
    /// What a line typed at a prompt is to the parser. Errors show it as it was typed.
    public func source(typed text: String, prompt: String) -> Source {
        let (lead, middle, trail) = reading(of: text)
        return Source(
            name: "In [\(inputNumber)]", text: lead + middle + trail, prompt: prompt,
            hidden: (lead.utf8.count, trail.utf8.count))
    }

    /// The statement that a line of the prompt stands for, in three parts: the middle is what was typed. What needs no help
    /// stays as it is.
    ///
    /// `?topic` and `topic?` are `help topic`; a handle alone is shown; a variable, a field, a list or arithmetic alone is
    /// printed; `exit()` and `.exit`, as Python and DuckDB have it, are `exit`; `cd FOLDER` sets the working directory.
    private func reading(of text: String) -> (lead: String, middle: String, trail: String) {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard let first = words.first, let initial = first.first else { return ("", text, "") }
        let (line, isAlone) = (words.joined(separator: " "), words.count == 1)
        func instead(_ statement: some StringProtocol) -> (String, String, String) { ("", String(statement), "") }
        if initial == "?" { return instead(help(on: line.drop { "? ".contains($0) })) }
        if isAlone, first.last == "?", Parser.isName(first.filter { $0 != "?" && $0 != "%" }) {
            return instead(help(on: first.prefix { $0 != "?" }))
        }
        if words.count == 2, first == "help", words[1].first == "%" { return instead(help(on: words[1])) }
        if isAlone, first.hasSuffix("()"), Parser.isName(String(first.dropLast(2))) {
            return instead(first.dropLast(2))
        }
        if initial == ".", first.dropFirst().first?.isLetter == true { return instead(line.dropFirst()) }
        if words.count == 2, first == "cd" || first == "%cd" { return instead("set folder='\(words[1])'") }
        if isAlone, bindings[line] != nil { return ("show ", line, "") }
        if isAlone, variables[line] != nil, commands[line] == nil { return ("print $", line, "") }
        if isAlone, isRange(line) { return ("print ", text, "") }
        guard isValue(line) else { return instead(text) }
        // A comment ends with its line. While a bracket of its own is open, more lines belong to it.
        let (lead, trail) = ("print (", text.contains("#") ? "\n)" : ")")
        let whole = Parser.parse(Source(name: "", text: lead + text + trail))
        let isWhole = if case .complete = whole { true } else { false }
        let isOpen = text.count { "([".contains($0) } > text.count { ")]".contains($0) }
        return (lead, text, isOpen && !isWhole ? "" : trail)
    }

    private func help(on topic: Substring) -> String {
        topic.hasPrefix("%") ? "help \"\(topic)\"" : "help \(topic)"
    }

    /// Whether a line begins as arithmetic does: no verb does.
    private func isValue(_ line: String) -> Bool {
        guard let first = line.first, !line.contains(";") else { return false }
        if "$([\"'".contains(first) || first.isASCII && first.isNumber { return true }
        if first == "-", let next = line.dropFirst().first { return "$(".contains(next) || next.isNumber }
        let name = String(line.prefix { !". (".contains($0) })
        switch line.dropFirst(name.count).first {
        case ".": return bindings[name] != nil
        case "(": return Expression.Function(rawValue: name) != nil
        default: return false
        }
    }

    /// `1..4`, which stands in statements, not in arithmetic.
    private func isRange(_ word: String) -> Bool {
        let ends = word.split(separator: "..", omittingEmptySubsequences: false)
        return ends.count == 2 && ends.allSatisfy { $0.hasPrefix("$") || Int($0) != nil }
    }
}
