internal import CKernels

/// Matrix products of 16-bit integers, `C = A × Bᵀ + beta · C` (`ProductPrecision.int16`).
///
/// The left operand is packed once, a group of panels of the right one by each thread as it comes to them. A product's
/// bits do not depend on how it is cut: every sum runs over the inner dimension in the same order.
struct IntegerProduct {
    static let isNative = int16_products_are_native() != 0

    let rows: Int, columns: Int, inner: Int

    /// Panels of the left operand whose pairs stay in the second cache, bytes of a group of panels of the right one.
    private static let (nearPanels, groupBytes) = (7, 1 << 20)

    /// - `a`: A, [rows, inner]; `c` is C, [rows, columns].
    /// - `right`: calls back with the rows of B, [columns, inner], in the given range.
    func callAsFunction(
        _ a: UnsafePointer<Float>, right: (Range<Int>, (UnsafePointer<Float>) -> Void) -> Void, beta: Float,
        _ c: UnsafeMutablePointer<Float>
    ) {
        if isAbandoned { return }
        let left = PackedOperand(lines: rows, inner: inner, width: INT16_ROWS)
        defer { withExtendedLifetime(left) {} }
        parallel(left.panels, cost: Double(inner * left.width)) { range in
            for panel in range { left.pack(a + panel * left.width * inner, at: panel) }
        }
        let all = PackedOperand.panels(of: columns, width: INT16_COLUMNS)
        let bytes = all * INT16_COLUMNS * left.blocks * INT16_BLOCK * 2
        let groups = min(all, max((bytes + Self.groupBytes - 1) / Self.groupBytes, 8))
        ThreadPool.shared.run(chunks: groups) { index in
            group(all * index / groups..<all * (index + 1) / groups, left, right, beta, c)
        }
    }

    private func group(
        _ range: Range<Int>, _ left: PackedOperand, _ right: (Range<Int>, (UnsafePointer<Float>) -> Void) -> Void,
        _ beta: Float, _ c: UnsafeMutablePointer<Float>
    ) {
        let width = INT16_COLUMNS
        let lines = range.lowerBound * width..<min(columns, range.upperBound * width)
        let packed = PackedOperand(lines: lines.count, inner: inner, width: width)
        defer { withExtendedLifetime(packed) {} }
        for panel in 0..<packed.panels {
            let first = lines.lowerBound + panel * width
            right(first..<first + packed.lineCount(of: panel)) { packed.pack($0, at: panel) }
        }
        for near in stride(from: 0, to: left.panels, by: Self.nearPanels) {
            for panel in 0..<packed.panels {
                for row in near..<min(left.panels, near + Self.nearPanels) {
                    int16_product(
                        left.pairs(of: row), left.scales(of: row), packed.pairs(of: panel), packed.scales(of: panel),
                        left.blocks, beta, c + row * left.width * columns + lines.lowerBound + panel * width, columns,
                        left.lineCount(of: row), packed.lineCount(of: panel))
                }
            }
        }
    }
}

/// The pairs and scales of some lines in panels of `width`, for as long as one product takes.
private final class PackedOperand {
    let lines: Int, inner: Int, width: Int, blocks: Int, panels: Int
    private let storage: Storage

    static func panels(of lines: Int, width: Int) -> Int { (lines + width - 1) / width }

    init(lines: Int, inner: Int, width: Int) {
        (self.lines, self.inner, self.width) = (lines, inner, width)
        blocks = (inner + INT16_BLOCK - 1) / INT16_BLOCK
        panels = Self.panels(of: lines, width: width)
        storage = Storage(byteCount: panels * width * blocks * (INT16_BLOCK * 2 + 4))
    }

    func pairs(of panel: Int) -> UnsafeMutablePointer<UInt32> {
        storage.bytes.assumingMemoryBound(to: UInt32.self) + panel * width * blocks * INT16_BLOCK / 2
    }

    func scales(of panel: Int) -> UnsafeMutablePointer<Float> {
        let bytes = storage.bytes + panels * width * blocks * INT16_BLOCK * 2
        return bytes.assumingMemoryBound(to: Float.self) + panel * width * blocks
    }

    func lineCount(of panel: Int) -> Int { min(width, lines - panel * width) }

    /// Packs the lines of a panel, [lineCount, inner].
    func pack(_ x: UnsafePointer<Float>, at panel: Int) {
        int16_pack(x, lineCount(of: panel), inner, pairs(of: panel), scales(of: panel), width)
    }
}
