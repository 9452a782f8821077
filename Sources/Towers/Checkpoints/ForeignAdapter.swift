internal import Archive
public import Tensors

/// An adapter in LLM2CLIP's form, `text_adaptor.*`, alone or among the tensors of a whole model.
public enum ForeignAdapter {
    /// The configuration that follows from the shapes, and the adapter's tensors at `adapter/...`.
    /// Throws `ArchiveError` where there is no such adapter.
    public static func read(_ path: String) throws -> (Adapter.Configuration, [String: Tensor]) {
        let tensors = try NamedTensors(reading: path).tensors.filter { $0.key.hasPrefix("text_adaptor.") }
        let blocks = Set(tensors.keys.filter { $0.contains(".fn.") }.compactMap { $0.split(separator: ".")[1] }).count
        guard let up = tensors["text_adaptor.0.fn.0.weight"]?.shape,
            let projection = tensors["text_adaptor.\(blocks + 1).weight"]?.shape, up.rank == 2, projection.rank == 2,
            up[1] > 0, up[0] > 0, up[0] % up[1] == 0
        else {
            throw ArchiveError.unreadable(
                path, reason: "it holds no adapter of blocks, norm and projection under text_adaptor")
        }
        let configuration = Adapter.Configuration(
            inputs: up[1], outputs: projection[0], blocks: blocks, expansion: up[0] / up[1])
        return (configuration, Adapter.llm2clip(blocks: blocks).tensors(tensors))
    }
}
