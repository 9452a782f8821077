internal import CKernels
internal import Foundation
internal import Tensors

extension Variable {
    /// The symmetric contrastive loss (CLIP, Radford et al., 2021): mean cross-entropy of image to text and of text to
    /// image, averaged, with pair i the right answer of row i. Chance level is ln B.
    ///
    /// - Parameters:
    ///   - image: [B, D], rows of length 1, as `text`.
    ///   - logitScale: the scalar s; logits are `exp(s) · image · textᵀ`.
    public static func infoNCE(image: Variable, text: Variable, logitScale: Variable) -> Variable {
        requireShape(
            image.shape.rank == 2 && text.shape == image.shape, "infoNCE", expected: "two equal shapes [B, D]",
            image.shape, text.shape)
        requireShape(image.shape[0] > 0, "infoNCE", expected: "at least one pair", image.shape)
        let workspace = workspace(of: image, text, logitScale)
        let count = image.shape[0]
        let factor = exp(logitScale.value.item)
        let logits = Tensor(uninitialized: [count, count], in: workspace)
        Tensor.matmul(image.value, text.value, transposeB: true, alpha: factor, into: logits)
        let rowLogs = Tensor(uninitialized: [count], in: workspace)
        let columnLogs = Tensor(uninitialized: [count], in: workspace)
        let maxima = Tensor(uninitialized: [count], in: workspace)
        let (x, rows, columns) = (logits.data, rowLogs.data, columnLogs.data)
        parallel(count, cost: Double(count)) { range in
            rows_log_sum_exp(x + range.lowerBound * count, rows + range.lowerBound, range.count, count)
        }
        columns_log_sum_exp(x, maxima.data, columns, count, count)
        let sum = (0..<count).reduce(0.0) { sum, i in
            sum + Double(rows[i]) + Double(columns[i]) - 2 * Double(x[i * count + i])
        }
        let loss = Tensor(scalar: Float(sum / Double(2 * count)), in: workspace)
        return recorded(loss, from: [image, text, logitScale]) { upstream in
            let gradient = Tensor(uninitialized: [count, count], in: workspace)
            let (x, rows, columns, g) = (logits.data, rowLogs.data, columnLogs.data, gradient.data)
            let share = upstream.item / Float(2 * count)
            parallel(count, cost: 2 * Double(count)) { range in
                contrastive_gradient(x, rows, columns, share, g, range.lowerBound, range.upperBound, count)
            }
            return [
                image.needsGradient ? product(gradient, text.value, factor, false) : nil,
                text.needsGradient ? product(gradient, image.value, factor, true) : nil,
                logitScale.needsGradient ? Tensor.full(logitScale.shape, gradient.dot(logits), in: workspace) : nil,
            ]
        }

        func product(_ a: Tensor, _ b: Tensor, _ alpha: Float, _ transposeA: Bool) -> Tensor {
            let result = Tensor(uninitialized: b.shape, in: workspace)
            Tensor.matmul(a, b, transposeA: transposeA, alpha: alpha, into: result)
            return result
        }
    }
}
