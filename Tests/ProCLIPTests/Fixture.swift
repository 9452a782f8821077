import Archive
import Foundation
import Tensors

/// A fixture beside this file: `Fixture("alignment")["odd/student"]`.
struct Fixture {
    let tensors: [String: Tensor]

    init(_ name: String) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
        tensors = try SafetensorsFile(folder.appendingPathComponent(name + ".safetensors").path).tensors
    }

    subscript(name: String) -> Tensor {
        get throws {
            guard let tensor = tensors[name] else {
                throw ArchiveError.missingTensor(name, available: tensors.keys.sorted())
            }
            return tensor
        }
    }
}

/// The largest difference, relative to the largest expected value (or `floor`, whichever is greater).
func relativeError(_ found: Tensor, _ expected: Tensor, floor: Float = 1e-6) -> Float {
    guard found.shape == expected.shape else { return .infinity }
    var (largest, worst): (Float, Float) = (floor, 0)
    for index in 0..<found.shape.count {
        let difference = abs(found.data[index] - expected.data[index])
        largest = max(largest, abs(expected.data[index]))
        worst = difference <= worst ? worst : difference
    }
    return worst / largest
}
