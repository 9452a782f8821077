internal import CKernels
internal import Synchronization

/// Matrix products of bfloat16 numbers with sums in float32, `C = alpha · A × B + beta · C` or `+ bias` in each row, on processors that multiply
/// tiles of them (AMX). A value is the sum of one to three such numbers; three keep all of a float32's digits.
///
/// The operand of the shorter side is packed as a whole, by all threads; of the other one some lines at a time, by the thread
/// that multiplies them. A product's bits do not depend on how it is cut: every sum runs over the inner dimension in
/// the same order, in stretches that are added up.
struct BFloatProduct {
    static let isNative = bfloat_products_are_native() != 0

    let rows: Int, columns: Int, inner: Int
    let parts: Int

    /// Element (line, i) lies at line · lineStep + i · innerStep; one of them is 1. Lines are the product's rows or columns.
    struct Operand {
        let x: UnsafePointer<Float>
        let lineStep: Int, innerStep: Int
    }

    /// One operand as it is packed.
    private struct Side {
        let operand: Operand
        let lines: Int
        let isRight: Bool
        let scale: Float
        var panels: Int { (lines + BFLOAT_LINES - 1) / BFLOAT_LINES }
    }

    /// Whether tiles are faster than sgemm, packing included.
    static func pays(_ rows: Int, _ columns: Int, _ inner: Int) -> Bool {
        isNative && min(rows, columns, inner) >= BFLOAT_LINES && rows * columns * inner >= 1 << 20
    }

    /// bfloat16 numbers that stand for a value.
    static func parts(of precision: ProductPrecision) -> Int {
        switch precision {
        case .float32: 3
        case .int16: 2
        case .bfloat16: 1
        }
    }

    /// Elements of the inner dimension that are summed up from zero: few, for a float32's accuracy, but each stretch writes
    /// the result and reads it again; one part needs no such accuracy.
    private var stretch: Int { parts == 1 ? 1024 : 512 }
    /// Panels whose stretches stay in the second cache, 1 MB.
    private var nearPanels: Int { parts == 1 ? 12 : 30 / parts }
    /// Of the operand that is packed as a whole.
    private static let wholeBytes = 32 << 20

    func callAsFunction(
        _ a: Operand, _ b: Operand, alpha: Float, beta: Float, bias: UnsafePointer<Float>?,
        _ c: UnsafeMutablePointer<Float>, _ stride: Int
    ) {
        let left = Side(operand: a, lines: rows, isRight: false, scale: alpha)
        let right = Side(operand: b, lines: columns, isRight: true, scale: 1)
        let (cut, whole) = rows >= columns ? (left, right) : (right, left)
        let slab = min(inner, max(1, Self.wholeBytes / (elements(whole.panels, 1) * 2 * stretch)) * stretch)
        let wholeCount = elements(whole.panels, (slab + BFLOAT_BLOCK - 1) / BFLOAT_BLOCK * BFLOAT_BLOCK)
        let pool = ThreadPool.shared
        // As many for each thread.
        let rounds = max(2, (cut.panels + nearPanels * pool.threadCount - 1) / (nearPanels * pool.threadCount))
        let groups = min(cut.panels, rounds * pool.threadCount)
        let groupCount = elements((cut.panels + groups - 1) / groups, stretch)
        Scratch.with(bytes: 2 * (wholeCount + pool.threadCount * groupCount)) { memory in
            let packed = memory.assumingMemoryBound(to: UInt16.self)
            let places = Mutex((0..<pool.threadCount).map { wholeCount + $0 * groupCount })
            for start in Swift.stride(from: 0, to: inner, by: slab) {
                let slab = start..<min(inner, start + slab)
                parallel(whole.panels, cost: 0.3 * Double(slab.count * BFLOAT_LINES)) { panels in
                    for part in stretches(of: slab) {
                        pack(whole, panels, part, packed + self.whole(part, of: slab, whole, at: panels.lowerBound))
                    }
                }
                pool.run(chunks: groups) { index in
                    let place = places.withLock { $0.removeLast() }
                    defer { places.withLock { $0.append(place) } }
                    let panels = cut.panels * index / groups..<cut.panels * (index + 1) / groups
                    for part in stretches(of: slab) {
                        pack(cut, panels, part, packed + place)
                        multiply(
                            cut, panels, packed + place, whole, packed + self.whole(part, of: slab, whole, at: 0), part,
                            beta, bias, c, stride)
                    }
                }
            }
        }
    }

    /// Numbers of so many panels.
    private func elements(_ panels: Int, _ inner: Int) -> Int { panels * BFLOAT_LINES * inner * parts }

    private func stretches(of slab: Range<Int>) -> [Range<Int>] {
        Swift.stride(from: slab.lowerBound, to: slab.upperBound, by: stretch).map {
            $0..<min(slab.upperBound, $0 + stretch)
        }
    }

    private func blocks(_ part: Range<Int>) -> Int { (part.count + BFLOAT_BLOCK - 1) / BFLOAT_BLOCK }

    /// Where a panel's stretch lies among those of a slab: stretches one after the other.
    private func whole(_ part: Range<Int>, of slab: Range<Int>, _ side: Side, at panel: Int) -> Int {
        elements(side.panels, part.lowerBound - slab.lowerBound) + elements(panel, blocks(part) * BFLOAT_BLOCK)
    }

    private func pack(_ side: Side, _ panels: Range<Int>, _ part: Range<Int>, _ y: UnsafeMutablePointer<UInt16>) {
        let (operand, size) = (side.operand, elements(1, blocks(part) * BFLOAT_BLOCK))
        for panel in panels {
            let first = panel * BFLOAT_LINES
            bfloat_pack(
                operand.x + first * operand.lineStep + part.lowerBound * operand.innerStep, operand.lineStep,
                operand.innerStep, min(BFLOAT_LINES, side.lines - first), part.count, side.scale, Int32(parts),
                side.isRight ? 1 : 0, y + (panel - panels.lowerBound) * size)
        }
    }

    /// A stretch of some panels of one operand with the other one's.
    private func multiply(
        _ cut: Side, _ panels: Range<Int>, _ some: UnsafePointer<UInt16>, _ whole: Side, _ all: UnsafePointer<UInt16>,
        _ part: Range<Int>, _ beta: Float, _ bias: UnsafePointer<Float>?, _ c: UnsafeMutablePointer<Float>,
        _ stride: Int
    ) {
        let lines = panels.lowerBound * BFLOAT_LINES..<min(cut.lines, panels.upperBound * BFLOAT_LINES)
        let target = c + lines.lowerBound * (cut.isRight ? 1 : stride)
        let (height, width) = cut.isRight ? (rows, lines.count) : (lines.count, columns)
        let isFirst = part.lowerBound == 0
        var rest: (start: UnsafePointer<Float>, stride: Int)? = (UnsafePointer(target), stride)
        if isFirst, let bias {
            rest = (bias + (cut.isRight ? lines.lowerBound : 0), 0)
        } else if isFirst && beta == 0 {
            rest = nil
        } else if isFirst && beta != 1 {
            for row in 0..<height { vector_scale(beta, target + row * stride, target + row * stride, width) }
        }
        let (left, right) = cut.isRight ? (all, some) : (some, all)
        bfloat_product(
            left, right, blocks(part), Int32(parts), rest?.start, rest?.stride ?? 0, target, stride, height, width,
            cut.isRight ? 0 : 1)
    }
}
