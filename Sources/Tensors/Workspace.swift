/// The reusable memory of a training loop: a block that no tensor holds any more is handed out again.
///
/// After the first step of a loop over equal shapes nothing is allocated. A tensor that outlives its step keeps its
/// block, so no tensor ever sees foreign values. Not for use by several threads at a time.
public final class Workspace {
    private var classes: [Int: SizeClass] = [:]
    /// Bytes of all blocks, in use or free.
    public private(set) var byteCount = 0

    fileprivate struct SizeClass {
        var blocks: [Storage] = []
        /// Where the search goes on: the block after the one handed out last has been out for longest.
        var next = 0
    }

    public init() {}

    /// An uninitialised block of at least `byteCount` bytes.
    public func storage(byteCount: Int) -> Storage {
        let size = Self.roundedSize(byteCount)
        return classes[size, default: SizeClass()].takeFree() ?? grown(size)
    }

    private func grown(_ size: Int) -> Storage {
        let block = Storage(byteCount: size)
        byteCount += size
        classes[size]?.blocks.append(block)
        return block
    }

    /// Sizes in steps of an eighth of their power of two, so that batches of varying length share blocks.
    private static func roundedSize(_ byteCount: Int) -> Int {
        let step = max(64, 1 << max(0, Int.bitWidth - byteCount.leadingZeroBitCount - 4))
        return max(64, (byteCount + step - 1) / step * step)
    }
}

extension Workspace.SizeClass {
    /// A block that only this list refers to.
    fileprivate mutating func takeFree() -> Storage? {
        for _ in blocks.indices {
            let index = next
            next = next + 1 == blocks.count ? 0 : next + 1
            if isKnownUniquelyReferenced(&blocks[index]) { return blocks[index] }
        }
        return nil
    }
}
