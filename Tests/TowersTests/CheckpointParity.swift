import Autodiff
import Inputs
import Layers
import Learning
import Tensors
import Towers

/// What a model computes beside what its own library computed: features, logits, the loss of a contrastive step and the
/// gradient of every parameter.
struct CheckpointParity {
    /// By name, ours and the library's.
    private(set) var values: [(name: String, found: Tensor, wanted: Tensor)] = []
    /// Gradients of the biases of keys: 0 but for rounding, since softmax ignores what all keys share.
    private(set) var vanishing: [(name: String, found: Tensor)] = []
    /// The paths with a gradient on either side only.
    private(set) var unmatched: [String] = []

    /// A CLIP or SigLIP. `wanted` holds `pictures`, `ids`, perhaps `lengths`, `image`, `text`, `logits`, and with gradients
    /// `loss` and `gradients/*` under the library's names.
    init(_ model: CLIPModel, names: NameTable, wanted: [String: Tensor], gradients: Bool = true) throws {
        let tape = Tape { _ in gradients }
        let image = model.image(tape.constant(try wanted.tensor("pictures")))
        let text = model.text(try Self.texts(wanted), tape: tape)
        let (images, texts) = (image.l2Normalized(), text.l2Normalized())
        try add("image features", image.value, wanted.tensor("image"))
        try add("text features", text.value, wanted.tensor("text"))
        try add("logits", model.logits(images: images.value, texts: texts.value), wanted.tensor("logits"))
        guard gradients else { return }
        let loss = Contrastive(logitScale: model.logitScale, logitBias: model.logitBias)(image: images, text: texts)
        try add("loss", loss.value, wanted.tensor("loss"))
        try add(tape.gradients(of: loss), names, wanted)
    }

    /// An image tower alone: its features, and the gradients of their product with `seed`.
    init(_ tower: ImageTower, names: NameTable, wanted: [String: Tensor]) throws {
        let tape = Tape()
        let image = tower.image(tape.constant(try wanted.tensor("pictures")))
        try add("image features", image.value, wanted.tensor("image"))
        try add(tape.gradients(of: image, seed: wanted.tensor("seed")), names, wanted)
    }

    private mutating func add(_ name: String, _ found: Tensor, _ wanted: Tensor) {
        values.append((name, found, wanted))
    }

    private mutating func add(_ found: Gradients, _ names: NameTable, _ wanted: [String: Tensor]) throws {
        let wanted = names.tensors(
            Dictionary(
                wanted.compactMap { name, tensor in
                    name.hasPrefix("gradients/") ? (String(name.dropFirst("gradients/".count)), tensor) : nil
                }, uniquingKeysWith: { $1 }))
        unmatched = Set(found.paths).symmetricDifference(wanted.keys).sorted()
        for (path, gradient) in wanted.sorted(by: { $0.key < $1.key }) {
            guard let ours = found[path] else { continue }
            if path.hasSuffix("attention/key/bias") {
                vanishing.append(("gradient of \(path)", ours))
            } else {
                add("gradient of \(path)", ours, gradient)
            }
        }
    }

    private static func texts(_ wanted: [String: Tensor]) throws -> TokenBatch {
        let ids = try wanted.tensor("ids")
        let lengths = wanted["lengths"]?.values.map { Int($0) }
        let rows = (0..<ids.shape[0]).map { row in
            ids.rows(row..<row + 1).values.map { Int32($0) }.prefix(lengths?[row] ?? ids.shape[1])
        }
        return TokenBatch(rows: rows.map(Array.init), padding: 0)
    }
}

extension [String: Tensor] {
    /// Throws the name of a tensor that is not there.
    func tensor(_ name: String) throws -> Tensor {
        guard let tensor = self[name] else { throw MissingReference(name: name) }
        return tensor
    }
}

/// A tensor that a fixture lacks.
struct MissingReference: Error {
    let name: String
}
