import Foundation
import Synchronization
import Tensors
import Testing

@Suite(.serialized) struct ThreadPoolTests {
    private static let pool = ThreadPool(threads: 4)

    @Test(arguments: [0, 1, 2, 7, 1000]) func everyChunkRunsOnce(chunks: Int) {
        for _ in 0..<50 {
            let counts = Mutex([Int](repeating: 0, count: chunks))
            Self.pool.run(chunks: chunks) { index in counts.withLock { $0[index] += 1 } }
            let final = counts.withLock { $0 }
            #expect(final == Array(repeating: 1, count: chunks))
        }
    }

    @Test func nestedRunsFinish() {
        let count = Atomic(0)
        Self.pool.run(chunks: 8) { _ in
            Self.pool.run(chunks: 8) { _ in count.add(1, ordering: .relaxed) }
        }
        #expect(count.load(ordering: .relaxed) == 64)
    }

    @Test func concurrentRunsFinish() {
        let count = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            Self.pool.run(chunks: 100) { _ in count.add(1, ordering: .relaxed) }
        }
        #expect(count.load(ordering: .relaxed) == 800)
    }

    /// A helper that lost its core costs more than it gives: for some runs the caller does without.
    @Test func afterALongWaitTheCallerWorksAlone() {
        let (pool, caller, chunks) = (ThreadPool(threads: 2), pthread_self(), 64)
        func helped(_ helpersTime: UInt32) -> Int {
            let count = Atomic(0)
            pool.run(chunks: chunks) { _ in
                let isHelper = pthread_self() != caller
                if isHelper { count.add(1, ordering: .relaxed) }
                usleep(isHelper ? helpersTime : 50)
            }
            return count.load(ordering: .relaxed)
        }
        var runs = 0
        while helped(200_000) == 0, runs < 1000 { runs += 1 }
        #expect(helped(0) == 0)
        #expect(helped(0) == 0)
        while helped(0) == 0, runs < 2000 { runs += 1 }
        #expect(runs < 2000)
    }

    /// The ranges cover everything once, in pieces that do not depend on who runs them.
    @Test(arguments: [1, 100, 12345]) func rangesPartitionTheWork(count: Int) {
        func ranges() -> [Range<Int>] {
            let found = Mutex<[Range<Int>]>([])
            parallel(count, cost: 1000) { range in found.withLock { $0.append(range) } }
            return found.withLock { $0.sorted { $0.lowerBound < $1.lowerBound } }
        }
        let first = ranges()
        #expect(first.flatMap { $0 } == Array(0..<count))
        for _ in 0..<20 { #expect(ranges() == first) }
    }
}
