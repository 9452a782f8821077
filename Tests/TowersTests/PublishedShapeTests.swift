import Archive
import Foundation
import Tensors
import Testing

@testable import Towers

private let folder = ProcessInfo.processInfo.environment["PROCLIP_PARITY"]

/// A model of a published shape that `Tests/Checkpoints/check.py` made and computed: `model` (a folder or a file) and
/// `parity.safetensors` lie in the folder that PROCLIP_PARITY names.
@Suite(.enabled(if: folder != nil, "Tests/Checkpoints/check.py names a model"))
struct PublishedShapeTests {
    /// Everything is within 1e-4 of the library's, in the norm of each tensor.
    @Test func everyGradientEqualsTheLibrarys() throws {
        let folder = try #require(folder)
        let wanted = try SafetensorsFile(folder + "/parity.safetensors").tensors
        let model = try #require(
            try FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasPrefix("model") })
        let start = Date()
        let parity: CheckpointParity
        if wanted["seed"] != nil {
            let foreign = try ForeignTower("\(folder)/\(model)", options: .init(preprocessing: "imagenet"))
            parity = try CheckpointParity(try foreign.tower(), names: foreign.family.names, wanted: wanted)
        } else {
            let checkpoint = try ForeignCheckpoint("\(folder)/\(model)")
            parity = try CheckpointParity(try checkpoint.model(), names: checkpoint.family.names, wanted: wanted)
        }
        #expect(parity.unmatched.isEmpty)
        var gradients: [(name: String, difference: Double)] = []
        let wantedValues = Dictionary(parity.values.map { ($0.name, $0.wanted) }, uniquingKeysWith: { $1 })
        for (name, found, wanted) in parity.values {
            #expect(found.shape == wanted.shape, "\(name)")
            // Softmax's gradient all but vanishes where a random network attends evenly: there PyTorch's own float32 is
            // 4e-5 off its float64. The gradient of the values beside it says what is small.
            let values = name.replacing(#/attention/(query|key)//#, with: "attention/value/")
            let floor = values == name ? nil : wantedValues[values].map { 0.01 * norm($0) }
            let difference = difference(found, wanted, floor: floor ?? 0)
            #expect(difference < 1e-4, "\(name) differs by \(difference)")
            if name.hasPrefix("gradient") {
                gradients.append((name, difference))
            } else {
                print("  \(name) \(String(format: "%.1e", difference))", terminator: ",")
            }
        }
        for (name, found) in parity.vanishing { #expect(found.values.allSatisfy { abs($0) < 1e-5 }, "\(name)") }
        let worst = gradients.max { $0.difference < $1.difference }
        print(
            "  \(gradients.count) gradients, at most", String(format: "%.1e", worst?.difference ?? .nan),
            "(\(worst?.name ?? "none")) in \(Int(-start.timeIntervalSinceNow)) s")
    }

    /// |found - wanted| / |wanted|, where the divisor is no less than `floor`.
    private func difference(_ found: Tensor, _ wanted: Tensor, floor: Double) -> Double {
        let (x, y) = (found, wanted.converted(to: .float32))
        var apart = 0.0
        for index in 0..<min(x.shape.count, y.shape.count) {
            let delta = Double(x.data[index] - y.data[index])
            apart += delta * delta
        }
        return withExtendedLifetime((x, y)) { apart.squareRoot() / max(norm(wanted), floor, 1e-150) }
    }

    private func norm(_ tensor: Tensor) -> Double {
        let x = tensor.converted(to: .float32)
        return withExtendedLifetime(x) {
            (0..<x.shape.count).reduce(0) { $0 + Double(x.data[$1]) * Double(x.data[$1]) }.squareRoot()
        }
    }
}
