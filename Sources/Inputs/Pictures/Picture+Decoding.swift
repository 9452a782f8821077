internal import Foundation

extension Picture {
    /// The largest number of pixels that is decoded: a small file may claim to be a huge picture.
    public static let pixelLimit = 100_000_000

    /// How the names of files end that `read` can read.
    public static let fileEndings = ["png", "jpg", "jpeg", "webp"]

    /// Reads a PNG, JPEG or WebP file. Throws a `PictureError` that names the file.
    public static func read(_ path: String) throws -> Picture { try decode(bytes(path), name: path) }

    /// The bytes of a picture's file. Throws a `PictureError` that names it.
    static func bytes(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            let exists = FileManager.default.fileExists(atPath: path)
            throw exists ? PictureError.unreadable(path, reason: "it cannot be opened") : PictureError.missing(path)
        }
        return [UInt8](data)
    }

    /// Decodes the bytes of a PNG (any depth and colour type), JPEG (grey, RGB, YCbCr, CMYK, YCCK) or WebP (of an animation
    /// the first picture) to 8-bit RGB, or RGBA where there is transparency.
    ///
    /// The samples are those of Pillow's `open` and `convert("RGB")`, alpha aside: upper bytes of 16-bit colours; 16-bit grey
    /// cut off at 255; palettes and JPEG's CMYK, taken as inverted, become RGB; gamma and profiles are not applied, nor is
    /// the orientation, which `upright()` does.
    ///
    /// - `name`: what an error calls the picture.
    /// - Throws: `PictureError` where the bytes are none of these, are damaged or cut short, or claim too many pixels.
    public static func decode(_ bytes: [UInt8], name: String) throws -> Picture {
        func starts(_ signature: String, at offset: Int = 0) -> Bool {
            bytes.dropFirst(offset).starts(with: signature.utf8)
        }
        if bytes.starts(with: [0x89, 0x50, 0x4e, 0x47]) { return try decodePNG(bytes, name) }
        if bytes.starts(with: [0xff, 0xd8, 0xff]) { return try decodeJPEG(bytes, name) }
        if starts("RIFF"), starts("WEBP", at: 8) { return try decodeWebP(bytes, name) }
        let others = [
            ("a GIF", starts("GIF8")), ("a BMP", starts("BM")), ("a TIFF", starts("II*\0") || starts("MM\0*")),
            ("an AVIF or HEIC", starts("ftyp", at: 4)),
        ]
        let found = others.first(where: \.1)?.0 ?? "no picture that is known here"
        throw PictureError.unreadable(name, reason: "it is \(found); PNG, JPEG and WebP are read")
    }

    static func checkSize(_ width: Int, _ height: Int, _ name: String) throws {
        guard width > 0, height > 0 else { throw PictureError.unreadable(name, reason: "it has no pixels") }
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, pixels <= pixelLimit else {
            throw PictureError.unreadable(
                name,
                reason: "\(width)x\(height) pixels are more than the \(pixelLimit) that are decoded; shrink it first")
        }
    }
}
