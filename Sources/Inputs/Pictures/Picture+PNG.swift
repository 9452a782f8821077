internal import CImageCodecs

extension Picture {
    static func decodePNG(_ bytes: [UInt8], _ name: String) throws -> Picture {
        let reader = UnsafeMutablePointer<proclip_png>.allocate(capacity: 1)
        defer { reader.deallocate() }
        let stored = StoredPNG(bytes)
        return try (stored?.bytes ?? bytes).withUnsafeBufferPointer { buffer in
            func require(_ status: Int32) throws {
                if status != 0 { return }
                let message = withUnsafeBytes(of: reader.pointee.message) { text in
                    String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
                }
                throw PictureError.unreadable(name, reason: "PNG: \(message.isEmpty ? "no memory" : message)")
            }
            let isOpen = proclip_png_open(reader, buffer.baseAddress, buffer.count, stored == nil ? 0 : 1)
            defer { proclip_png_close(reader) }
            try require(isOpen)
            let (width, height) = (Int(reader.pointee.width), Int(reader.pointee.height))
            try checkSize(width, height, name)
            try require(proclip_png_start(reader))
            let rowBytes = reader.pointee.row_bytes
            var samples = [UInt8](repeating: 0, count: rowBytes * height)
            try require(proclip_png_read(reader, &samples))
            let isDeepGrey = rowBytes == 2 * width
            var picture = Picture(
                width: width, height: height, channels: isDeepGrey ? 3 : rowBytes / width,
                samples: isDeepGrey ? clippedGrey(samples) : samples)
            picture.orientation = EXIFOrientation.ofPNG(bytes)
            if isDeepGrey { picture.caveat = "16-bit grey: as in Pillow, all above 255 is white; save it with 8 bits" }
            return picture
        }
    }

    /// What Pillow makes of 16-bit grey, whose upper byte comes first.
    private static func clippedGrey(_ samples: [UInt8]) -> [UInt8] {
        stride(from: 0, to: samples.count, by: 2).flatMap { place in
            let grey = samples[place] == 0 ? samples[place + 1] : 255
            return [grey, grey, grey]
        }
    }

    /// An RGB picture as a PNG file. Throws `PictureError` where there is no memory for it.
    public func png() throws -> [UInt8] {
        precondition(channels == 3, "PNG is written of RGB pictures: composite it first")
        var image = png_image()
        image.version = UInt32(PNG_IMAGE_VERSION)
        (image.width, image.height) = (UInt32(width), UInt32(height))
        image.format = UInt32(PNG_FORMAT_FLAG_COLOR)
        defer { png_image_free(&image) }
        // A PNG is at most a little larger than its samples.
        var bytes = [UInt8](repeating: 0, count: samples.count + samples.count / 100 + 16 * height + 4096)
        var count = bytes.count
        guard png_image_write_to_memory(&image, &bytes, &count, 0, samples, 0, nil) != 0, count <= bytes.count else {
            throw PictureError.unreadable("in memory", reason: "it cannot be written as PNG")
        }
        return Array(bytes[..<count])
    }
}
