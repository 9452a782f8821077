import Glibc
import Synchronization

/// Hands requests to stop to whatever works, while it works.
///
/// Signal handlers only count; a thread looks at the counters fifty times a second.
final class InterruptWatch: Sendable {
    enum Request: Equatable {
        /// Finish the step, keep everything.
        case stop
        /// Leave the step at the next operation.
        case abandon
    }

    private let isFinished = Atomic(false)
    private let handle: @Sendable (Request) -> Void

    private init(_ handle: @escaping @Sendable (Request) -> Void) { self.handle = handle }

    /// Runs `body` and meanwhile hands each request to `handle`, on another thread.
    static func watching<Result>(
        _ handle: @escaping @Sendable (Request) -> Void, while body: () throws -> Result
    ) rethrows -> Result {
        let watch = InterruptWatch(handle)
        var thread = pthread_t()
        let retained = Unmanaged.passRetained(watch)
        let status = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<InterruptWatch>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, retained.toOpaque())
        if status != 0 { retained.release() }
        defer {
            watch.isFinished.store(true, ordering: .releasing)
            if status == 0 { pthread_join(thread, nil) }
        }
        return try body()
    }

    private func run() {
        var counter = InterruptCounter(seen: Signals.interrupts)
        while !isFinished.load(ordering: .acquiring) {
            let request = counter.request(
                interrupts: Signals.interrupts, isTerminated: Signals.isTerminated, now: monotonicSeconds())
            if let request { handle(request) }
            usleep(20_000)
        }
    }
}

/// What counts as a first and as a second Ctrl-C.
struct InterruptCounter {
    /// A second Ctrl-C within so many seconds abandons the step.
    static let window = 2.0

    private var seen: Int
    private var lastTime: Double?
    private var hasSeenTermination = false

    init(seen: Int) { self.seen = seen }

    /// The request that new signals amount to; SIGTERM asks as a first Ctrl-C does.
    mutating func request(interrupts: Int, isTerminated: Bool, now: Double) -> InterruptWatch.Request? {
        if isTerminated && !hasSeenTermination {
            hasSeenTermination = true
            return .stop
        }
        guard interrupts > seen else { return nil }
        let isSecond = interrupts > seen + 1 || lastTime.map { now - $0 <= InterruptCounter.window } ?? false
        seen = interrupts
        lastTime = now
        return isSecond ? .abandon : .stop
    }
}

/// Seconds on a clock that only goes forward.
func monotonicSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
