internal import Tensors

extension Variable {
    /// Square patches as rows: [B, C, H, W] -> [B, ⌊H/P⌋ · ⌊W/P⌋, C·P·P]. What is left at the lower and right edges is in no
    /// patch, as in a strided convolution.
    ///
    /// Patches run along rows of the picture; inside a patch the channel is outermost, so the weight of a strided
    /// convolution [D, C, P, P] reshapes to a linear layer's [D, C·P·P].
    public static func patches(of images: Variable, size P: Int) -> Variable {
        let shape = images.shape
        requireShape(
            shape.rank == 4 && P > 0 && shape[2] >= P && shape[3] >= P, "patches",
            expected: "[B, C, H, W] with sides of at least \(P)", shape)
        let workspace = images.workspace
        let (rows, columns) = (shape[2] / P, shape[3] / P)
        let patchShape: Shape = [shape[0], rows * columns, shape[1] * P * P]
        let result = Tensor(uninitialized: patchShape, in: workspace)
        let (source, target) = (images.value.data, result.data)
        forEachPatchRow(of: shape, size: P) { picture, patch in
            (target + patch).update(from: source + picture, count: P)
        }
        return recorded(result, from: [images]) { upstream in
            let gradient = Tensor.zeros(shape, in: workspace)
            let (source, target) = (upstream.data, gradient.data)
            forEachPatchRow(of: shape, size: P) { picture, patch in
                (target + picture).update(from: source + patch, count: P)
            }
            return [gradient]
        }
    }
}

/// Calls `body` with the offsets of every run of P pixels: in the pictures, and in the patches.
private func forEachPatchRow(of shape: Shape, size P: Int, _ body: (Int, Int) -> Void) {
    let (C, H, W) = (shape[1], shape[2], shape[3])
    parallel(shape[0], cost: 0.5 * Double(C * H * W)) { range in
        for b in range {
            for c in 0..<C {
                for y in 0..<H / P * P {
                    for column in 0..<W / P {
                        let patch = (b * (H / P) + y / P) * (W / P) + column
                        body(((b * C + c) * H + y) * W + column * P, ((patch * C + c) * P + y % P) * P)
                    }
                }
            }
        }
    }
}
