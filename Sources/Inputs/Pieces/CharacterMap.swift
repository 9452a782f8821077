internal import Foundation

/// SentencePiece's `precompiled_charsmap`: which beginnings of a text are replaced by what.
///
/// Source: SentencePiece's normalizer. Four bytes of size, a double array (Aoe, 1989) of 32-bit units, and the
/// replacements, each ended by a zero byte.
struct CharacterMap: Sendable {
    private let units: [UInt32]
    private let replacements: [UInt8]

    /// nil for bytes that are no such map.
    init?(_ blob: some Collection<UInt8>) {
        let bytes = Array(blob)
        guard bytes.count > 4 else { return nil }
        func word(at place: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) }
        }
        let size = Int(word(at: 0))
        guard size >= 4, size % 4 == 0, size < bytes.count - 4,
            let replacements = String(validating: bytes[(4 + size)...], as: UTF8.self)
        else { return nil }
        units = stride(from: 4, to: 4 + size, by: 4).map(word)
        self.replacements = Array(replacements.utf8) + [0]
    }

    enum Choice { case shortest, longest }

    /// What replaces a text's beginning, and how long that is.
    func replacement(of text: UnsafeRawBufferPointer, _ choice: Choice) -> (bytes: ArraySlice<UInt8>, count: Int)? {
        var place = offset(of: units[0])
        var found: (value: Int, count: Int)?
        for (index, byte) in text.enumerated() {
            place ^= Int(byte)
            guard byte != 0, place < units.count, units[place] & 0x8000_00ff == UInt32(byte) else { break }
            let unit = units[place]
            place ^= offset(of: unit)
            guard unit >> 8 & 1 == 1, place < units.count else { continue }
            found = (Int(units[place] & 0x7fff_ffff), index + 1)
            if choice == .shortest { break }
        }
        guard let (value, count) = found, value < replacements.count,
            let end = replacements[value...].firstIndex(of: 0)
        else { return nil }
        return (replacements[value..<end], count)
    }

    private func offset(of unit: UInt32) -> Int { Int(unit >> 10) << Int((unit & 0x200) >> 6) }
}
