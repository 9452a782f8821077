internal import CSignals
import Glibc

/// Ctrl-C, SIGTERM and Ctrl-Z as counters that whoever waits or works polls.
enum Signals {
    static func install() { csignals_install() }

    static var interrupts: Int { Int(csignals_interrupts()) }
    static var isTerminated: Bool { csignals_terminations() > 0 }
    static var suspensions: Int { Int(csignals_suspensions()) }

    /// Runs `body` with Ctrl-Z counted, not obeyed: the line editor first gives the terminal back.
    static func countingSuspensions<Result>(_ body: () -> Result) -> Result {
        csignals_count_suspensions(1)
        defer { csignals_count_suspensions(0) }
        return body()
    }

    static func suspend() { csignals_suspend() }
}
