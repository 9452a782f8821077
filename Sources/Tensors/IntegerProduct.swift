internal import CKernels

/// Matrix products of 16-bit integers, `C = A × Bᵀ + beta · C` (`ProductPrecision.int16`).
///
/// The left operand is packed once, a group of panels of the right one by each thread as it comes to them. A product's
/// bits do not depend on how it is cut: every sum runs over the inner dimension in the same order.
struct IntegerProduct {
    static let isNative = int16_products_are_native() != 0

    let rows: Int, columns: Int, inner: Int

    /// Values that share a scale; columns of a panel.
    private static let (block, panel) = (64, 32)
    /// Blocks whose panel stays in the first cache, rows whose blocks stay in the second, bytes of a group of panels.
    private static let (nearBlocks, nearRows, groupBytes) = (8, 96, 1 << 20)

    private var blocks: Int { (inner + Self.block - 1) / Self.block }
    private var panels: Int { (columns + Self.panel - 1) / Self.panel }
    /// 32-bit pairs of a line.
    private var pairs: Int { blocks * Self.block / 2 }

    /// - Parameters:
    ///   - a: A, [rows, inner]; `c` is C, [rows, columns].
    ///   - right: calls back with the rows of B, [columns, inner], in the given range.
    func callAsFunction(
        _ a: UnsafePointer<Float>, right: (Range<Int>, (UnsafePointer<Float>) -> Void) -> Void, beta: Float,
        _ c: UnsafeMutablePointer<Float>
    ) {
        if isAbandoned { return }
        let left = PackedOperand(lines: rows, blocks: blocks)
        defer { withExtendedLifetime(left) {} }
        parallel(rows, cost: Double(inner)) { range in
            int16_pack(
                a + range.lowerBound * inner, range.count, inner, left.pairs + range.lowerBound * pairs, pairs, 1,
                left.scales + range.lowerBound * blocks, blocks, 1)
        }
        let most = (panels * pairs * Self.panel * 4 + Self.groupBytes - 1) / Self.groupBytes
        let groups = min(panels, max(most, 8))
        ThreadPool.shared.run(chunks: groups) { index in
            group(panels * index / groups..<panels * (index + 1) / groups, left, right, beta, c)
        }
    }

    private func group(
        _ range: Range<Int>, _ left: PackedOperand, _ right: (Range<Int>, (UnsafePointer<Float>) -> Void) -> Void,
        _ beta: Float, _ c: UnsafeMutablePointer<Float>
    ) {
        let (width, start) = (Self.panel, range.lowerBound)
        func columns(_ panel: Int) -> Range<Int> { panel * width..<min(self.columns, (panel + 1) * width) }
        let packed = PackedOperand(lines: range.count * width, blocks: blocks)
        defer { withExtendedLifetime(packed) {} }
        for panel in range {
            right(columns(panel)) { x in
                int16_pack(
                    x, columns(panel).count, inner, packed.pairs + (panel - start) * width * pairs, 1, width,
                    packed.scales + (panel - start) * width * blocks, 1, width)
            }
        }
        for row in stride(from: 0, to: rows, by: Self.nearRows) {
            let count = min(Self.nearRows, rows - row)
            for block in stride(from: 0, to: blocks, by: Self.nearBlocks) {
                for panel in range {
                    let column = columns(panel)
                    int16_product(
                        left.pairs + row * pairs + block * Self.block / 2, pairs, left.scales + row * blocks + block,
                        blocks, packed.pairs + (panel - start) * width * pairs + block * Self.block / 2 * width,
                        packed.scales + ((panel - start) * blocks + block) * width,
                        min(Self.nearBlocks, blocks - block), block == 0 ? beta : 1,
                        c + row * self.columns + column.lowerBound, self.columns, count, column.count)
                }
            }
        }
    }
}

/// Memory for the pairs and scales of some lines, for as long as one product takes.
private final class PackedOperand {
    let pairs: UnsafeMutablePointer<UInt32>
    let scales: UnsafeMutablePointer<Float>
    private let storage: Storage

    init(lines: Int, blocks: Int) {
        let pairBytes = lines * blocks * 128
        storage = Storage(byteCount: pairBytes + lines * blocks * 4)
        pairs = storage.bytes.assumingMemoryBound(to: UInt32.self)
        scales = (storage.bytes + pairBytes).assumingMemoryBound(to: Float.self)
    }
}
