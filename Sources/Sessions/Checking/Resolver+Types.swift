internal import Archive
import Foundation
internal import Language

/// Fits a value to a declared type.
extension Resolver {
    func coerce(
        _ value: Value, _ term: Term, _ type: ArgumentType, _ notes: inout [String]
    ) throws(Diagnostic) -> Argument {
        if value == .unknown { return .unknown }
        switch type {
        case .list(let element): return .list(try items(value, term, element, &notes))
        case .either(let types): return try firstFit(value, term, types, &notes)
        case .handle(let kinds): return try handle(value, term, kinds)
        case .existingPath: return .path(try existingPath(value, term))
        case .existingPaths: return .path(try existingPath(value, term, isPattern: true))
        case .newPath, .newFolder: return .path(context.absolute(try text(value, term, type)))
        case .integer, .number, .boolean, .text, .choice, .prefixed, .anything: break
        }
        let value = try fieldRead(value, at: term.span) ?? value
        if value == .unknown { return .unknown }
        switch type {
        case .integer(let bounds):
            guard case .number(let number) = value, let whole = Int(exactly: number) else {
                throw mismatch(value, term, type)
            }
            guard bounds.contains(whole) else { throw outOfBounds(value, term, type) }
            return .integer(whole)
        case .number(let bounds):
            guard case .number(let number) = value else { throw mismatch(value, term, type) }
            guard bounds.contains(number) else { throw outOfBounds(value, term, type) }
            return .number(number)
        case .boolean:
            guard case .boolean(let boolean) = value else { throw mismatch(value, term, type) }
            return .boolean(boolean)
        case .choice(let words):
            let word = try text(value, term, type)
            guard words.contains(word) else {
                throw Diagnostic(
                    .unknownChoice, "\"\(word)\" is not possible here", at: term.span, in: source,
                    suggestions: Nearest.words(to: word, among: words),
                    help: "there are \(words.joined(separator: " "))")
            }
            return .text(word)
        case .prefixed(let prefix, _):
            let word = try text(value, term, type)
            guard word.hasPrefix(prefix + ":"), word.count > prefix.count + 1 else { throw mismatch(value, term, type) }
            return .text(word)
        case .anything:
            if case .word(let word) = value, let handle = context.handle(word) { return .handle(handle) }
            return .value(value)
        default: return .text(try text(value, term, type))
        }
    }

    /// `handle.field` as a bare word reads the field, wherever no handle, path or list of them is expected.
    private func fieldRead(_ value: Value, at span: Span) throws(Diagnostic) -> Value? {
        guard case .word(let word) = value, let dot = word.firstIndex(of: "."),
            context.handle(String(word[..<dot])) != nil
        else { return nil }
        let expression = Expression(.field(word.split(separator: ".").map(String.init)), span)
        return try Evaluator(source: source, scope: context.scope).value(of: expression)
    }

    private func text(_ value: Value, _ term: Term, _ type: ArgumentType) throws(Diagnostic) -> String {
        if let text = value.text { return text }
        if case .number = value { return value.interpolated }
        throw mismatch(value, term, type)
    }

    private func items(
        _ value: Value, _ term: Term, _ element: ArgumentType, _ notes: inout [String]
    ) throws(Diagnostic) -> [Argument] {
        guard case .list(let values) = value else { return [try coerce(value, term, element, &notes)] }
        guard !values.isEmpty else {
            throw Diagnostic(
                .outOfBounds, "the list is empty: \(element.description) is needed, once at least", at: term.span,
                in: source)
        }
        var items: [Argument] = []
        for (index, value) in values.enumerated() {
            var itemTerm = term
            if case .list(let terms) = term.form, index < terms.count { itemTerm = terms[index] }
            items.append(try coerce(value, itemTerm, element, &notes))
        }
        return items
    }

