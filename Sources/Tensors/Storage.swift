import Foundation
internal import Synchronization

/// A block of bytes behind one or more tensors: owned memory, a part of a workspace's, or a mapped region of a file that it
/// keeps alive.
///
/// Owned blocks are aligned to 64 bytes. A mapped block is read-only; whoever maps the file hands over an owner
/// that unmaps on release.
public final class Storage: @unchecked Sendable {
    public let bytes: UnsafeMutableRawPointer
    public let byteCount: Int
    /// What keeps a mapped or lent block alive; nil for owned memory.
    private let owner: AnyObject?
    public let isMapped: Bool

    /// The number of owned blocks ever allocated in this process: training must not raise it after its first step.
    public static var allocationCount: Int { allocations.value }
    private static let allocations = AllocationCounter()

    /// What is to be done when the system refuses memory; given the bytes that were asked for, it ends the process.
    ///
    /// A tensor's memory is asked for in the middle of any expression, where nothing can be thrown: so a program may
    /// only choose its last words. No file is harmed, each is written whole or not at all.
    public static func whenRefused(_ handler: @escaping @Sendable (Int) -> Never) {
        refusal.withLock { $0 = handler }
    }
    private static let hugePage = 2 << 20
    private static let refusal = Mutex<@Sendable (Int) -> Never> { fatalError("no memory for \($0) bytes") }

    /// Uninitialised owned memory. Where there is none the process ends (`whenRefused`).
    public init(byteCount: Int) {
        bytes = Storage.allocated(byteCount)
        self.byteCount = byteCount
        owner = nil
        isMapped = false
        Storage.allocations.increment()
    }

    static func allocated(_ byteCount: Int) -> UnsafeMutableRawPointer {
        var pointer: UnsafeMutableRawPointer?
        let size = max(64, (byteCount + 63) & ~63)
        // Large blocks begin where the system's huge pages do: fewer faults, and streams that do not stop at every 4 kB.
        let alignment = size < 2 * hugePage ? 64 : hugePage
        if posix_memalign(&pointer, alignment, size) == 0, let pointer {
            if alignment == hugePage { madvise(pointer, size, MADV_HUGEPAGE) }
            return pointer
        }
        let lastWords = refusal.withLock { $0 }
        lastWords(byteCount)
    }

    /// A view of memory that `owner` holds, such as a mapped file.
    public init(mapped bytes: UnsafeRawPointer, byteCount: Int, owner: AnyObject) {
        self.bytes = UnsafeMutableRawPointer(mutating: bytes)
        self.byteCount = byteCount
        self.owner = owner
        isMapped = true
    }

    /// A part of a larger block, which goes back to its lender with the last reference to `lease`.
    init(lent bytes: UnsafeMutableRawPointer, byteCount: Int, by lease: AnyObject) {
        self.bytes = bytes
        self.byteCount = byteCount
        owner = lease
        isMapped = false
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
