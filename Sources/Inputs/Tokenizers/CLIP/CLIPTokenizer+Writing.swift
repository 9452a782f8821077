internal import Archive
internal import Foundation

extension CLIPTokenizer {
    /// Writes the files from which transformers makes its `CLIPTokenizer`: `vocab.json`, `merges.txt`,
    /// `tokenizer_config.json`. Throws `ArchiveError`.
    public func write(to folder: String) throws {
        let ids = Dictionary(vocabulary.enumerated().map { ($1, $0) }, uniquingKeysWith: { $1 })
        try JSONFile.write(ids, to: folder + "/vocab.json")
        try AtomicWrite.replace(folder + "/merges.txt", with: Data("#version: 0.2\n".utf8) + merges)
        let configuration: JSONTree = [
            "tokenizer_class": "CLIPTokenizer", "model_max_length": JSONTree(contextLength),
            "bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>",
            "pad_token": "<|endoftext|>",
        ]
        try JSONFile.write(configuration, to: folder + "/tokenizer_config.json")
    }
}
