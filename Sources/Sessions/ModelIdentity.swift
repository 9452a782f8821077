internal import Archive
import Foundation
internal import Inputs
internal import Layers
import Synchronization
internal import Towers

/// What a model computes with, as a SHA-256: its configuration, the preparation of pictures included, and the values of
/// its parameters. So `save` and `load` do not change it, whatever kind of file lies between them.
/// It is computed when it is first asked for: a gigabyte takes about a second.
final class ModelIdentity: @unchecked Sendable {
    // The parameters of a model are never written once it is bound.
    private let parameters: [Parameter]
    private let configuration: () throws -> String
    private let known = Mutex<String?>(nil)

    init(_ model: CLIPModel) {
        (parameters, configuration) = (model.parameters, { try ModelFile.configuration(of: model) })
    }

    init(_ model: AlignedModel) {
        (parameters, configuration) = (model.parameters, { try ModelFile.configuration(of: model) })
    }

    init(_ tower: ImageTower) {
        (parameters, configuration) = (tower.parameters, { try ModelFile.configuration(of: tower) })
    }

    var hash: String {
        get throws {
            try known.withLock { known in
                if let known { return known }
                nonisolated(unsafe) let parameters = parameters
                // Numbers that are stored in fewer bits count as what they are read as, which is not kept.
                let sums = parallelMap(Array(parameters.indices)) { index in
                    let values = parameters[index].stored.converted(to: .float32)
                    return withExtendedLifetime(values) {
                        "\(parameters[index].path) \(values.shape) \(SHA256Hash.of(bytes: values.rawBytes))"
                    }
                }
                let lines = [try configuration()] + sums
                let hash = SHA256Hash.of(bytes: Data(lines.joined(separator: "\n").utf8))
                known = hash
                return hash
            }
        }
    }
}
