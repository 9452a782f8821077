internal import Synchronization
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
    /// Pictures of any size as an image tower takes them: `[B, 3, side, side]`.
    ///
    /// - `picture`: gives the picture with that number, of `count`; called from several threads.
    /// - Throws: what `picture` throws for the first that fails.
    public static func batch(
        _ count: Int, fitting: PictureFitting, side: Int, mean: [Float], deviation: [Float],
        in workspace: Workspace? = nil, _ picture: (Int) throws -> Picture
    ) throws -> Tensor {
        let result = Tensor(uninitialized: [count, 3, side, side], in: workspace)
        let (target, area) = (result.data, side * side)
        let normalisation = PixelNormalisation(mean: mean, deviation: deviation)
        let failures = Mutex<[Int: any Error]>([:])
        parallel(count, cost: 20 * Double(area)) { range in
            for index in range {
                do {
                    let fitted = fitting(try picture(index), side: side)
                    normalisation.apply(fitted.samples, area: area, to: target + index * 3 * area)
                } catch {
                    failures.withLock { $0[index] = error }
                }
            }
        }
        if let first = failures.withLock({ $0.min { $0.key < $1.key }?.value }) { throw first }
        return result
    }
}
