import Foundation
import Language

/// What could be written at a cursor.
public struct Completions: Sendable, Equatable {
    public struct Candidate: Sendable, Equatable {
        public let word: String
        /// One line on what it means; empty where its name says all.
        public let help: String
        /// What follows the finished word: a space, or nothing behind `key=` and a folder.
        public let suffix: String

        init(_ word: String, _ help: String = "", suffix: String = " ") {
            self.word = word
            self.help = help
            self.suffix = suffix
        }
    }

    /// Where the word under the cursor begins, in UTF-8 bytes.
    public let start: Int
    public let candidates: [Candidate]
}

extension Session {
    /// The words that fit at the end of a text, decided by the position in the statement.
    public func completions(endOf text: String) -> Completions {
        let line = text.drop(while: \.isWhitespace)
        if line.first == "?" {
            let topic = line.drop { $0.isWhitespace || $0 == "?" }
            let words = topic.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            let (last, topics) = (words.last ?? "", HelpCommand.topics(of: commands, after: Array(words.dropLast())))
            return Completions(
                start: text.utf8.count - last.utf8.count,
                candidates: topics.filter { $0.hasPrefix(last) }.map { .init($0) })
        }
        var (cursor, text) = (CursorContext.at(endOf: text), text)
        if let verb = cursor.verb, commands[verb]?.takesStatement == true, let place = text.range(of: verb) {
            let blank = String(repeating: " ", count: verb.utf8.count)
            text.replaceSubrange(place, with: blank)
            cursor = CursorContext.at(endOf: text)
        }
        let candidates = Completer(session: self, cursor: cursor, text: text).candidates
            .filter { $0.word.hasPrefix(cursor.prefix) }
        // A folder may be a name that a verb knows, too.
        let words = Set(candidates.map(\.word))
        return Completions(
            start: cursor.start,
            candidates: candidates.filter { !($0.word.hasSuffix("/") && words.contains(String($0.word.dropLast()))) })
    }
}

private struct Completer {
    typealias Candidate = Completions.Candidate
    let session: Session
    let cursor: CursorContext
    let text: String

    var candidates: [Candidate] {
        if cursor.prefix.hasPrefix("$") { return variables }
        switch cursor.place {
        case .nothing: return []
        case .word(let word): return [Candidate(word)]
        case .verb: return cursor.prefix.contains(".") ? fields : verbs
        case .expression: return fields + variables + functions + ["true", "false", "not"].map { Candidate($0) }
        case .value(let index): return values(index)
        case .optionValue(let name):
            guard let key = command?.keys.first(where: { $0.name == name }) else { return [] }
            return words(key.type)
        }
    }

    private var command: (any Command)? { cursor.verb.flatMap { session.commands[$0] } }

    private var variables: [Candidate] {
        let written = cursor.names.uniqued.filter { session.variables[$0] == nil }.map { ($0, "") }
        let known = session.variables.map { ($0.key, $0.value.canonical) } + written
        return known.sorted { $0.0 < $1.0 }.map { name, value in
            Candidate(cursor.prefix.hasPrefix("${") ? "${\(name)}" : "$\(name)", value, suffix: "")
        }
    }

    private var verbs: [Candidate] {
        session.commands.commands.filter { $0.name.hasPrefix("%") == cursor.prefix.hasPrefix("%") }
            .map { Candidate($0.name, $0.summary) }
            + CommandTable.controlWords.map { Candidate($0.name, $0.summary) }
            + (cursor.openBlocks > 0 ? ["else", "end"] : []).map { Candidate($0) }
    }

    private var functions: [Candidate] {
        Expression.Function.allCases.map { Candidate($0.rawValue, "", suffix: "(") }
    }

    /// Handles, or behind `handle.` its fields.
    private var fields: [Candidate] {
        guard let dot = cursor.prefix.firstIndex(of: ".") else {
            return session.bindings.entries.filter { !($0.handle.content?.fields.isEmpty ?? true) }
                .map { Candidate($0.handle.name, $0.handle.kindText, suffix: ".") }
        }
        let name = String(cursor.prefix[..<dot])
        return session.bindings[name]?.handle.content?.fields.names.map { Candidate("\(name).\($0)") } ?? []
    }

    private func values(_ index: Int) -> [Candidate] {
        guard let command else { return ["for", "let"].contains(cursor.verb) ? variables : [] }
        var result: [Candidate] = []
        if cursor.usedKeys.isEmpty, let slot = slot(index, of: command) {
            result += words(slot.type) { command.offers($0, forSlot: index, after: cursor.values) }
            if slot.type == .anything, cursor.prefix.contains(".") { result += fields }
            result += command.words(forSlot: index, after: cursor.values, in: session.context).map { Candidate($0) }
        }
        let isFilled = index >= command.slots.filter(\.isRequired).count
        guard isFilled else { return result }
        let keys = command.keys.filter { key in
            !cursor.usedKeys.contains(key.name) && key.only.map { $0.contains(cursor.values.first ?? "") } ?? true
        }
        result += keys.map { Candidate($0.name + "=", "\($0.help) [\($0.defaultText)]", suffix: "") }
        return result + (makesResult ? [Candidate("as", "name the result")] : [])
    }

    /// Whether what stands before the word under the cursor is a whole statement with a result to name.
    private var makesResult: Bool {
        let written = String(
            decoding: text.utf8.dropFirst(cursor.statementStart).prefix(cursor.start - cursor.statementStart),
            as: UTF8.self)
        let source = Source(name: "", text: written, literate: false)
        guard case .complete(let statements) = Parser.parse(source), let last = statements.last,
            case .invocation(let invocation) = last.form, invocation.result == nil
        else { return false }
        let resolver = Resolver(source: source, context: session.context, commands: session.commands)
        guard let command = try? resolver.command(invocation.verb),
            let arguments = try? resolver.arguments(invocation, command)
        else { return false }
        return command.resultKind(arguments) != nil
    }

    private func slot(_ index: Int, of command: any Command) -> Slot? {
        if index < command.slots.count { return command.slots[index] }
        return command.slots.last.flatMap { $0.takesMany ? $0 : nil }
    }

    private func words(_ type: ArgumentType, offers: (Handle) -> Bool = { _ in true }) -> [Candidate] {
        var result = type.choices.map { Candidate($0, suffix: $0.hasSuffix(":") ? "" : " ") }
        if let kinds = type.handleKinds {
            result += session.bindings.entries
                .filter { entry in
                    (entry.handle.kind.map { kinds.isEmpty || kinds.contains($0) } ?? true) && offers(entry.handle)
                }
                .map { Candidate($0.handle.name, $0.handle.content?.summary ?? "") }
        }
        if type.acceptsPath || cursor.prefix.contains("/") { result += paths }
        return result
    }

    /// The files whose path begins as the word does.
    private var paths: [Candidate] {
        let typed = cursor.prefix
        let folder = typed.lastIndex(of: "/").map { String(typed[...$0]) } ?? ""
        let place = session.context.absolute(folder.isEmpty ? "." : folder)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        return names.sorted().filter { !$0.hasPrefix(".") }.map { name in
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: place + "/" + name, isDirectory: &isFolder)
            return isFolder.boolValue ? Candidate(folder + name + "/", suffix: "") : Candidate(folder + name)
        }
    }
}
