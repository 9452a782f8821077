internal import Foundation

/// Title, description, keywords and creator of a drawing, from the RDF metadata of its SVG file (Dublin Core in
/// Creative Commons' `Work`).
struct DrawingMetadata: Sendable {
    private(set) var title = ""
    private(set) var description = ""
    private(set) var creator = ""
    private(set) var keywords: [String] = []

    /// Reads the metadata of an SVG; what is absent stays empty.
    init(svg bytes: [UInt8]) {
        var scanner = MarkupScanner(bytes)
        var path: [String] = []
        while let token = scanner.next() {
            switch token {
            case .start(let name, _, let isEmpty):
                if !isEmpty { path.append(Self.localName(scanner.string(name))) }
            case .end(let name):
                if scanner.matches(name, "metadata") { return }
                let local = Self.localName(scanner.string(name))
                if let index = path.lastIndex(of: local) { path.removeSubrange(index...) }
            case .text(let range):
                if path.contains("metadata") { take(scanner.string(range), at: path) }
            }
        }
    }

    private mutating func take(_ raw: String, at path: [String]) {
        let text = CaptionText.cleaned(raw)
        if text.isEmpty { return }
        switch path.suffix(3).joined(separator: "/") {
        case let end where end.hasSuffix("Work/title"): if title.isEmpty { title = text }
        case let end where end.hasSuffix("Work/description"): description += (description.isEmpty ? "" : " ") + text
        case "subject/Bag/li": keywords.append(text)
        case "creator/Agent/title": if creator.isEmpty { creator = text }
        default: break
        }
    }

    private static func localName(_ name: String) -> String {
        name.split(separator: ":").last.map(String.init) ?? name
    }
}
