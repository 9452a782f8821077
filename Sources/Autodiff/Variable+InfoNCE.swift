internal import CKernels
internal import Foundation
internal import Tensors

extension Variable {
    /// The symmetric contrastive loss (CLIP, Radford et al., 2021): mean cross-entropy of image to text and of text to
    /// image, averaged, with pair i the right answer of row i. Chance level is ln B.
    ///
    /// Logits pass block by block of rows, and are computed again on the way back: memory is linear in B.
    ///
    /// - `image`: [B, D], rows of length 1, as `text`.
    /// - `logitScale`: the scalar s; logits are `exp(s) · image · textᵀ`.
    public static func infoNCE(image: Variable, text: Variable, logitScale: Variable) -> Variable {
        requireShape(
            image.shape.rank == 2 && text.shape == image.shape, "infoNCE", expected: "two equal shapes [B, D]",
            image.shape, text.shape)
        requireShape(image.shape[0] > 0, "infoNCE", expected: "at least one pair", image.shape)
        let workspace = workspace(of: image, text, logitScale)
        let logits = BlockedLogits(
            image: image.value, text: text.value, factor: exp(logitScale.value.item), workspace: workspace)
        let (sum, logs) = logits.crossEntropy()
        let loss = Tensor(scalar: Float(sum / Double(2 * image.shape[0])), in: workspace)
        return recorded(loss, from: [image, text, logitScale]) { upstream in
            let gradients = logits.gradients(logs, share: upstream.item / Float(2 * image.shape[0]))
            return [
                image.needsGradient ? gradients.image : nil, text.needsGradient ? gradients.text : nil,
                logitScale.needsGradient ? Tensor.full(logitScale.shape, gradients.scale, in: workspace) : nil,
            ]
        }
    }
}

/// `factor · image · textᵀ`, [B, B], of which one block of rows is there at a time.
private struct BlockedLogits {
    let image: Tensor, text: Tensor, factor: Float, workspace: Workspace?

    private var count: Int { image.shape[0] }

    /// [R, B]
    private func block(_ rows: Range<Int>) -> Tensor {
        let logits = Tensor(uninitialized: [rows.count, count], in: workspace)
        Tensor.matmul(image.rows(rows), text, transposeB: true, alpha: factor, into: logits)
        return logits
    }

    /// The sum of both directions' cross-entropies, and each row's and column's log Σ exp, [B].
    func crossEntropy() -> (sum: Double, logs: (rows: Tensor, columns: Tensor)) {
        let rowLogs = Tensor(uninitialized: [count], in: workspace)
        let maxima = Tensor.full([count], -.infinity, in: workspace)
        let columnLogs = Tensor.zeros([count], in: workspace)
        let (largest, sums, width) = (maxima.data, columnLogs.data, count)
        var sum = 0.0
        for rows in rowBlocks(of: count) {
            let logits = block(rows)
            let (x, logs) = (logits.data, rowLogs.data + rows.lowerBound)
            parallel(rows.count, cost: Double(width)) { range in
                rows_log_sum_exp(x + range.lowerBound * width, logs + range.lowerBound, range.count, width)
            }
            parallel(width, cost: Double(rows.count)) { range in
                let first = range.lowerBound
                columns_exponential_sums(x + first, width, largest + first, sums + first, rows.count, range.count)
            }
            for row in 0..<rows.count { sum += Double(logs[row]) - 2 * Double(x[row * width + rows.lowerBound + row]) }
        }
        for column in 0..<width {
            sums[column] = largest[column] + log(sums[column])
            sum += Double(sums[column])
        }
        return (sum, (rowLogs, columnLogs))
    }

    /// Of `share` times the sum: by image and text, [B, D], and by the logarithm of the factor.
    func gradients(
        _ logs: (rows: Tensor, columns: Tensor), share: Float
    ) -> (image: Tensor, text: Tensor, scale: Float) {
        let dimage = Tensor(uninitialized: image.shape, in: workspace)
        let dtext = Tensor(uninitialized: text.shape, in: workspace)
        let dots = Tensor(uninitialized: [count], in: workspace)
        let width = count
        for rows in rowBlocks(of: count) {
            let slopes = block(rows)
            let (x, columns) = (slopes.data, logs.columns.data)
            let (own, dot) = (logs.rows.data + rows.lowerBound, dots.data + rows.lowerBound)
            parallel(rows.count, cost: 2 * Double(width)) { range in
                let (first, row) = (range.lowerBound, x + range.lowerBound * width)
                contrastive_gradient(
                    row, own + first, columns, share, row, dot + first, range.count, width, rows.lowerBound + first)
            }
            Tensor.matmul(slopes, text, alpha: factor, into: dimage.rows(rows))
            Tensor.matmul(
                slopes, image.rows(rows), transposeA: true, alpha: factor, beta: rows.lowerBound == 0 ? 0 : 1,
                into: dtext)
        }
        return (dimage, dtext, (0..<count).reduce(Float(0)) { $0 + dots.data[$1] })
    }
}
