internal import Foundation
internal import Synchronization

/// Work on `0..<count` in chunks whose boundaries depend on `count` and `cost` only, never on threads or timing.
///
/// `cost` is the rough price of one item in nanoseconds of one core; work below about 50 µs stays on the caller's
/// thread. Bodies write disjoint memory and capture raw buffers; a body that sums keeps one partial result a chunk and
/// its caller combines them in order. Inside a body a nested call runs serially. Inside work that was given up
/// (`abandonable`) nothing is done.
public func parallel(_ count: Int, cost: Double, _ body: (Range<Int>) -> Void) {
    let chunks = max(1, min(count, 32, Int(Double(count) * cost / 25_000)))
    if count == 0 || isAbandoned { return }
    if chunks < 2 { return body(0..<count) }
    ThreadPool.shared.run(chunks: chunks) { index in
        body(count * index / chunks..<count * (index + 1) / chunks)
    }
}

/// The process's worker threads. They wait on a condition and never spin: a spinning worker starves its neighbours.
public final class ThreadPool: @unchecked Sendable {
    public static let shared = ThreadPool(threads: ProcessInfo.processInfo.activeProcessorCount)

    /// Threads that take part in a run, the caller included.
    public let threadCount: Int

    private let condition = NSCondition()
    /// Held by the run in progress; who finds it held (a nested or concurrent run) works alone.
    private let gate = NSLock()
    private var body: ((Int) -> Void)?
    private var chunkCount = 0
    private var runNumber = 0
    private var working = 0
    private let nextChunk = Atomic(0)
    /// Of the run in progress and those before it; whoever holds the gate has it.
    private var company = Company()

    public init(threads: Int) {
        threadCount = max(1, threads)
        for _ in 1..<threadCount {
            let worker = Thread { [unowned self] in serve() }
            worker.stackSize = 8 << 20
            worker.name = "proclip worker"
            worker.start()
        }
    }

    /// Calls `body` once for each of `0..<chunks`, on whichever thread is free, and returns when all are done.
    public func run(chunks: Int, _ body: (Int) -> Void) {
        guard threadCount > 1, chunks > 1, gate.try() else { return (0..<chunks).forEach(body) }
        defer { gate.unlock() }
        guard company.isWanted() else { return (0..<chunks).forEach(body) }
        let start = DispatchTime.now().uptimeNanoseconds
        var end = start
        withoutActuallyEscaping(body) { body in
            condition.withLock {
                self.body = body
                chunkCount = chunks
                runNumber += 1
                nextChunk.store(0, ordering: .relaxed)
                condition.broadcast()
            }
            claimChunks(of: chunks, body)
            end = DispatchTime.now().uptimeNanoseconds
            condition.withLock {
                // Workers that have not joined by now find no body and go on waiting.
                self.body = nil
                while working > 0 { condition.wait() }
            }
        }
        company.note(worked: end - start, waited: DispatchTime.now().uptimeNanoseconds - end)
    }

    /// Whether help pays. Where other processes want the cores, a worker that has claimed a chunk may lose its core, and
    /// the caller waits for a time slice of the system where its own share took microseconds: then it works alone for
    /// a while, longer each time. Who runs a chunk changes no bits.
    private struct Company {
        private var alone = 0
        private var penalty = 1
        private static let longest = 32

        mutating func isWanted() -> Bool {
            if alone == 0 { return true }
            alone -= 1
            return false
        }

        /// A wait that is longer than the work (chunks are of equal size) and than 200 µs is not the work's own.
        mutating func note(worked: UInt64, waited: UInt64) {
            if waited > worked + 200_000 {
                penalty = min(Company.longest, penalty * 2)
                alone = penalty
            } else {
                penalty = max(1, penalty / 2)
            }
        }
    }

    private func claimChunks(of count: Int, _ body: (Int) -> Void) {
        while true {
            let index = nextChunk.wrappingAdd(1, ordering: .relaxed).oldValue
            if index >= count { return }
            body(index)
        }
    }

    private func serve() {
        // Signals are for the main thread.
        var everything = sigset_t()
        sigfillset(&everything)
        pthread_sigmask(SIG_BLOCK, &everything, nil)
        var seen = 0
        condition.lock()
        while true {
            guard runNumber != seen, body != nil else {
                condition.wait()
                continue
            }
            seen = runNumber
            working += 1
            join()
            working -= 1
            if working == 0 { condition.broadcast() }
        }
    }

    /// A worker's share of the run in progress, from lock to lock. Nothing holds the work afterwards: who gave it relies
    /// on that.
    private func join() {
        guard let body else { return }
        let count = chunkCount
        condition.unlock()
        claimChunks(of: count, body)
        condition.lock()
    }
}
