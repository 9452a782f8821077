internal import CImageCodecs

extension Picture {
    /// libjpeg's accurate integer transform and smooth upsampling, as Pillow has them.
    static func decodeJPEG(_ bytes: [UInt8], _ name: String) throws -> Picture {
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
        let isCMYK = colourSpace == Int32(TJCS_CMYK.rawValue) || colourSpace == Int32(TJCS_YCCK.rawValue)
        var samples = [UInt8](repeating: 0, count: Int(width) * Int(height) * (isCMYK ? 4 : 3))
        let status = tjDecompress2(
            decoder, bytes, UInt(bytes.count), &samples, width, 0, height,
            Int32((isCMYK ? TJPF_CMYK : TJPF_RGB).rawValue), TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS)
        // A warning alone, such as stray bytes between segments, leaves a whole picture; a file cut short does not.
        if status != 0 {
            let error = failure()
            let isWarning = tjGetErrorCode(decoder) == Int32(TJERR_WARNING.rawValue)
            if !isWarning || error.description.contains("Premature end") { throw error }
        }
        var picture = Picture(
            width: Int(width), height: Int(height), channels: 3, samples: isCMYK ? rgb(inverted: samples) : samples)
        picture.orientation = EXIFOrientation.ofJPEG(bytes)
        return picture
    }

    /// An RGB picture as a JPEG file. Throws `PictureError` where there is no memory for it.
    public func jpeg(quality: Int = 85) throws -> [UInt8] {
        precondition(channels == 3, "JPEG needs an RGB picture: composite it first")
        let failure = PictureError.unreadable("in memory", reason: "it cannot be written as JPEG")
        guard let encoder = tjInitCompress() else { throw failure }
        defer { tjDestroy(encoder) }
        var (buffer, size): (UnsafeMutablePointer<UInt8>?, UInt) = (nil, 0)
        defer { tjFree(buffer) }
        let status = tjCompress2(
            encoder, samples, Int32(width), 0, Int32(height), Int32(TJPF_RGB.rawValue), &buffer, &size,
            Int32(TJSAMP_420.rawValue), Int32(quality), 0)
        guard status == 0, let buffer else { throw failure }
        return Array(UnsafeBufferPointer(start: buffer, count: Int(size)))
    }

    /// CMYK as Adobe writes it, 255 for no ink, to RGB: `K · C / 255` with Pillow's rounding.
    private static func rgb(inverted samples: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: samples.count / 4 * 3) { target, written in
            for pixel in 0..<samples.count / 4 {
                let black = Int(samples[pixel * 4 + 3])
                for channel in 0..<3 {
                    let product = (255 - Int(samples[pixel * 4 + channel])) * black + 128
                    target[pixel * 3 + channel] = UInt8(max(0, black - ((product >> 8) + product) >> 8))
                }
            }
            written = samples.count / 4 * 3
        }
    }
}
