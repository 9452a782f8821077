internal import Rendering
internal import Towers

/// An image tower without texts.
struct TowerContent: HandleContent, @unchecked Sendable {
    // Training works on copies, so a tower is never written once it is bound.
    let kind = HandleKind.tower
    let tower: ImageTower
    let identity: ModelIdentity
    let origin: String
    /// The files that hold its tensors.
    var files: [String] = []
    /// How pictures are prepared, as its files say it.
    var notes: [String] = []

    private var parameterCount: Int { tower.parameters.map(\.shape.count).reduce(0, +) }

    var shape: String { Self.shape(of: tower.parameters) }
    var byteCount: Int? { Self.byteCount(of: tower.parameters) }
    var fields: Fields {
        [
            "parameters": .integer(parameterCount), "image_size": .integer(tower.image.configuration.imageSize),
            "dimension": .integer(tower.image.configuration.outputs),
        ]
    }
    var summary: String { "image tower, \(parameterCount) parameters: \(origin)" }
}
