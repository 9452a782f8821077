import Foundation
import Rendering
internal import Tensors

/// The computer that a run is recorded on.
enum Machine {
    static var description: JSONValue {
        .object([
            ("cpu", .string(processor)), ("cores", .integer(ProcessInfo.processInfo.activeProcessorCount)),
            ("threads", .integer(ThreadPool.shared.threadCount)),
            ("system", .string(ProcessInfo.processInfo.operatingSystemVersionString)),
        ])
    }

    /// The same in one line.
    static var name: String {
        "\(processor), \(ThreadPool.shared.threadCount) threads, \(ProcessInfo.processInfo.operatingSystemVersionString)"
    }

    /// The largest resident memory of the process so far, in bytes.
    static var peakMemory: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1024
    }

    /// The processor time of the process so far, of all its threads.
    static var processorSeconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return [usage.ru_utime, usage.ru_stime].map { Double($0.tv_sec) + Double($0.tv_usec) / 1e6 }.reduce(0, +)
    }

    /// Changes with the program.
    static var programIdentity: String {
        let attributes = try? FileManager.default.attributesOfItem(
            atPath: FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        let date = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
        return "\(attributes?[.size] as? Int ?? 0) \(date)"
    }

    private static var processor: String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces) ?? "unknown"
    }
}
