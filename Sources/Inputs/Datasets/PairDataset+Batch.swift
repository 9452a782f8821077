public import Tensors

extension PairDataset {
    /// Mean and deviation of red, green and blue in [0, 1], as OpenAI's CLIP normalises pictures.
    public static let clipMean: [Float] = [0.48145466, 0.4578275, 0.40821073]
    public static let clipDeviation: [Float] = [0.26862954, 0.26130258, 0.27577711]

    /// The given pictures as a tensor `[B, 3, H, W]`: `(sample / 255 - mean) / deviation` per channel.
    ///
    /// Throws `PairError.unequalPictures` where they are not all of one size.
    public func imageBatch(
        _ pictures: [Int], mean: [Float] = clipMean, deviation: [Float] = clipDeviation, in workspace: Workspace? = nil
    ) throws -> Tensor {
        let normalisation = PixelNormalisation(mean: mean, deviation: deviation)
        let mapped = try mapped
        return batch(pictures, mapped, workspace) { _, source, target in
            normalisation.apply(source, area: mapped.height * mapped.width, to: target)
        }
    }

    /// The same with every picture made a square of `side` first, as a tower wants it: `[B, 3, side, side]`.
    ///
    /// Throws `PictureError` or `ArchiveError` where a picture can no longer be read.
    public func imageBatch(
        _ pictures: [Int], fitting: PictureFitting, side: Int, mean: [Float], deviation: [Float],
        in workspace: Workspace? = nil
    ) throws -> Tensor {
        if let (height, width) = imageSize, fitting.keeps(width: width, height: height, side: side) {
            return try imageBatch(pictures, mean: mean, deviation: deviation, in: workspace)
        }
        return try Picture.batch(
            pictures.count, fitting: fitting, side: side, mean: mean, deviation: deviation, in: workspace
        ) { try picture(pictures[$0]) }
    }

    /// Pictures of one size with a random crop, mirror image and colours of each, resampled bilinearly.
    ///
    /// What is drawn depends on the state of `generator` only: a checkpoint that keeps it repeats the batch.
    /// Throws `PairError.unequalPictures` where they are not all of one size.
    public func imageBatch(
        _ pictures: [Int], mean: [Float] = clipMean, deviation: [Float] = clipDeviation,
        augmentation: ImageAugmentation, using generator: inout RandomGenerator, in workspace: Workspace? = nil
    ) throws -> Tensor {
        let mapped = try mapped
        let (height, width) = (mapped.height, mapped.width)
        let crops = pictures.map { _ in augmentation.crop(using: &generator) }
        let shifts = augmentation.jitter > 0 ? pictures.map { _ in augmentation.colours(using: &generator) } : nil
        return batch(pictures, mapped, workspace) { index, source, target in
            let crop = crops[index]
            let columns = CropAxis(start: crop.left, extent: crop.width, size: width, isMirrored: crop.isMirrored)
            let rows = CropAxis(start: crop.top, extent: crop.height, size: height, isMirrored: false)
            for row in 0..<height {
                let upper = source + rows.low[row] * width * 3
                let lower = source + rows.high[row] * width * 3
                let down = rows.share[row]
                for column in 0..<width {
                    let (left, right, across) = (
                        columns.low[column] * 3, columns.high[column] * 3, columns.share[column]
                    )
                    for channel in 0..<3 {
                        let top = Float(upper[left + channel]) * (1 - across) + Float(upper[right + channel]) * across
                        let bottom =
                            Float(lower[left + channel]) * (1 - across) + Float(lower[right + channel]) * across
                        let value = top * (1 - down) + bottom * down
                        target[(channel * height + row) * width + column] = value / 255
                    }
                }
            }
            let area = height * width
            shifts?[index].apply(to: target, area: area)
            for channel in 0..<3 {
                let (centre, factor) = (mean[channel], 1 / deviation[channel])
                for position in channel * area..<(channel + 1) * area {
                    target[position] = (target[position] - centre) * factor
                }
            }
        }
    }

    /// The pictures of one size as they lie in their file.
    private var mapped: MappedPictures {
        get throws {
            guard let mapped = content.pictures as? MappedPictures else { throw PairError.unequalPictures(path) }
            return mapped
        }
    }

    /// Fills `[B, 3, H, W]`, pictures in parallel: `fill` gets the position in the batch, the samples and the target.
    private func batch(
        _ pictures: [Int], _ mapped: MappedPictures, _ workspace: Workspace?,
        _ fill: (Int, UnsafePointer<UInt8>, UnsafeMutablePointer<Float>) -> Void
    ) -> Tensor {
        let result = Tensor(uninitialized: [pictures.count, 3, mapped.height, mapped.width], in: workspace)
        let (target, count) = (result.data, mapped.height * mapped.width * 3)
        withExtendedLifetime((mapped, result)) {
            parallel(pictures.count, cost: Double(count) * 2) { range in
                for index in range { fill(index, mapped.samples(selection[pictures[index]]), target + index * count) }
            }
        }
        return result
    }
}

/// Where each output position of an axis lies between two input positions.
private struct CropAxis {
    private(set) var low: [Int] = []
    private(set) var high: [Int] = []
    /// The weight of `high`.
    private(set) var share: [Float] = []

    init(start: Float, extent: Float, size: Int, isMirrored: Bool) {
        for position in 0..<size {
            let place = isMirrored ? size - 1 - position : position
            let center = start * Float(size) + (Float(place) + 0.5) * extent - 0.5
            let clamped = max(0, min(Float(size - 1), center))
            low.append(Int(clamped))
            high.append(min(Int(clamped) + 1, size - 1))
            share.append(clamped - clamped.rounded(.down))
        }
    }
}
