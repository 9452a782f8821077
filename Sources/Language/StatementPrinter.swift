/// Writes statements line by line and puts comments where they were: in lines of their own, or behind what they stand in.
struct StatementPrinter {
    private let source: Source?
    /// Those that are not written yet.
    private var comments: ArraySlice<Span>

    init(_ source: Source? = nil, _ comments: ArraySlice<Span> = []) {
        self.source = source
        self.comments = comments
    }

    mutating func lines(_ statement: Statement, indent: String = "") -> [String] {
        let inner = indent + "    "
        switch statement.form {
        case .invocation(let invocation): return [line(indent + invocation.canonical, statement.span)]
        case .binding(let name, let term):
            return [line("\(indent)let \(name.text)=\(term.canonical)", statement.span)]
        case .parameter(let name, let term, let description):
            let suffix = description.map { " " + Template([.text($0)]).quoted } ?? ""
            return [line("\(indent)param \(name.text)=\(term.canonical)\(suffix)", statement.span)]
        case .assertion(let expression):
            return [line("\(indent)assert \(expression.canonical)", statement.span)]
        case .conditional(let condition, let then, let otherwise):
            var lines = [line("\(indent)if \(condition.canonical)", condition.span)] + body(then, inner)
            if let first = otherwise.first {
                lines += branchEnd(then.last?.span ?? condition.span, upTo: first.span.start, inner)
                lines += ["\(indent)else"] + body(otherwise, inner)
            }
            return lines + end(statement, indent)
        case .loop(let name, let values, let statements):
            let head = line("\(indent)for \(name.text) in \(values.canonical)", values.span)
            return [head] + body(statements, inner) + end(statement, indent)
        }
    }

    private mutating func body(_ statements: [Statement], _ indent: String) -> [String] {
        statements.flatMap { statement in
            take { $0.start < statement.span.start }.map { indent + $0 } + lines(statement, indent: indent)
        }
    }

    private mutating func end(_ statement: Statement, _ indent: String) -> [String] {
        take { $0.start < statement.span.end }.map { "\(indent)    \($0)" } + [line("\(indent)end", statement.span)]
    }

    /// A line with the comments within what it was written as, and the one right behind that.
    private mutating func line(_ text: String, _ span: Span) -> String {
        guard let source else { return text }
        let own = take { comment in
            comment.start < span.end
                || source.text(of: Span(span.end, comment.start)).allSatisfy { $0 == " " || $0 == "\t" }
        }
        return own.isEmpty ? text : text + "  " + own.joined(separator: " ")
    }

    /// Those of a branch that stand between its last statement and the word `else`.
    private mutating func branchEnd(_ last: Span, upTo next: Int, _ indent: String) -> [String] {
        guard let source else { return [] }
        var end = last.end
        return take { comment in
            guard comment.start < next, !source.text(of: Span(end, comment.start)).contains("else") else {
                return false
            }
            end = comment.end
            return true
        }.map { indent + $0 }
    }

    private mutating func take(while condition: (Span) -> Bool) -> [String] {
        guard let source else { return [] }
        let taken = comments.prefix(while: condition)
        comments = comments.dropFirst(taken.count)
        return taken.map { comment in
            let text = Source.unmarked(source.text(of: comment), "#")
            return text.isEmpty ? "#" : "# \(text)"
        }
    }
}
