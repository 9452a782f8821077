/// A decoded picture: 8-bit samples, row-major, channels interleaved (`[height, width, channels]`).
///
/// Three channels are RGB; four are RGB with straight (not premultiplied) alpha.
public struct Picture: Equatable, Sendable {
    public let width: Int
    public let height: Int
    /// 3 for RGB, 4 for RGBA.
    public let channels: Int
    public let samples: [UInt8]
    /// How the picture has to be turned to stand upright, as EXIF numbers it: 1 for not at all, up to 8.
    public var orientation = 1
    /// What the one who uses the picture should know about how it was read.
    public var caveat: String?

    public init(width: Int, height: Int, channels: Int, samples: [UInt8]) {
        precondition(channels == 3 || channels == 4, "a picture has 3 or 4 channels, not \(channels)")
        precondition(
            width > 0 && height > 0 && samples.count == width * height * channels,
            "\(samples.count) samples do not make a picture of \(width)x\(height)x\(channels)")
        self.width = width
        self.height = height
        self.channels = channels
        self.samples = samples
    }

    /// The picture laid over white: RGB. A picture without alpha is returned as it is.
    ///
    /// Each sample is `(c·a + 255·(255 - a)) / 255`, rounded to nearest.
    public func compositedOnWhite() -> Picture {
        if channels == 3 { return self }
        let count = width * height
        let result = [UInt8](unsafeUninitializedCapacity: count * 3) { target, written in
            samples.withUnsafeBufferPointer { source in
                for pixel in 0..<count {
                    let alpha = Int(source[pixel * 4 + 3])
                    let white = 255 * (255 - alpha)
                    for channel in 0..<3 {
                        target[pixel * 3 + channel] = UInt8(
                            (Int(source[pixel * 4 + channel]) * alpha + white + 127) / 255)
                    }
                }
            }
            written = count * 3
        }
        return Picture(width: width, height: height, channels: 3, samples: result)
    }

    /// The colours without regard to transparency: RGB.
    public func withoutAlpha() -> Picture {
        if channels == 3 { return self }
        var result = [UInt8](repeating: 0, count: width * height * 3)
        for pixel in 0..<width * height {
            for channel in 0..<3 { result[pixel * 3 + channel] = samples[pixel * 4 + channel] }
        }
        return Picture(width: width, height: height, channels: 3, samples: result)
    }

    /// The picture as the camera was held, of orientation 1, as Pillow's `exif_transpose` turns it.
    public func upright() -> Picture {
        if orientation == 1 { return self }
        let (newWidth, newHeight) = orientation < 5 ? (width, height) : (height, width)
        let (right, bottom) = (width - 1, (height - 1) * width)
        // The pixel that becomes the first one, the way to its right neighbour, and to the one below.
        let (first, across, down) =
            switch orientation {
            case 2: (right, -1, width)
            case 3: (bottom + right, -1, -width)
            case 4: (bottom, 1, -width)
            case 5: (0, width, 1)
            case 6: (bottom, -width, 1)
            case 7: (bottom + right, -width, -1)
            default: (right, width, -1)
            }
        let turned = [UInt8](unsafeUninitializedCapacity: samples.count) { target, written in
            samples.withUnsafeBufferPointer { source in
                for y in 0..<newHeight {
                    for x in 0..<newWidth {
                        let pixel = (first + x * across + y * down) * channels
                        for channel in 0..<channels { target[written + channel] = source[pixel + channel] }
                        written += channels
                    }
                }
            }
        }
        return Picture(width: newWidth, height: newHeight, channels: channels, samples: turned)
    }

    /// The picture centred on a white square of its longer side; an odd margin leaves the extra line right and below.
    public func paddedToSquare() -> Picture {
        if width == height { return self }
        let side = max(width, height)
        var result = [UInt8](repeating: 255, count: side * side * channels)
        let left = (side - width) / 2
        let top = (side - height) / 2
        for row in 0..<height {
            let source = row * width * channels
            let target = ((top + row) * side + left) * channels
            result.replaceSubrange(
                target..<target + width * channels, with: samples[source..<source + width * channels])
        }
        return Picture(width: side, height: side, channels: channels, samples: result)
    }

    /// The part of the picture that starts at column `left` and row `top`.
    public func cropped(left: Int, top: Int, width: Int, height: Int) -> Picture {
        precondition(
            left >= 0 && top >= 0 && left + width <= self.width && top + height <= self.height,
            "a crop of \(width)x\(height) at (\(left), \(top)) leaves the picture of \(self.width)x\(self.height)")
        var result: [UInt8] = []
        result.reserveCapacity(width * height * channels)
        for row in top..<top + height {
            let start = (row * self.width + left) * channels
            result += samples[start..<start + width * channels]
        }
        return Picture(width: width, height: height, channels: channels, samples: result)
    }
}
