extension Picture {
    /// Antialiased bicubic resizing (a = -0.5, support scaled by the reduction), bit-equal to Pillow 13's
    /// `Image.resize(size, Image.BICUBIC)` on RGB: a horizontal and a vertical pass, each with coefficients of
    /// 22 fractional bits and rounding to 8 bits. The vertical pass comes first where it removes lines, and more than
    /// twice as many as the horizontal one (Pillow before 13 always begins with the horizontal one).
    ///
    /// The picture must be RGB: lay a transparent one over white first.
    public func resized(width: Int, height: Int) -> Picture {
        precondition(channels == 3, "resizing needs an RGB picture: composite it first")
        precondition(width > 0 && height > 0, "a picture cannot be resized to \(width)x\(height)")
        let removed = (columns: self.width - width, lines: self.height - height)
        if removed.lines > max(0, 2 * removed.columns) {
            return resizedVertically(to: height).resizedHorizontally(to: width)
        }
        return resizedHorizontally(to: width).resizedVertically(to: height)
    }

    private func resizedHorizontally(to newWidth: Int) -> Picture {
        if newWidth == width { return self }
        let taps = ResamplingTaps(from: width, to: newWidth)
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

    private func resizedVertically(to newHeight: Int) -> Picture {
        if newHeight == height { return self }
        let taps = ResamplingTaps(from: height, to: newHeight)
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

    init(from inputSize: Int, to outputSize: Int) {
        let scale = Double(inputSize) / Double(outputSize)
        let filterScale = max(scale, 1)
        let support = 2 * filterScale
        width = Int(support.rounded(.up)) * 2 + 1
        var first: [Int] = []
        var counts: [Int] = []
        var weights = [Int32](repeating: 0, count: outputSize * width)
        for position in 0..<outputSize {
            let center = (Double(position) + 0.5) * scale
            let low = max(0, Int(center - support + 0.5))
            let high = min(inputSize, Int(center + support + 0.5))
            var values = (low..<high).map { Self.bicubic((Double($0) - center + 0.5) * (1 / filterScale)) }
            let total = values.reduce(0, +)
            if total != 0 { values = values.map { $0 / total } }
            for (tap, value) in values.enumerated() {
                let scaled = value * Double(1 << Self.precisionBits)
                weights[position * width + tap] = Int32(value < 0 ? scaled - 0.5 : scaled + 0.5)
            }
            first.append(low)
            counts.append(high - low)
        }
        self.first = first
        self.counts = counts
        self.weights = weights
    }

    /// Keys' cubic convolution kernel with a = -0.5.
    private static func bicubic(_ distance: Double) -> Double {
        let a = -0.5
        let x = abs(distance)
        if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
        return 0
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
