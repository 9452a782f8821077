internal import Foundation

/// CLDR's short names and keywords of emoji in one language (UTS #35, annotations).
struct EmojiAnnotations {
    /// The short name by bare code points, as UTF-8.
    private(set) var names: [[UInt8]: String] = [:]
    private(set) var keywords: [[UInt8]: [String]] = [:]

    /// Reads `annotations/<language>.xml` and, where it exists, `annotationsDerived/<language>.xml` of CLDR's `common`.
    init(common: String, language: String, wantsKeywords: Bool) throws {
        try read("\(common)/annotations/\(language).xml", wantsKeywords)
        let derived = "\(common)/annotationsDerived/\(language).xml"
        if FileManager.default.fileExists(atPath: derived) { try read(derived, wantsKeywords) }
    }

    /// Every language with annotations of its own, regional variants such as `en_AU` left out: they hold differences only.
    static func languages(common: String) throws -> [String] {
        let folder = "\(common)/annotations"
        guard let files = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw PreparationError.missing(folder)
        }
        let names = files.filter { $0.hasSuffix(".xml") }.map { String($0.dropLast(4)) }
        return names.filter { !$0.contains("_") && $0 != "root" }.sorted()
    }

    private mutating func read(_ path: String, _ wantsKeywords: Bool) throws {
        var scanner = MarkupScanner(try PreparationError.bytes(of: path))
        var open: (codePoints: [UInt8], isName: Bool)?
        while let token = scanner.next() {
            switch token {
            case .start(let name, let attributes, _):
                open = nil
                guard scanner.matches(name, "annotation") else { continue }
                let isName = scanner.attribute("type", in: attributes) != nil
                if isName || wantsKeywords, let codePoints = scanner.attribute("cp", in: attributes) {
                    open = (codePoints, isName)
                }
            case .text(let range):
                guard let (codePoints, isName) = open else { continue }
                let text = scanner.string(range).trimmingCharacters(in: .whitespacesAndNewlines)
                // Three arrows stand for "as in the parent language".
                if text.isEmpty || text == "↑↑↑" { continue }
                if isName {
                    names[codePoints] = text
                } else {
                    keywords[codePoints] = text.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
                }
            case .end: open = nil
            }
        }
    }
}
