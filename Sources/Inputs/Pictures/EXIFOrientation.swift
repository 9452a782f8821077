/// The orientation that a picture's file tells in EXIF data: 1...8, 1 for upright and where nothing is told.
///
/// Source: EXIF 2.32, tag 0x0112 of the first directory of a TIFF structure.
enum EXIFOrientation {
    private static let tag = 0x0112
    private static let prefix = Array("Exif\0\0".utf8)

    /// The segment APP1 before the scans.
    static func ofJPEG(_ bytes: [UInt8]) -> Int {
        var place = 2
        while place + 4 <= bytes.count, bytes[place] == 0xff {
            let marker = bytes[place + 1]
            if marker == 0xff {
                place += 1
                continue
            }
            if marker == 0xda || marker == 0xd9 { break }
            let end = place + 2 + number(bytes, place + 2, 2)
            guard end > place + 3, end <= bytes.count else { break }
            let content = bytes[place + 4..<end]
            if marker == 0xe1, content.starts(with: prefix) { return orientation(Array(content.dropFirst(6))) }
            place = end
        }
        return 1
    }

    /// The chunk eXIf.
    static func ofPNG(_ bytes: [UInt8]) -> Int {
        chunk("eXIf", bytes, from: 8, header: 8) { (number(bytes, $0, 4), $0 + 4, 4) }
    }

    /// The chunk EXIF of the container; its lengths are even.
    static func ofWebP(_ bytes: [UInt8]) -> Int {
        chunk("EXIF", bytes, from: 12, header: 8) { place in
            let length = number(bytes, place + 4, 4, isLittle: true)
            return (length, place, length & 1)
        }
    }

    /// - `layout`: of the chunk at a place: its length, where its name begins, and what follows its content.
    private static func chunk(
        _ name: String, _ bytes: [UInt8], from start: Int, header: Int,
        _ layout: (Int) -> (length: Int, name: Int, after: Int)
    ) -> Int {
        var place = start
        while place + header <= bytes.count {
            let (length, nameStart, after) = layout(place)
            let content = place + header
            guard length <= bytes.count - content else { break }
            if bytes[nameStart..<nameStart + 4].elementsEqual(name.utf8) {
                let tiff = bytes[content..<content + length]
                return orientation(Array(tiff.starts(with: prefix) ? tiff.dropFirst(6) : tiff))
            }
            place = content + length + after
        }
        return 1
    }

    /// Of a TIFF structure.
    private static func orientation(_ tiff: [UInt8]) -> Int {
        guard tiff.count >= 8 else { return 1 }
        let isLittle = tiff.starts(with: "II".utf8)
        let directory = number(tiff, 4, 4, isLittle: isLittle)
        guard isLittle || tiff.starts(with: "MM".utf8), directory <= tiff.count - 2 else { return 1 }
        for entry in 0..<number(tiff, directory, 2, isLittle: isLittle) {
            let place = directory + 2 + entry * 12
            guard place + 12 <= tiff.count else { break }
            if number(tiff, place, 2, isLittle: isLittle) == tag {
                let value = number(tiff, place + 8, 2, isLittle: isLittle)
                return (1...8).contains(value) ? value : 1
            }
        }
        return 1
    }

    /// A whole number of 2 or 4 bytes.
    private static func number(_ bytes: [UInt8], _ place: Int, _ count: Int, isLittle: Bool = false) -> Int {
        let digits = bytes[place..<place + count]
        return (isLittle ? digits.reversed() : Array(digits)).reduce(0) { $0 << 8 | Int($1) }
    }
}
