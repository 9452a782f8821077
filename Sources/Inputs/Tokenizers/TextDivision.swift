/// A part of a text on its way to the model.
struct TextStretch: Sendable {
    /// UTF-8.
    var bytes: ArraySlice<UInt8>
    /// Whether the text begins with it.
    var isFirst: Bool
}

/// What divides a text into the stretches that a model sees by themselves: a `pre_tokenizer` of Hugging Face's tokenizers.
indirect enum TextDivision: Sendable {
    /// What becomes of that at which a text is divided.
    enum Behaviour: String, Sendable {
        case removed = "Removed"
        case isolated = "Isolated"
        case mergedWithPrevious = "MergedWithPrevious"
        case mergedWithNext = "MergedWithNext"
        case contiguous = "Contiguous"
    }

    /// Before which stretches the sign for a space is put.
    enum Prepending: String, Sendable { case always, first, never }

    case pattern(TextPattern, Behaviour, isInverted: Bool)
    case characters(@Sendable (Unicode.Scalar) -> Bool, Behaviour)
    /// Spaces become a sign, and where `splits` words begin with it.
    case metaspace(sign: [UInt8], Prepending, splits: Bool)
    /// A space before the text, and a character for each byte.
    case byteLevel(addsSpace: Bool, TextPattern?)
    case fixedLength(Int)
    case sequence([TextDivision])

    func callAsFunction(_ stretches: [TextStretch]) -> [TextStretch] {
        if case .sequence(let divisions) = self { return divisions.reduce(stretches) { $1($0) } }
        var result: [TextStretch] = []
        for stretch in stretches { append(stretch, to: &result) }
        return result
    }

    private func append(_ stretch: TextStretch, to result: inout [TextStretch]) {
        switch self {
        case .pattern(let pattern, let behaviour, let isInverted):
            split(stretch, at: pattern.matches(in: stretch.bytes), behaviour, isInverted, &result)
        case .characters(let isMatch, let behaviour):
            let matches = UTF8Characters(stretch.bytes).filter { isMatch($0.scalar) }.map(\.range)
            split(stretch, at: matches, behaviour, false, &result)
        case .metaspace(let sign, let prepending, let splits):
            let marked = Self.marked(stretch, sign, prepending)
            guard splits else { return result.append(marked) }
            let matches = TextPattern(literal: sign).matches(in: marked.bytes)
            split(marked, at: matches, .mergedWithNext, false, &result)
        case .byteLevel(let addsSpace, let pattern):
            var spaced = stretch
            if addsSpace, stretch.bytes.first != 0x20 { spaced.bytes = [0x20] + stretch.bytes }
            let first = result.count
            if let pattern {
                split(spaced, at: pattern.matches(in: spaced.bytes), .isolated, false, &result)
            } else {
                result.append(spaced)
            }
            for index in first..<result.count { result[index].bytes = ByteSymbols.spelled(result[index].bytes)[...] }
        case .fixedLength(let length):
            let starts = UTF8Characters(stretch.bytes).enumerated().filter { $0.offset % length == 0 }
                .map(\.element.range.lowerBound)
            for (start, end) in zip(starts, starts.dropFirst() + [stretch.bytes.endIndex]) {
                Self.append(start..<end, of: stretch, &result)
            }
        case .sequence: result += self([stretch])
        }
    }

    private static func marked(_ stretch: TextStretch, _ sign: [UInt8], _ prepending: Prepending) -> TextStretch {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(stretch.bytes.count + 16)
        for byte in stretch.bytes { if byte == 0x20 { bytes += sign } else { bytes.append(byte) } }
        let isWanted = prepending == .always || prepending == .first && stretch.isFirst
        if isWanted, !bytes.isEmpty, !bytes.starts(with: sign) { bytes = sign + bytes }
        return TextStretch(bytes: bytes[...], isFirst: stretch.isFirst)
    }

    private static func append(_ range: Range<Int>, of stretch: TextStretch, _ result: inout [TextStretch]) {
        if range.isEmpty { return }
        let isFirst = stretch.isFirst && range.lowerBound == stretch.bytes.startIndex
        result.append(TextStretch(bytes: stretch.bytes[range], isFirst: isFirst))
    }

    private func split(
        _ stretch: TextStretch, at matches: [Range<Int>], _ behaviour: Behaviour, _ isInverted: Bool,
        _ result: inout [TextStretch]
    ) {
        // What is between the matches belongs to the parts too, as no match.
        var parts: [(range: Range<Int>, isMatch: Bool)] = []
        parts.reserveCapacity(2 * matches.count + 1)
        var start = stretch.bytes.startIndex
        for match in matches {
            if start < match.lowerBound { parts.append((start..<match.lowerBound, isInverted)) }
            parts.append((match, !isInverted))
            start = match.upperBound
        }
        if start < stretch.bytes.endIndex { parts.append((start..<stretch.bytes.endIndex, isInverted)) }
        for range in behaviour.ranges(of: parts) { Self.append(range, of: stretch, &result) }
    }
}

extension TextDivision.Behaviour {
    fileprivate func ranges(of parts: [(range: Range<Int>, isMatch: Bool)]) -> [Range<Int>] {
        switch self {
        case .isolated: return parts.map(\.range)
        case .removed: return parts.filter { !$0.isMatch }.map(\.range)
        case .mergedWithNext:
            return joined(parts.reversed()) { isMatch, previous in isMatch && !previous }.reversed()
        case .mergedWithPrevious: return joined(parts) { isMatch, previous in isMatch && !previous }
        case .contiguous: return joined(parts) { isMatch, previous in isMatch == previous }
        }
    }

    /// Joins a part with the one before where a rule says so of both.
    private func joined(
        _ parts: [(range: Range<Int>, isMatch: Bool)], _ rule: (_ isMatch: Bool, _ previous: Bool) -> Bool
    ) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var previous = false
        for (range, isMatch) in parts {
            if rule(isMatch, previous), let last = result.last {
                result[result.count - 1] =
                    min(last.lowerBound, range.lowerBound)..<max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
            previous = isMatch
        }
        return result
    }
}
