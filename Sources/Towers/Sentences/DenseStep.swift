internal import Archive
internal import Autodiff
internal import Foundation
internal import Layers
internal import Tensors

/// A Dense module of sentence-transformers: a linear layer on the pooled vector, and an activation: [B, inputs] ->
/// [B, outputs].
struct DenseStep {
    private enum Function: String {
        case identity = "Identity"
        case tanh = "Tanh"
        case sigmoid = "Sigmoid"
        case relu = "ReLU"
        case gelu = "GELU"
        case silu = "SiLU"

        func callAsFunction(_ x: Variable) -> Variable {
            switch self {
            case .identity: x
            case .tanh: mapped(x) { Foundation.tanh($0) }
            case .sigmoid: mapped(x) { 1 / (1 + exp(-$0)) }
            case .relu: mapped(x) { max(0, $0) }
            case .gelu: x.gelu()
            case .silu: x.silu()
            }
        }

        private func mapped(_ x: Variable, _ function: (Float) -> Float) -> Variable {
            Variable(Tensor(x.value.values.map(function), shape: x.shape))
        }
    }

    let inputs: Int
    let outputs: Int
    let files: [String]
    private let linear: Linear
    private let function: Function

    /// Reads a module's folder. Throws `ArchiveError` where something is missing or is not computed here.
    init(folder: String) throws {
        let entries = try ModelEntries(folder + "/config.json")
        (inputs, outputs) = (try entries.needed("in_features"), try entries.needed("out_features"))
        guard (1...1 << 20).contains(inputs), (1...1 << 20).contains(outputs) else {
            throw entries.unusable("it describes \(outputs) values of \(inputs)")
        }
        let name = try entries.text("activation_function") ?? "Tanh"
        guard let function = Function(rawValue: name.split(separator: ".").last.map(String.init) ?? name) else {
            throw entries.unusable("its activation is \(name), which is not computed here")
        }
        let place = try entries.text("module_input_name") ?? "sentence_embedding"
        guard place == "sentence_embedding", !(try entries.boolean("use_residual") ?? false) else {
            throw entries.unusable("it takes \(place), or adds its input; only the vector of a text is computed here")
        }
        self.function = function
        let read = try NamedTensors(folder: folder, anyOf: ["model.safetensors", "pytorch_model.bin"])
        let names = NameTable(["linear": "dense"])
        let source = ParameterSource(tensors: names.tensors(read.tensors), .frozen)
        linear = try Linear(
            inputs: inputs, outputs: outputs, bias: try entries.boolean("bias") ?? true, scope: source.root["dense"])
        _ = try source.finish()
        files = read.files
    }

    func callAsFunction(_ x: Variable) -> Variable { function(linear(x)) }
}
