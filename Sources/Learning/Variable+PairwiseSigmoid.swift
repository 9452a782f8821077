public import Autodiff
internal import Foundation
internal import Tensors

extension Variable {
    /// SigLIP's loss (Zhai et al., 2023, arXiv 2303.15343, Algorithm 1): every picture with every text is a question of its
    /// own, −1/B Σ_ij log σ(z_ij (exp(s) x_i · y_j + b)) with z = 1 for the B pairs and −1 for all others.
    ///
    /// - `image`: [B, D], rows of length 1, as `text`.
    /// - `logitScale`: the scalar s.
    /// - `logitBias`: the scalar b.
    public static func pairwiseSigmoid(
        image: Variable, text: Variable, logitScale: Variable, logitBias: Variable
    ) -> Variable {
        requireShape(
            image.shape.rank == 2 && text.shape == image.shape && image.shape[0] > 0, "pairwise sigmoid",
            expected: "two equal shapes [B, D]", image.shape, text.shape)
        let workspace = [image, text, logitScale, logitBias].lazy.compactMap(\.tape).first?.workspace
        let count = image.shape[0]
        let (factor, bias) = (exp(logitScale.value.item), logitBias.value.item)
        let scaled = Tensor(uninitialized: [count, count], in: workspace)
        Tensor.matmul(image.value, text.value, transposeB: true, alpha: factor, into: scaled)
        let slopes = Tensor(uninitialized: [count, count], in: workspace)
        let sums = Tensor(uninitialized: [count], in: workspace)
        let (x, g, s) = (scaled.data, slopes.data, sums.data)
        parallel(count, cost: 20 * Double(count)) { rows in
            for row in rows {
                var sum = 0.0
                for column in 0..<count {
                    let sign: Float = row == column ? -1 : 1
                    let doubt = sign * (x[row * count + column] + bias)
                    // ln(1 + e^t) without overflow, and its slope.
                    let rest = exp(-abs(doubt))
                    sum += Double(max(doubt, 0) + log1p(rest))
                    g[row * count + column] = sign * (doubt > 0 ? 1 : rest) / (1 + rest)
                }
                s[row] = Float(sum)
            }
        }
        let total = (0..<count).reduce(0.0) { $0 + Double(s[$1]) }
        let loss = Tensor(scalar: Float(total / Double(count)), in: workspace)
        return recorded(loss, from: [image, text, logitScale, logitBias]) { upstream in
            let share = upstream.item / Float(count)
            var (scaleGradient, biasGradient) = (0.0, 0.0)
            for index in 0..<count * count {
                scaleGradient += Double(slopes.data[index]) * Double(scaled.data[index])
                biasGradient += Double(slopes.data[index])
            }
            return [
                image.needsGradient ? product(text.value, transposed: false, factor * share) : nil,
                text.needsGradient ? product(image.value, transposed: true, factor * share) : nil,
                Tensor(scalar: Float(scaleGradient) * share, in: workspace),
                Tensor(scalar: Float(biasGradient) * share, in: workspace),
            ]
        }

        func product(_ features: Tensor, transposed: Bool, _ factor: Float) -> Tensor {
            let result = Tensor(uninitialized: features.shape, in: workspace)
            Tensor.matmul(slopes, features, transposeA: transposed, alpha: factor, into: result)
            return result
        }
    }
}
