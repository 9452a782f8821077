internal import Archive
public import Autodiff
internal import Foundation
public import Layers
internal import Tensors

/// A language model whose matrices have trained ones of low rank beside them (LoRA: Hu et al., 2021, arXiv 2106.09685).
public final class AdaptedEmbedder: @unchecked Sendable {
    // Training changes the parameters' values before anything else sees them.

    /// A and B of every adapted matrix.
    public let parameters: [Parameter]
    private let base: LanguageModelEmbedder
    private let encoder: any TokenEncoder
    private let lowRank: LowRank

    /// Fresh matrices beside those of `base`, which change nothing at first. Throws `ArchiveError` for a model whose adapters
    /// no other program could read.
    public init(_ base: LanguageModelEmbedder, rank: Int, alpha: Float, seed: UInt64) throws {
        guard base.isDifferentiable else {
            throw ArchiveError.unreadable(
                base.checkpoint.path,
                reason:
                    "its vectors are shortened or pass Dense modules; only what a network and its pooling give is trained"
            )
        }
        self.base = base
        lowRank = LowRank(rank: rank, alpha: alpha, seed: seed)
        try base.checkpoint.requirePublishedOrder()
        let (encoder, parameters) = try base.checkpoint.encoder(products: base.precision, lowRank: lowRank)
        self.encoder = encoder
        self.parameters = parameters.filter { $0.path.contains("/lora/") }
    }

    /// B texts -> [B, d], as the embedder gives them, on a tape.
    public func vectors(of texts: [String], on tape: Tape) -> Variable {
        base.vectors(of: base.rows(of: texts), by: encoder, tape: tape)
    }

    /// The embedder with these matrices as they are now.
    public func frozen() -> LanguageModelEmbedder {
        var bytes = Data("\(base.hash) \(lowRank.scale)".utf8)
        for parameter in parameters { bytes.append(contentsOf: parameter.value.rawBytes) }
        return LanguageModelEmbedder(base, encoder: encoder, hash: SHA256Hash.of(bytes: bytes))
    }

    /// Writes a folder as PEFT has it, `adapter_config.json` and `adapter_model.safetensors`, which `load embedder ... lora=`
    /// and PEFT read. Throws `ArchiveError`.
    public func write(to folder: String) throws {
        let names = base.checkpoint.names
        var tensors: [(name: String, value: Tensor)] = []
        var modules: Set<String> = []
        for parameter in parameters {
            let isDown = parameter.path.hasSuffix("/lora/down")
            let layer = parameter.path.replacing(isDown ? "/lora/down" : "/lora/up", with: "")
            for (name, value) in try names.foreign([(layer, parameter.value)]) {
                tensors.append(("base_model.model.\(name).lora_\(isDown ? "A" : "B").weight", value))
                modules.insert(String(name.split(separator: ".").last ?? ""))
            }
        }
        try SafetensorsFile.write(folder + "/adapter_model.safetensors", tensors: tensors, metadata: ["format": "pt"])
        let description: JSONTree = [
            "peft_type": "LORA", "task_type": "FEATURE_EXTRACTION", "base_model_name_or_path": .text(base.name),
            "r": .number(Double(lowRank.rank)), "lora_alpha": .number(Double(lowRank.alpha)), "lora_dropout": 0,
            "bias": "none", "fan_in_fan_out": false, "inference_mode": true, "use_rslora": false, "use_dora": false,
            "target_modules": .array(modules.sorted().map { .text($0) }),
        ]
        try JSONFile.write(description, to: folder + "/adapter_config.json")
    }
}
