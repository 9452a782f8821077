/// What makes two emoji near duplicates: the same thing done by a man, a woman, a child or a person.
enum EmojiConcept {
    /// Code points that differ only in the person shown, by the one that stands for all of them.
    private static let folded: [UInt32: UInt32] = [
        0x1f468: 0x1f9d1, 0x1f469: 0x1f9d1,  // man, woman: person
        0x1f466: 0x1f9d2, 0x1f467: 0x1f9d2,  // boy, girl: child
        0x1f474: 0x1f9d3, 0x1f475: 0x1f9d3,  // old man, old woman: older person
        0x1f934: 0x1fac5, 0x1f478: 0x1fac5,  // prince, princess: person with crown
        0x1f936: 0x1f385,  // Mrs. Claus: Santa Claus
        0x1f57a: 0x1f483,  // man dancing: woman dancing
        0x1fac3: 0x1f930, 0x1fac4: 0x1f930,  // pregnant man, pregnant person: pregnant woman
        0x1f46c: 0x1f46b, 0x1f46d: 0x1f46b,  // men, women holding hands: woman and man holding hands
    ]
    /// Whole sequences, after folding, that have a code point of their own.
    private static let merged: [[UInt32]: UInt32] = [
        [0x1f9d1, 0x1f91d, 0x1f9d1]: 0x1f46b,  // people holding hands
        [0x1f9d1, 0x1f384]: 0x1f385,  // mx claus
        [0x1f9d1, 0x2764, 0x1f9d1]: 0x1f491,  // couple with heart
        [0x1f9d1, 0x2764, 0x1f48b, 0x1f9d1]: 0x1f48f,  // kiss
    ]
    private static let people: Set<UInt32> = [0x1f9d1, 0x1f9d2]
    private static let personWords: Set<String> = [
        "man", "woman", "men", "women", "boy", "girl", "boys", "girls", "person", "people", "child",
    ]

    /// The keys under which an emoji meets its near duplicates.
    ///
    /// - Parameters:
    ///   - codePoints: without variation selectors.
    ///   - name: the English short name.
    static func groupKeys(codePoints: [UInt32], name: String) -> [String] {
        let subject = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let isNamed = subject.count == 2 && (subject[0] == "flag" || subject[0] == "keycap")
        var keys = [
            "caption:" + CaptionText.normalized(name), "emoji:" + EmojiList.identifier(of: sequence(codePoints)),
        ]
        if isNamed { keys.append("caption:" + CaptionText.normalized(subject[1])) }
        let words = CaptionText.normalized(isNamed ? name : subject[0]).split(separator: " ").map(String.init)
        keys.append("person:" + words.map { personWords.contains($0) ? "person" : $0 }.joined(separator: " "))
        return keys.filter { !$0.hasSuffix(":") }
    }

    private static func sequence(_ codePoints: [UInt32]) -> [UInt32] {
        // Gender signs after a joiner and the joiners themselves carry no concept.
        let signs: Set<UInt32> = [0x2640, 0x2642]
        let kept = codePoints.enumerated().filter {
            $0.element != 0x200d && ($0.offset == 0 || !signs.contains($0.element))
        }
        let sequence = kept.map { folded[$0.element] ?? $0.element }
        if let whole = merged[sequence] { return [whole] }
        // A family is two or more people and nothing else.
        if sequence.count > 1, sequence.allSatisfy(people.contains) { return [0x1f46a] }
        return sequence
    }
}
