internal import CImageCodecs
internal import Foundation

extension Picture {
    /// The largest number of pixels that is decoded: a small file may claim to be a huge picture.
    public static let pixelLimit = 100_000_000

    /// Reads a PNG or JPEG file. Throws a `PictureError` that names the file.
    public static func read(_ path: String) throws -> Picture {
        guard let data = FileManager.default.contents(atPath: path) else {
            let exists = FileManager.default.fileExists(atPath: path)
            throw exists ? PictureError.unreadable(path, reason: "it cannot be opened") : PictureError.missing(path)
        }
        return try decode([UInt8](data), name: path)
    }

    /// Decodes the bytes of a PNG (any depth and colour type, to 8-bit RGB or RGBA) or JPEG (grey or colour, to RGB).
    ///
    /// - Parameter name: what an error calls the picture.
    /// - Throws: `PictureError` where the bytes are neither, are damaged or cut short, or claim too many pixels.
    public static func decode(_ bytes: [UInt8], name: String) throws -> Picture {
        if bytes.starts(with: [0x89, 0x50, 0x4e, 0x47]) { return try decodePNG(bytes, name) }
        if bytes.starts(with: [0xff, 0xd8, 0xff]) { return try decodeJPEG(bytes, name) }
        throw PictureError.unreadable(name, reason: "it is neither PNG nor JPEG")
    }

    private static func checkSize(_ width: Int, _ height: Int, _ name: String) throws {
        guard width > 0, height > 0 else { throw PictureError.unreadable(name, reason: "it has no pixels") }
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, pixels <= pixelLimit else {
            throw PictureError.unreadable(
                name,
                reason: "\(width)x\(height) pixels are more than the \(pixelLimit) that are decoded; shrink it first")
        }
    }

    /// libpng's simplified interface: it returns its errors, so none of its long jumps crosses this code.
    private static func decodePNG(_ bytes: [UInt8], _ name: String) throws -> Picture {
        var image = png_image()
        image.version = png_uint_32(PNG_IMAGE_VERSION)
        defer { png_image_free(&image) }
        guard png_image_begin_read_from_memory(&image, bytes, bytes.count) != 0 else {
            throw PictureError.unreadable(name, reason: message(of: image))
        }
        try checkSize(Int(image.width), Int(image.height), name)
        let hasAlpha = image.format & png_uint_32(PNG_FORMAT_FLAG_ALPHA) != 0
        image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR) | (hasAlpha ? png_uint_32(PNG_FORMAT_FLAG_ALPHA) : 0)
        // Without a colour profile 16-bit samples are read like 8-bit ones, not as linear light.
        image.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
        let (width, height, channels) = (Int(image.width), Int(image.height), hasAlpha ? 4 : 3)
        var samples = [UInt8](repeating: 0, count: width * height * channels)
        guard png_image_finish_read(&image, nil, &samples, png_int_32(width * channels), nil) != 0 else {
            throw PictureError.unreadable(name, reason: message(of: image))
        }
        return Picture(width: width, height: height, channels: channels, samples: samples)
    }

    private static func message(of image: png_image) -> String {
        withUnsafeBytes(of: image.message) { "PNG: " + String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private static func decodeJPEG(_ bytes: [UInt8], _ name: String) throws -> Picture {
        guard let decoder = tjInitDecompress() else {
            throw PictureError.unreadable(name, reason: "the JPEG decoder cannot start")
        }
        defer { tjDestroy(decoder) }
        func failure() -> PictureError {
            .unreadable(name, reason: "JPEG: " + (tjGetErrorStr2(decoder).map { String(cString: $0) } ?? "damaged"))
        }
        var (width, height, subsampling, colourSpace): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
        guard
            tjDecompressHeader3(decoder, bytes, UInt(bytes.count), &width, &height, &subsampling, &colourSpace) == 0
        else { throw failure() }
        try checkSize(Int(width), Int(height), name)
        if colourSpace == Int32(TJCS_CMYK.rawValue) || colourSpace == Int32(TJCS_YCCK.rawValue) {
            throw PictureError.unreadable(name, reason: "it is a CMYK JPEG; save it as RGB")
        }
        var samples = [UInt8](repeating: 0, count: Int(width) * Int(height) * 3)
        let status = tjDecompress2(
            decoder, bytes, UInt(bytes.count), &samples, width, 0, height, Int32(TJPF_RGB.rawValue), TJFLAG_ACCURATEDCT)
        // A warning alone, such as stray bytes between segments, leaves a whole picture; a file cut short does not.
        if status != 0 {
            let error = failure()
            let isWarning = tjGetErrorCode(decoder) == Int32(TJERR_WARNING.rawValue)
            if !isWarning || error.description.contains("Premature end") { throw error }
        }
        return Picture(width: Int(width), height: Int(height), channels: 3, samples: samples)
    }
}
