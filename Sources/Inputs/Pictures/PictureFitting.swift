/// How a picture of any size becomes the square that an image tower takes. It belongs to the model: the tower was
/// trained on pictures that were made so.
public struct PictureFitting: Codable, Hashable, Sendable {
    public enum Mode: String, Codable, Sendable {
        /// Padded to a white square, then resized.
        case whiteSquare
        /// The shorter side is resized, then the middle is cut out.
        case shortestSide
        /// Both sides are resized to the square, whatever their ratio.
        case squash
        /// The longer side is resized, then the rest is filled with black.
        case longestSide
    }

    /// Where the middle lies when the margin is odd.
    public enum Rounding: String, Codable, Sendable {
        /// Half a pixel is dropped, as in transformers.
        case down
        /// Half a pixel goes to the even number, as in torchvision.
        case even
    }

    /// Which side of the picture is up.
    public enum Orientation: String, Codable, Sendable {
        /// As its samples are stored: what the published models' own preparation does.
        case stored
        /// As its EXIF data say.
        case upright
    }

    public var mode: Mode
    public var interpolation: Interpolation
    public var rounding: Rounding
    /// What a side is resized to before the middle is cut out; nil is the tower's size.
    public var resizedSide: Int?
    public var orientation: Orientation

    public init(
        _ mode: Mode, _ interpolation: Interpolation = .bicubic, rounding: Rounding = .even, resizedSide: Int? = nil,
        orientation: Orientation = .stored
    ) {
        self.mode = mode
        self.interpolation = interpolation
        self.rounding = rounding
        self.resizedSide = resizedSide
        self.orientation = orientation
    }

    /// How this program makes its own pictures.
    public static let whiteSquare = PictureFitting(.whiteSquare)

    /// The picture as RGB of `side` x `side`, as Pillow's, open_clip's and transformers' resizing makes it of an RGB picture.
    ///
    /// Colours are converted first, as in transformers; open_clip's own transform resizes palettes (by the nearest pixel),
    /// premultiplied transparency and inks, and converts then; transformers lays transparency over white from 5.0 on. On a white square transparency shows the white; the other modes drop it
    /// and take the colours below it, as Pillow's `convert("RGB")` does.
    public func callAsFunction(_ picture: Picture, side: Int) -> Picture {
        let picture = orientation == .upright ? picture.upright() : picture
        let opaque = mode == .whiteSquare ? picture.compositedOnWhite() : picture.withoutAlpha()
        return resized(opaque, side: side)
    }

    private func resized(_ picture: Picture, side: Int) -> Picture {
        switch mode {
        case .whiteSquare:
            return picture.paddedToSquare().resized(width: side, height: side, interpolation)
        case .squash:
            return picture.resized(width: side, height: side, interpolation)
        case .shortestSide:
            let target = resizedSide ?? side
            let shorter = min(picture.width, picture.height)
            func scaled(_ length: Int) -> Int { length == shorter ? target : max(1, target * length / shorter) }
            return picture.resized(width: scaled(picture.width), height: scaled(picture.height), interpolation)
                .centred(side: side, rounding)
        case .longestSide:
            let longer = Double(max(picture.width, picture.height))
            func scaled(_ length: Int) -> Int {
                max(1, Int((Double(length) / (longer / Double(side))).rounded(.toNearestOrEven)))
            }
            return picture.resized(width: scaled(picture.width), height: scaled(picture.height), interpolation)
                .centred(side: side, rounding)
        }
    }

    /// Whether a picture of that size stays as it is.
    public func keeps(width: Int, height: Int, side: Int) -> Bool {
        width == side && height == side && (mode != .shortestSide || resizedSide ?? side == side)
    }

    /// In words, such as "shortest side to 224 (bicubic), middle 224 x 224".
    public func description(side: Int) -> String {
        (orientation == .upright ? "turned upright as EXIF says, " : "") + resizing(side: side)
    }

    private func resizing(side: Int) -> String {
        switch mode {
        case .whiteSquare: "padded to a white square, resized to \(side) (\(interpolation.rawValue))"
        case .squash: "both sides resized to \(side) (\(interpolation.rawValue))"
        case .shortestSide:
            "shorter side resized to \(resizedSide ?? side) (\(interpolation.rawValue)), the middle \(side) x \(side) cut out"
        case .longestSide: "longer side resized to \(side) (\(interpolation.rawValue)), filled with black"
        }
    }
}

extension Picture {
    /// The middle `side` x `side` of an RGB picture; what it lacks is black.
    fileprivate func centred(side: Int, _ rounding: PictureFitting.Rounding) -> Picture {
        if width == side && height == side { return self }
        // Padding first, the odd line right and below; then the crop.
        let (fullWidth, fullHeight) = (max(width, side), max(height, side))
        let (left, top) = ((fullWidth - width) / 2, (fullHeight - height) / 2)
        func margin(_ length: Int) -> Int {
            let half = Double(length - side) / 2
            return Int(rounding == .even ? half.rounded(.toNearestOrEven) : half.rounded(.down))
        }
        let (cropLeft, cropTop) = (margin(fullWidth), margin(fullHeight))
        var result = [UInt8](repeating: 0, count: side * side * 3)
        for row in 0..<side {
            let sourceRow = row + cropTop - top
            guard (0..<height).contains(sourceRow) else { continue }
            let first = max(0, left - cropLeft)
            let last = min(side, left - cropLeft + width)
            let source = (sourceRow * width + first + cropLeft - left) * 3
            let target = (row * side + first) * 3
            result.replaceSubrange(
                target..<target + (last - first) * 3, with: samples[source..<source + (last - first) * 3])
        }
        return Picture(width: side, height: side, channels: 3, samples: result)
    }
}

extension KeyedDecodingContainer {
    /// What files from before there was a choice lack is read as `stored`; the decoding that the compiler writes calls this.
    func decode(_ type: PictureFitting.Orientation.Type, forKey key: Key) throws -> PictureFitting.Orientation {
        try decodeIfPresent(type, forKey: key) ?? .stored
    }
}
