import Foundation
import Rendering

/// The computer that a run is recorded on.
enum Machine {
    static var description: JSONValue {
        .object([
            ("cpu", .string(processor)), ("cores", .integer(ProcessInfo.processInfo.activeProcessorCount)),
            ("system", .string(ProcessInfo.processInfo.operatingSystemVersionString)),
        ])
    }

    /// The largest resident memory of the process so far, in bytes.
    static var peakMemory: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1024
    }

    private static var processor: String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces) ?? "unknown"
    }
}
