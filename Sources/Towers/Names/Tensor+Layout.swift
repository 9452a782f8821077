internal import Tensors

/// Rearrangements of stored values in any encoding.
extension Tensor {
    /// [R, C] -> [C, R]
    func transposed() -> Tensor {
        let (rows, columns, width) = (shape[0], shape[1], elementType.byteCount(of: 1))
        let result = Storage(byteCount: elementType.byteCount(of: shape.count))
        let (source, target) = (storage.bytes + byteOffset, result.bytes)
        for row in 0..<rows {
            for column in 0..<columns {
                (target + (column * rows + row) * width).copyMemory(
                    from: source + (row * columns + column) * width, byteCount: width)
            }
        }
        return Tensor(shape: [columns, rows], elementType: elementType, storage: result)
    }

    /// The first columns of a float32 matrix: [R, C] -> [R, count].
    func columns(_ count: Int) -> Tensor {
        let result = Tensor(uninitialized: [shape[0], count])
        for row in 0..<shape[0] { (result.data + row * count).update(from: data + row * shape[1], count: count) }
        return result
    }

    /// Every element and `amount`, in float32.
    func increased(by amount: Float) -> Tensor { Tensor(values.map { $0 + amount }, shape: shape) }

    /// [R, outer · inner] -> [R, inner · outer]
    func exchangingInner(_ outer: Int, _ inner: Int) -> Tensor {
        let exchanged = (0..<shape[0]).map { rows($0..<$0 + 1).reshaped([outer, inner]).transposed() }
        return Tensor.stacked(exchanged).reshaped(shape)
    }

    /// The rows of all tensors, which agree in the rest of their shapes and in encoding.
    static func stacked(_ tensors: [Tensor]) -> Tensor {
        let first = tensors[0]
        let rows = tensors.reduce(0) { $0 + $1.shape[0] }
        let shape = Shape([rows] + first.shape.dimensions.dropFirst())
        let result = Storage(byteCount: first.elementType.byteCount(of: shape.count))
        var offset = 0
        for tensor in tensors {
            if let base = tensor.rawBytes.baseAddress {
                (result.bytes + offset).copyMemory(from: base, byteCount: tensor.rawBytes.count)
            }
            offset += tensor.rawBytes.count
        }
        return Tensor(shape: shape, elementType: first.elementType, storage: result)
    }
}
