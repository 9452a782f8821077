internal import Archive
import Foundation
public import Language
internal import Rendering

/// What a replay of a file that keeps outputs has found.
public struct OutputCheck: Sendable {
    /// An output that is not what the file keeps.
    public struct Mismatch: Sendable {
        public let diagnostic: Diagnostic
        /// Lines with `-` and `+`.
        public let differences: [String]
    }

    /// How many outputs the file keeps now; nil where they were only compared.
    public internal(set) var written: Int?
    /// Whether it was replayed with other parameters, so that numbers may be others, too.
    public internal(set) var onlyForms = false
    /// How many outputs were compared.
    public internal(set) var compared = 0
    public internal(set) var mismatches: [Mismatch] = []
    /// The status of the replay itself, or of the comparison.
    public internal(set) var status: ExitStatus = .ok
    public let name: String

    public var summary: String {
        if let written { return "\(name) keeps \(written) answer\(written == 1 ? "" : "s")" }
        guard compared > 0 else {
            return "\(name) runs, but keeps no outputs to compare with; proclip check --write keeps them"
        }
        let outputs = "\(compared) output\(compared == 1 ? "" : "s")"
        let caveat =
            onlyForms
            ? "; with other parameters only heads, rows and words of tables are held together, no number was compared"
            : ""
        return mismatches.isEmpty
            ? "\(name): \(outputs) compared, all agree\(caveat)"
            : "\(name): \(mismatches.count) of \(outputs) differ\(mismatches.count == 1 ? "s" : "")\(caveat)"
    }
}

extension Session {
    /// Replays a recipe and compares what it answers with the outputs that the file keeps, by value: see
    /// `OutputComparison`. Statements without a kept output only have to succeed.
    /// Where a parameter has another value than in the file, only the form of tables is compared.
    /// - `rewriting`: put the fresh outputs into the file instead.
    public func check(
        outputsOf path: String, rewriting: Bool, report: @escaping (StatementResult) -> Void = { _ in }
    ) -> OutputCheck {
        var check = OutputCheck(name: path)
        check.status = replay(path, report: report).exitStatus
        let entries = transcript.entries.filter { $0.source.name == path }
        guard let source = entries.first?.source else { return check }
        if rewriting {
            guard check.status == .ok else { return check }
            check.written = entries.count { !$0.output.isEmpty }
            do {
                if path.hasSuffix(".ipynb") {
                    try saveTranscript(to: path)
                } else {
                    try AtomicWrite.replace(context.absolute(path), with: Data(Self.rewritten(source, entries).utf8))
                }
            } catch {
                check.mismatches = [
                    OutputCheck.Mismatch(
                        diagnostic: Diagnostic(error, at: Span(0, 0), in: source), differences: [])
                ]
                check.status = .failed
            }
            return check
        }
        check.onlyForms = parameters.contains { $0.value != $0.default }
        for group in source.groups {
            let own = Self.entries(entries, of: group)
            guard let kept = group.output, let last = own.last else { continue }
            let differences = OutputComparison(tolerance: last.tolerance, onlyForms: check.onlyForms)
                .differences(kept: kept, fresh: Self.text(own, \.recorded))
            check.compared += 1
            guard !differences.isEmpty else { continue }
            let diagnostic = Diagnostic(
                .mismatch, "it does not answer what \(path) keeps", at: last.span, in: source,
                help: "proclip check --write keeps the new answer, set tolerance=... allows more")
            check.mismatches.append(OutputCheck.Mismatch(diagnostic: diagnostic, differences: differences))
        }
        if check.status == .ok, !check.mismatches.isEmpty { check.status = .mismatch }
        return check
    }

    private static func entries(_ entries: [Transcript.Entry], of group: Source.Group) -> [Transcript.Entry] {
        entries.filter { group.statements.start < $0.span.end && $0.span.end <= group.statements.end }
    }

    private static func text(_ entries: [Transcript.Entry], _ form: (Reply) -> String) -> String {
        entries.map { form($0.output) }.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// The file with fresh outputs in the place of those it keeps.
    static func rewritten(_ source: Source, _ entries: [Transcript.Entry]) -> String {
        source.isLiterate ? rewrittenFences(source, entries) : rewrittenMarks(source, entries)
    }

    private static func rewrittenFences(_ source: Source, _ entries: [Transcript.Entry]) -> String {
        source.replacing(
            source.groups.map { group in
                let own = Self.entries(entries, of: group)
                let reply = Reply(own.flatMap(\.output.blocks))
                let text = reply.fenced
                return (group.place, text.isEmpty ? "" : "\n\(text)\n")
            })
    }

    /// Outputs stand behind the line in which their statement ends.
    private static func rewrittenMarks(_ source: Source, _ entries: [Transcript.Entry]) -> String {
        var places: [Int: [Transcript.Entry]] = [:]
        let length = source.text.utf8.count
        for entry in entries {
            let line = source.lineSpan(around: max(entry.span.start, entry.span.end - 1))
            places[min(line.end + 1, length), default: []].append(entry)
        }
        var replacements = source.groups.map { group in
            (span: group.place, text: places.removeValue(forKey: group.place.start).map { text($0, \.marked) } ?? "")
        }
        replacements += places.map { (span: Span($0, $0), text: text($1, \.marked)) }
        return source.replacing(
            replacements.map { span, text in
                let isAfterLine = span.start == 0 || source.text(of: Span(span.start - 1, span.start)) == "\n"
                return (span, text.isEmpty ? "" : (isAfterLine ? "" : "\n") + text + "\n")
            })
    }
}
