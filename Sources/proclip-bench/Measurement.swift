internal import Foundation

/// What was seen of one workload.
struct Measurement: Encodable {
    let name: String
    let seconds: [Double]
    /// Of matrix products in one run.
    let operations: Double
    /// Operations a second of a large product of the same precision in the same process.
    let productRate: Double
    let peakBytes: Int
    let samples: Int?
    let expectedBytes: Int?

    init(workload: Workload, seconds: [Double], productRate: Double) {
        (name, operations) = (workload.name, workload.operations)
        (samples, expectedBytes) = (workload.samples, workload.expectedBytes)
        (self.seconds, self.productRate) = (seconds.sorted(), productRate)
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        peakBytes = usage.ru_maxrss * 1024
    }

    private var median: Double { seconds[seconds.count / 2] }

    func line() throws -> String { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }

    /// Milliseconds, and rates where the workload has products.
    var row: String {
        let times = [median, seconds[0], seconds[seconds.count - 1]].map { String(format: "%12.3f", $0 * 1e3) }.joined()
        let rate = operations / median
        let rates =
            operations == 0
            ? "          -          -" : String(format: "%11.1f %9.0f%%", rate * 1e-9, 100 * rate / productRate)
        return name.padding(toLength: 24, withPad: " ", startingAt: 0) + times + rates
            + String(format: "%10d", peakBytes >> 20)
    }
}
