internal import Archive
import Foundation
internal import Inputs
internal import Language
internal import ProCLIP

/// The texts of stage 1, each with the text whose place in the teacher's space it is to take: itself, or for a translation
/// the caption that it translates.
struct DistillPool {
    private(set) var texts: [String] = []
    /// What the teacher reads, each once.
    private(set) var targets: [String] = []
    /// For each text the number of its target.
    private(set) var meanings: [Int] = []
    /// Long captions, each once, and for each text the number of its picture's; nil where it has none.
    private(set) var longTexts: [String] = []
    private(set) var longOf: [Int?] = []
    private var numbers: [[UInt8]: Int] = [:]
    private var longNumbers: [[UInt8]: Int] = [:]
    private var seen: Set<[UInt8]> = []

    /// Adds a text once for each target.
    mutating func add(_ text: String, target: String? = nil, long: String? = nil) {
        let target = target ?? text
        guard seen.insert(Array("\(text)\0\(target)".utf8)).inserted else { return }
        texts.append(text)
        meanings.append(Self.number(of: target, in: &targets, &numbers))
        longOf.append(long.map { Self.number(of: $0, in: &longTexts, &longNumbers) })
    }

    private static func number(of text: String, in texts: inout [String], _ numbers: inout [[UInt8]: Int]) -> Int {
        let bytes = Array(text.utf8)
        if let number = numbers[bytes] { return number }
        texts.append(text)
        numbers[bytes] = texts.count - 1
        return texts.count - 1
    }

    /// Adds captions.
    /// - `languages`: whose captions are pulled to where the teacher puts the pairs' own of the same picture: the first to
    ///   the first, the second to the second.
    /// - `long`: the language of long captions, such as `en-long`; nil leaves them out.
    mutating func add(_ pairs: PairsContent, languages: [String], long: String?) throws {
        var (own, longOnes): ([Int: [String]], [Int: String]) = ([:], [:])
        if let long {
            for caption in try pairs.data.captions(language: long) where longOnes[caption.picture] == nil {
                longOnes[caption.picture] = caption.text
            }
        }
        for caption in pairs.captions {
            own[caption.picture, default: []].append(caption.text)
            add(caption.text, long: longOnes[caption.picture])
        }
        for language in languages where language != pairs.language {
            var taken: [Int: Int] = [:]
            for caption in try pairs.data.captions(language: language) {
                guard let targets = own[caption.picture] else { continue }
                let number = taken[caption.picture, default: 0]
                taken[caption.picture] = number + 1
                add(caption.text, target: targets[min(number, targets.count - 1)])
            }
        }
    }

    /// A sum over all of it.
    var hash: String {
        var lines = texts
        if meanings != Array(texts.indices) { lines += ["", "targets"] + meanings.map { targets[$0] } }
        if !longTexts.isEmpty { lines += ["", "long"] + longOf.map { $0.map { longTexts[$0] } ?? "" } }
        return SHA256Hash.of(bytes: Data(lines.joined(separator: "\0").utf8))
    }
}
