public import Tensors

extension CLIPModel {
    /// The tensors of a Hugging Face CLIP file at our paths; the patch embedding's kernel [width, 3, P, P] becomes the
    /// matrix [width, 3·P·P].
    /// Stored positions are left out; any other unknown name is kept as it is, so that strict loading reports it.
    public static func renamed(_ tensors: [String: Tensor]) -> [String: Tensor] {
        var renamed = huggingFace.renamed(tensors)
        let kernel = "image/patch_embedding/weight"
        if let weight = renamed[kernel], weight.shape.rank == 4 {
            let width = weight.shape[0]
            renamed[kernel] = weight.reshaped([width, weight.shape.count / max(1, width)])
        }
        return renamed
    }

    private static let huggingFace = NameTable(
        paths: [
            "vision_model.embeddings.class_embedding": "image/class_embedding",
            "vision_model.embeddings.patch_embedding": "image/patch_embedding",
            "vision_model.embeddings.position_embedding.weight": "image/position_embedding",
            "vision_model.pre_layrnorm": "image/norm_pre",
            "vision_model.post_layernorm": "image/norm_post",
            "visual_projection": "image/projection",
            "text_model.embeddings.token_embedding.weight": "text/token_embedding",
            "text_model.embeddings.position_embedding.weight": "text/position_embedding",
            "text_model.final_layer_norm": "text/norm_final",
            "text_projection": "text/projection",
        ].merging(blocks("vision_model", "image") + blocks("text_model", "text")) { $1 },
        unused: ["vision_model.embeddings.position_ids", "text_model.embeddings.position_ids"])

    private static func blocks(_ tower: String, _ path: String) -> [(String, String)] {
        [
            ("self_attn.q_proj", "attention/query"), ("self_attn.k_proj", "attention/key"),
            ("self_attn.v_proj", "attention/value"), ("self_attn.out_proj", "attention/output"),
            ("layer_norm1", "norm1"), ("layer_norm2", "norm2"), ("mlp.fc1", "mlp/up"), ("mlp.fc2", "mlp/down"),
        ].map { ("\(tower).encoder.layers.#.\($0)", "\(path)/blocks/#/\($1)") }
    }
}
