extension Picture {
    /// Antialiased resizing (support scaled by the reduction), bit-equal to Pillow 13's `Image.resize(size, KERNEL)` on
    /// RGB: a horizontal and a vertical pass, each with coefficients of 22 fractional bits and rounding to 8 bits. The vertical pass comes first where it removes lines, and more than
    /// twice as many as the horizontal one (Pillow before 13 always begins with the horizontal one).
    ///
    /// The picture must be RGB: lay a transparent one over white first.
    public func resized(width: Int, height: Int, _ interpolation: Interpolation = .bicubic) -> Picture {
        precondition(channels == 3, "resizing needs an RGB picture: composite it first")
        precondition(width > 0 && height > 0, "a picture cannot be resized to \(width)x\(height)")
        let removed = (columns: self.width - width, lines: self.height - height)
        if removed.lines > max(0, 2 * removed.columns) {
            return resizedVertically(to: height, interpolation).resizedHorizontally(to: width, interpolation)
        }
        return resizedHorizontally(to: width, interpolation).resizedVertically(to: height, interpolation)
    }

    private func resizedHorizontally(to newWidth: Int, _ interpolation: Interpolation) -> Picture {
        if newWidth == width { return self }
        let taps = ResamplingTaps(from: width, to: newWidth, interpolation)
        let result = [UInt8](unsafeUninitializedCapacity: newWidth * height * 3) { target, written in
            samples.withUnsafeBufferPointer { source in
                for row in 0..<height {
                    for column in 0..<newWidth {
                        taps.apply(
                            at: column, source, from: row * width * 3, stride: 3, target,
                            to: (row * newWidth + column) * 3)
                    }
                }
            }
            written = newWidth * height * 3
        }
        return Picture(width: newWidth, height: height, channels: 3, samples: result)
    }

    private func resizedVertically(to newHeight: Int, _ interpolation: Interpolation) -> Picture {
        if newHeight == height { return self }
        let taps = ResamplingTaps(from: height, to: newHeight, interpolation)
        let result = [UInt8](unsafeUninitializedCapacity: width * newHeight * 3) { target, written in
            samples.withUnsafeBufferPointer { source in
                for row in 0..<newHeight {
                    for column in 0..<width {
                        taps.apply(
                            at: row, source, from: column * 3, stride: width * 3, target, to: (row * width + column) * 3
                        )
                    }
                }
            }
            written = width * newHeight * 3
        }
        return Picture(width: width, height: newHeight, channels: 3, samples: result)
    }

    /// The picture as people look at it: upright, on white, its longer side at most `side`.
    public func thumbnail(side: Int) -> Picture {
        let picture = upright().compositedOnWhite()
        let longer = max(picture.width, picture.height)
        if longer <= side { return picture }
        func scaled(_ length: Int) -> Int { max(1, length * side / longer) }
        return picture.resized(width: scaled(picture.width), height: scaled(picture.height))
    }

    /// Pads to a white square on white and resizes to `side`: how every picture enters a data set.
    public func squared(side: Int) -> Picture {
        compositedOnWhite().paddedToSquare().resized(width: side, height: side)
    }
}

/// For each output position of one axis, the first input position and the fixed-point weights.
private struct ResamplingTaps {
    private static let precisionBits = 22
    private let first: [Int]
    private let counts: [Int]
    private let weights: [Int32]
    private let width: Int

    init(from inputSize: Int, to outputSize: Int, _ interpolation: Interpolation) {
        let taps = interpolation.taps(from: inputSize, to: outputSize)
        width = taps.lazy.map(\.weights.count).max() ?? 0
        first = taps.map(\.first)
        counts = taps.map(\.weights.count)
        var weights = [Int32](repeating: 0, count: outputSize * width)
        for (position, tap) in taps.enumerated() {
            for (index, value) in tap.weights.enumerated() {
                let scaled = value * Double(1 << Self.precisionBits)
                weights[position * width + index] = Int32(value < 0 ? scaled - 0.5 : scaled + 0.5)
            }
        }
        self.weights = weights
    }

    /// The three samples of one output pixel.
    @inline(__always)
    func apply(
        at position: Int, _ source: UnsafeBufferPointer<UInt8>, from start: Int, stride: Int,
        _ target: UnsafeMutableBufferPointer<UInt8>, to end: Int
    ) {
        let half = Int32(1) << Int32(Self.precisionBits - 1)
        var (red, green, blue) = (half, half, half)
        weights.withUnsafeBufferPointer { weights in
            var pixel = start + first[position] * stride
            let base = position * width
            for tap in base..<base + counts[position] {
                let weight = weights[tap]
                red &+= Int32(source[pixel]) &* weight
                green &+= Int32(source[pixel + 1]) &* weight
                blue &+= Int32(source[pixel + 2]) &* weight
                pixel += stride
            }
        }
        target[end] = Self.clipped(red)
        target[end + 1] = Self.clipped(green)
        target[end + 2] = Self.clipped(blue)
    }

    private static func clipped(_ sum: Int32) -> UInt8 { UInt8(max(0, min(255, sum >> Int32(precisionBits)))) }
}
