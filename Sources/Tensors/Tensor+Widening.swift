internal import CKernels

extension Tensor {
    /// Writes elements `range`, whole blocks of them, as float32.
    public func widen(_ range: Range<Int>, into target: UnsafeMutablePointer<Float>) {
        let source = storage.bytes + byteOffset + elementType.byteCount(of: range.lowerBound)
        precondition(range.upperBound <= shape.count, "widen expects elements below \(shape.count)")
        let (bytes, codes) = (source.assumingMemoryBound(to: UInt8.self), source.assumingMemoryBound(to: UInt16.self))
        let count = range.count / elementType.blockLength
        switch elementType {
        case .float32: target.update(from: source.assumingMemoryBound(to: Float.self), count: count)
        case .float16: half_to_float(codes, target, count)
        case .bfloat16: bfloat_to_float(codes, target, count)
        case .q40: dequantize_q4_0(bytes, target, count)
        case .q41: dequantize_q4_1(bytes, target, count)
        case .q50: dequantize_q5_0(bytes, target, count)
        case .q51: dequantize_q5_1(bytes, target, count)
        case .q80: dequantize_q8_0(bytes, target, count)
        case .q2K: dequantize_q2_k(bytes, target, count)
        case .q3K: dequantize_q3_k(bytes, target, count)
        case .q4K: dequantize_q4_k(bytes, target, count)
        case .q5K: dequantize_q5_k(bytes, target, count)
        case .q6K: dequantize_q6_k(bytes, target, count)
        }
    }

    /// Rows of a matrix in any encoding by number: ids of `shape` into [V, D] -> `shape` + [D], float32.
    ///
    /// An id outside `0..<V` is a programming error: tokenizers check against the vocabulary.
    public func gatheringRows(_ ids: [Int32], shape ofIDs: Shape, in workspace: Workspace? = nil) -> Tensor {
        requireShape(
            shape.rank == 2 && ofIDs.count == ids.count, "gatheringRows",
            expected: "a table [V, D] and \(ids.count) ids",
            shape, ofIDs)
        precondition(ids.allSatisfy { $0 >= 0 && $0 < shape[0] }, "gatheringRows expects ids below \(shape[0])")
        let columns = shape[1]
        let result = Tensor(uninitialized: Shape(ofIDs.dimensions + [columns]), in: workspace)
        let target = result.data
        parallel(ids.count, cost: Double(columns)) { range in
            for index in range {
                let start = Int(ids[index]) * columns
                widen(start..<start + columns, into: target + index * columns)
            }
        }
        return result
    }
}
