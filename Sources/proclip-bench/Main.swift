internal import ArgumentParser
internal import Foundation

/// Times named workloads: the median of several runs, and the arithmetic rate.
@main struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proclip-bench",
        abstract: "Times workloads of the engine.",
        discussion: "Workloads: " + Workload.all.map(\.name).joined(separator: ", "))

    @Argument(help: "Workloads to time; all of them where none is named.")
    var names: [String] = []

    @Option(help: "Timed runs of each; the median counts.")
    var runs = 9

    func validate() throws {
        guard runs > 0 else { throw ValidationError("--runs must be at least 1") }
        let known = Workload.all.map(\.name)
        for name in names where !known.contains(name) {
            throw ValidationError("there is no workload \(name); there are \(known.joined(separator: ", "))")
        }
    }

    func run() throws {
        print("workload                milliseconds    GFLOP/s")
        for workload in Workload.all where names.isEmpty || names.contains(workload.name) {
            let body = try workload.prepare()
            body()
            let seconds = (0..<runs).map { _ in
                let start = DispatchTime.now().uptimeNanoseconds
                body()
                return Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
            }.sorted()[runs / 2]
            let name = workload.name.padding(toLength: 22, withPad: " ", startingAt: 0)
            print(name, String(format: "%14.3f %10.1f", seconds * 1e3, workload.operations / seconds * 1e-9))
        }
    }
}
