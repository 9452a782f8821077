public import Tensors

/// Samples of red, green and blue to what a tower takes: `(sample / 255 - mean) / deviation` per channel.
struct PixelNormalisation {
    private let table: [Float]

    init(mean: [Float], deviation: [Float]) {
        table = (0..<3).flatMap { channel in
            (0..<256).map { sample -> Float in (Float(sample) / 255 - mean[channel]) / deviation[channel] }
        }
    }

    /// `area` interleaved pixels to three planes.
    func apply(_ source: UnsafePointer<UInt8>, area: Int, to target: UnsafeMutablePointer<Float>) {
        table.withUnsafeBufferPointer { table in
            for pixel in 0..<area {
                target[pixel] = table[Int(source[pixel * 3])]
                target[area + pixel] = table[256 + Int(source[pixel * 3 + 1])]
                target[2 * area + pixel] = table[512 + Int(source[pixel * 3 + 2])]
            }
        }
    }
}

extension Picture {
    /// Pictures of any size as a batch `[B, 3, side, side]`, each squared as those of a data set are.
    public static func batch(_ pictures: [Picture], side: Int, mean: [Float], deviation: [Float]) -> Tensor {
        let normalisation = PixelNormalisation(mean: mean, deviation: deviation)
        let result = Tensor(uninitialized: [pictures.count, 3, side, side])
        for (index, picture) in pictures.enumerated() {
            normalisation.apply(
                picture.squared(side: side).samples, area: side * side, to: result.data + index * 3 * side * side)
        }
        return result
    }
}
