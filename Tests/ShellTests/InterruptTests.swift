import Testing

@testable import Shell

@Suite struct InterruptTests {
    @Test func theFirstStopsAndASecondSoonAbandons() {
        var counter = InterruptCounter(seen: 3)
        #expect(counter.request(interrupts: 3, isTerminated: false, now: 0) == nil)
        #expect(counter.request(interrupts: 4, isTerminated: false, now: 1) == .stop)
        #expect(counter.request(interrupts: 4, isTerminated: false, now: 1.5) == nil)
        #expect(counter.request(interrupts: 5, isTerminated: false, now: 2.9) == .abandon)
    }

    @Test func aLateSecondIsAFirstAgain() {
        var counter = InterruptCounter(seen: 0)
        #expect(counter.request(interrupts: 1, isTerminated: false, now: 0) == .stop)
        #expect(counter.request(interrupts: 2, isTerminated: false, now: 2.1) == .stop)
        #expect(counter.request(interrupts: 3, isTerminated: false, now: 4) == .abandon)
    }

    @Test func twoAtOnceAbandon() {
        var counter = InterruptCounter(seen: 0)
        #expect(counter.request(interrupts: 2, isTerminated: false, now: 0) == .abandon)
    }

    @Test func terminationStopsOnce() {
        var counter = InterruptCounter(seen: 0)
        #expect(counter.request(interrupts: 0, isTerminated: true, now: 0) == .stop)
        #expect(counter.request(interrupts: 0, isTerminated: true, now: 0.1) == nil)
    }

    @Test func watchingGivesTheResultBack() throws {
        #expect(InterruptWatch.watching({ _ in }, while: { 42 }) == 42)
    }
}