    /// The first type that fits. Where a word is both a handle and something else the handle wins, with a note.
    private func firstFit(
        _ value: Value, _ term: Term, _ types: [ArgumentType], _ notes: inout [String]
    ) throws(Diagnostic) -> Argument {
        var fits: [Argument] = []
        var missing: Diagnostic?
        let isList = if case .list = value { true } else { false }
        for type in types {
            // A single value fits a list only where nothing else is meant.
            if case .list = type, !isList { continue }
            do throws(Diagnostic) {
                fits.append(try coerce(value, term, type, &notes))
            } catch {
                if error.code == .wrongKind || error.code == .outOfBounds { throw error }
                if error.code == .missingFile { missing = missing ?? error }
            }
        }
        if let handle = fits.first(where: { if case .handle = $0 { true } else { false } }) {
            let others = types.contains { type in if case .choice = type { true } else { false } }
            if fits.count > 1, others, let word = value.text {
                notes.append("\(word) is taken as the handle of that name")
            }
            return handle
        }
        // Not a text either: who writes a path means a file.
        if let missing, case .path = value { throw missing }
        if let first = fits.first { return first }
        let known =
            types.flatMap(\.choices) + (types.contains { $0.handleKinds != nil } ? Array(context.handles.keys) : [])
        guard let word = value.text else { throw mismatch(value, term, .either(types)) }
        throw Diagnostic(
            .wrongType, "\"\(word)\" is neither \(types.map(\.description).joined(separator: " nor "))", at: term.span,
            in: source, suggestions: Nearest.words(to: word, among: known),
            help: types.contains(.list(.text)) ? "texts stand in a list, as in [\"a red apple\"]" : nil)
    }

    private func handle(_ value: Value, _ term: Term, _ kinds: [HandleKind]) throws(Diagnostic) -> Argument {
        guard let name = value.text else { throw mismatch(value, term, .handle(kinds)) }
        guard let handle = context.handle(name) else {
            let fitting = context.handles.values.filter { handle in
                kinds.isEmpty || handle.kind.map(kinds.contains) ?? true
            }.map(\.name).sorted()
            let wanted = kinds.isEmpty ? "handle" : kinds.map(\.rawValue).joined(separator: " or ")
            if name == "last" {
                throw Diagnostic(
                    .unknownHandle, "there is no last result yet", at: term.span, in: source,
                    help: "last is what the latest statement with as NAME has made")
            }
            throw Diagnostic(
                .unknownHandle, "no \(wanted) is called \"\(name)\"", at: term.span, in: source,
                suggestions: Nearest.words(to: name, among: fitting),
                help: fitting.isEmpty
                    ? "make one first and name it with as \(name)" : "there is \(fitting.joined(separator: ", "))")
        }
        if let kind = handle.kind, !kinds.isEmpty, !kinds.contains(kind) {
            throw Diagnostic(
                .wrongKind,
                "\"\(name)\" is of kind \(kind.rawValue), \(ArgumentType.handle(kinds).description) is needed",
                at: term.span, in: source)
        }
        return .handle(handle)
    }

    private func existingPath(
        _ value: Value, _ term: Term, isPattern: Bool = false
    ) throws(Diagnostic) -> String {
        let written = try text(value, term, .existingPath)
        let path = context.absolute(written)
        if context.expectsFiles || FileManager.default.fileExists(atPath: path) { return path }
        if isPattern, !FilePattern.matches(path).isEmpty { return path }
        throw Diagnostic(
            .missingFile, "there is no file \(path)", at: term.span, in: source,
            suggestions: context.nearestPaths(to: written),
            help: "relative paths start at \(context.workingDirectory)")
    }

    private func mismatch(_ value: Value, _ term: Term, _ type: ArgumentType) -> Diagnostic {
        let shown =
            switch value {
            case .number, .boolean: value.canonical
            default: value.text.map { "\"\($0)\"" } ?? value.kindName
            }
        return Diagnostic(
            .wrongType, "\(type.description) is needed here, not \(shown)", at: term.span, in: source)
    }

    private func outOfBounds(_ value: Value, _ term: Term, _ type: ArgumentType) -> Diagnostic {
        Diagnostic(
            .outOfBounds, "\(value.interpolated) is out of bounds: \(type.description) is needed", at: term.span,
            in: source)
    }
}
