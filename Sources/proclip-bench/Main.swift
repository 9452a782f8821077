internal import ArgumentParser
internal import Foundation
internal import Tensors

/// Times named workloads: the median, the least and the most of several runs, beside this machine's rate for matrix
/// products at the same time.
@main struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proclip-bench",
        abstract: "Times workloads of the engine.",
        discussion: "Workloads: " + Workload.all.map(\.name).joined(separator: ", "))

    @Option(help: "Only the workload of this name, or those whose names contain it; several are separated by commas.")
    var filter = ""

    @Option(help: "Timed runs of each, after one that is not; the median counts.")
    var runs = 5

    @Option(help: "A folder of pictures for the workload image-input.")
    var pictures: String?

    @Option(help: "Of the products of networks.")
    var precision = Precision.fp32

    enum Precision: String, ExpressibleByArgument, CaseIterable {
        case fp32, bf16

        var products: ProductPrecision { self == .bf16 ? .bfloat16 : .float32 }
    }

    @Flag(help: "One JSON object a line for each workload.")
    var json = false

    func validate() throws {
        guard runs > 0 else { throw ValidationError("--runs must be at least 1") }
        guard !chosen.isEmpty else {
            throw ValidationError(
                "no workload is called \(filter); there are \(Workload.all.map(\.name).joined(separator: ", "))")
        }
    }

    private var chosen: [Workload] {
        if filter.isEmpty { return Workload.all }
        return filter.split(separator: ",").flatMap { part in
            let exact = Workload.all.filter { $0.name == part }
            return exact.isEmpty ? Workload.all.filter { $0.name.contains(part) } : exact
        }
    }

    func run() throws {
        if !json {
            print("workload                      median       least        most    GFLOP/s   of rate   peak MB")
        }
        for workload in chosen {
            let body = try workload.prepare(Inputs(pictures: pictures, products: precision.products))
            body(0)
            let seconds = (1...runs).map { round in Self.seconds { body(round) } }
            let measured = Measurement(workload: workload, seconds: seconds, productRate: productRate())
            print(json ? try measured.line() : measured.row)
        }
    }

    /// Operations a second of a product of 1536 x 1536 in this precision, the best of five.
    private func productRate() -> Double {
        let side = 1536
        let (a, b, c) = (random([side, side]), random([side, side], seed: 2), Tensor.zeros([side, side]))
        let times = (0..<6).map { _ in Self.seconds { Tensor.matmul(a, b, precision: precision.products, into: c) } }
        let least = times.min() ?? 1
        return 2 * Double(side * side * side) / least
    }

    private static func seconds(_ body: () -> Void) -> Double {
        let start = DispatchTime.now().uptimeNanoseconds
        body()
        return Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
    }
}
