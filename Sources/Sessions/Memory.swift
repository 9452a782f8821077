internal import Foundation
internal import Language
internal import Rendering

/// What the machine has to offer, and what a training run takes at the least.
public enum Memory {
    /// `23.4 GiB`
    public static func text(_ byteCount: Int) -> String { text(Double(byteCount)) }

    private static func text(_ byteCount: Double) -> String {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"]
        let index = min(units.count - 1, max(0, Int(log2(max(1, byteCount)) / 10)))
        let size = byteCount / pow(1024, Double(index))
        return "\(NumberStyle.significant(3).text(size)) \(units[index])"
    }

    /// Bytes that this process can have: the machine's memory, or less where its address space is limited.
    static var available: Double {
        var limit = rlimit()
        let isLimited = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 && limit.rlim_cur != .max
        let physical = Double(ProcessInfo.processInfo.physicalMemory)
        return isLimited ? min(physical, Double(limit.rlim_cur)) : physical
    }

    /// Refuses, before any work, a model that cannot fit: every trained parameter comes with its gradient and the two
    /// moments of AdamW, 16 bytes in all. What the steps themselves take is not counted.
    static func require(
        parameters: Double, _ arguments: Arguments, at key: String, help: String, available: Double = available
    ) throws(Diagnostic) {
        let needed = parameters * 16
        guard needed > available else { return }
        let count = NumberStyle.significant(3).text(parameters / 1e6)
        throw arguments.diagnostic(
            .outOfBounds,
            "\(count) million parameters take \(text(needed)) to train, this machine has \(text(available))",
            at: arguments.given.contains(key) ? key : nil, help: help)
    }
}
