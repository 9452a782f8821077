internal import Foundation
internal import Synchronization

/// Memory that packed products take for as long as one of them lasts, and that the next ones take again: a few blocks of the
/// process, none larger than a product's (`BFloatProduct` bounds it).
enum Scratch {
    private final class Block: @unchecked Sendable {
        let bytes: UnsafeMutableRawPointer
        let count: Int

        init(count: Int) { (bytes, self.count) = (Storage.allocated(count), count) }

        deinit { free(bytes) }
    }

    private static let blocks = Mutex<[Block]>([])

    /// Calls `body` with memory of at least this size, aligned to 64 bytes, uninitialised.
    static func with(bytes: Int, _ body: (UnsafeMutableRawPointer) -> Void) {
        let block = blocks.withLock { taken(from: &$0, bytes) } ?? Block(count: bytes)
        body(block.bytes)
        blocks.withLock { $0.append(block) }
    }

    /// The smallest that is large enough. Where there is none, the largest makes room for a larger one.
    private static func taken(from blocks: inout [Block], _ bytes: Int) -> Block? {
        let fitting = blocks.indices.filter { blocks[$0].count >= bytes }
        if let index = fitting.min(by: { blocks[$0].count < blocks[$1].count }) { return blocks.remove(at: index) }
        if let index = blocks.indices.max(by: { blocks[$0].count < blocks[$1].count }) { blocks.remove(at: index) }
        return nil
    }
}
