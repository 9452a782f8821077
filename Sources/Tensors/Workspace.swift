import Foundation

/// The reusable memory of a training step: blocks are handed out during the step and taken back by `reset`.
///
/// After the first step of a loop over equal shapes nothing is allocated any more. What outlives a step is copied
/// first. Debug builds overwrite reclaimed blocks with NaN, so a tensor that is used after `reset` shows at once.
public final class Workspace {
    private var free: [Int: [Storage]] = [:]
    private var lent: [Storage] = []
    /// Bytes of all blocks, lent or free.
    public private(set) var byteCount = 0

    public init() {}

    /// An uninitialised block of at least `byteCount` bytes, valid until `reset`.
    public func storage(byteCount: Int) -> Storage {
        let size = max(64, (byteCount + 63) & ~63)
        let block: Storage
        if let reused = free[size]?.popLast() {
            block = reused
        } else {
            block = Storage(byteCount: size)
            self.byteCount += size
        }
        lent.append(block)
        return block
    }

    /// Takes every block back; all tensors from this workspace become invalid.
    public func reset() {
        for block in lent {
            #if DEBUG
                memset(block.bytes, 0xff, block.byteCount)
            #endif
            free[block.byteCount, default: []].append(block)
        }
        lent.removeAll(keepingCapacity: true)
    }
}
