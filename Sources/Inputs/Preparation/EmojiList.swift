internal import Foundation

/// The emoji of Unicode's `emoji-test.txt` (UTS #51): fully-qualified sequences with their group and subgroup.
struct EmojiList {
    struct Entry {
        let codePoints: [UInt32]
        let group: String
        let subgroup: String

        /// The code points without variation selectors: how CLDR's annotations name the emoji.
        var bareCodePoints: [UInt32] { codePoints.filter { $0 != 0xfe0f } }
        /// `1F600` or `1F468-200D-1F680`: the code points in hexadecimal, without variation selectors.
        var identifier: String { EmojiList.identifier(of: bareCodePoints) }
    }

    let entries: [Entry]

    static func identifier(of codePoints: [UInt32]) -> String {
        codePoints.map {
            let hex = String($0, radix: 16, uppercase: true);
            return String(repeating: "0", count: max(0, 4 - hex.count)) + hex
        }
        .joined(separator: "-")
    }

    /// Reads the list, leaving out the five skin tones and every sequence that bears one.
    init(path: String) throws {
        let text = try PreparationError.text(of: path)
        var entries: [Entry] = []
        var (group, subgroup) = ("", "")
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# group: ") {
                group = String(line.dropFirst(9))
            } else if line.hasPrefix("# subgroup: ") {
                subgroup = line.dropFirst(12).replacingOccurrences(of: "-", with: " ")
            } else if !line.hasPrefix("#"), let semicolon = line.firstIndex(of: ";") {
                let status = line[line.index(after: semicolon)...].prefix { $0 != "#" }.trimmingCharacters(
                    in: .whitespaces)
                let codePoints = line[..<semicolon].split(separator: " ").compactMap { UInt32($0, radix: 16) }
                let isToned = codePoints.contains { (0x1f3fb...0x1f3ff).contains($0) }
                if !isToned, !codePoints.isEmpty, status == "fully-qualified" || status == "component" {
                    entries.append(Entry(codePoints: codePoints, group: group, subgroup: subgroup))
                }
            }
        }
        guard !entries.isEmpty else { throw PreparationError.unreadable(path, reason: "it lists no emoji") }
        self.entries = entries
    }
}
