internal import CKernels

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
        return filled(width: newWidth, height: height) { source, target in
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: 4 * width) { wide in
                // The fourth lane of a pixel is never looked at.
                wide.initialize(repeating: 0)
                for row in 0..<height {
                    resample_pixels(
                        source + row * width * 3, width, taps.first, taps.counts, taps.weights, taps.most,
                        wide.baseAddress, target + row * newWidth * 3, newWidth)
                }
            }
        }
    }

    private func resizedVertically(to newHeight: Int, _ interpolation: Interpolation) -> Picture {
        if newHeight == height { return self }
        let taps = ResamplingTaps(from: height, to: newHeight, interpolation)
        let length = width * 3
        return filled(width: width, height: newHeight) { source, target in
            taps.weights.withUnsafeBufferPointer { weights in
                for row in 0..<newHeight {
                    resample_lines(
                        source + Int(taps.first[row]) * length, length,
                        weights.baseAddress.map { $0 + row * taps.most },
                        Int(taps.counts[row]), target + row * length)
                }
            }
        }
    }

    /// A picture of that size whose samples `body` writes from mine.
    private func filled(
        width: Int, height: Int, _ body: (UnsafePointer<UInt8>, UnsafeMutablePointer<UInt8>) -> Void
    ) -> Picture {
        let count = width * height * 3
        let result = [UInt8](unsafeUninitializedCapacity: count) { target, written in
            samples.withUnsafeBufferPointer { source in
                if let source = source.baseAddress, let target = target.baseAddress { body(source, target) }
            }
            written = count
        }
        return Picture(width: width, height: height, channels: 3, samples: result)
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
    let first: [Int32]
    let counts: [Int32]
    /// Those of an output position begin at its number times `most`.
    let weights: [Int32]
    let most: Int

    init(from inputSize: Int, to outputSize: Int, _ interpolation: Interpolation) {
        let taps = interpolation.taps(from: inputSize, to: outputSize)
        most = taps.lazy.map(\.weights.count).max() ?? 0
        first = taps.map { Int32($0.first) }
        counts = taps.map { Int32($0.weights.count) }
        var weights = [Int32](repeating: 0, count: outputSize * most)
        for (position, tap) in taps.enumerated() {
            for (index, value) in tap.weights.enumerated() {
                let scaled = value * Double(1 << 22)
                weights[position * most + index] = Int32(value < 0 ? scaled - 0.5 : scaled + 0.5)
            }
        }
        self.weights = weights
    }
}
