import Foundation

/// A block of bytes behind one or more tensors: owned memory, or a mapped region of a file that it keeps alive.
///
/// Owned blocks are aligned to 64 bytes. A mapped block is read-only; whoever maps the file hands over an owner
/// that unmaps on release.
public final class Storage: @unchecked Sendable {
    public let bytes: UnsafeMutableRawPointer
    public let byteCount: Int
    /// What keeps a mapped block alive; nil for owned memory.
    private let owner: AnyObject?
    public var isMapped: Bool { owner != nil }

    /// The number of owned blocks ever allocated in this process: training must not raise it after its first step.
    public static var allocationCount: Int { allocations.value }
    private static let allocations = AllocationCounter()

    /// Uninitialised owned memory.
    public init(byteCount: Int) {
        var pointer: UnsafeMutableRawPointer?
        let size = max(64, (byteCount + 63) & ~63)
        guard posix_memalign(&pointer, 64, size) == 0, let pointer else {
            fatalError("out of memory: \(byteCount) bytes were asked for")
        }
        bytes = pointer
        self.byteCount = byteCount
        owner = nil
        Storage.allocations.increment()
    }

    /// A view of memory that `owner` holds, such as a mapped file.
    public init(mapped bytes: UnsafeRawPointer, byteCount: Int, owner: AnyObject) {
        self.bytes = UnsafeMutableRawPointer(mutating: bytes)
        self.byteCount = byteCount
        self.owner = owner
    }

    deinit {
        if owner == nil { free(bytes) }
    }
}

private final class AllocationCounter: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0
    var value: Int { lock.withLock { count } }
    func increment() { lock.withLock { count += 1 } }
}
