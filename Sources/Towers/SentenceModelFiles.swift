internal import Archive
internal import Foundation

/// The files of a sentence-transformers folder, and what they may ask for.
struct SentenceModelFiles {
    let folder: String

    var weights: String { folder + "/model.safetensors" }
    var vocabulary: String { folder + "/vocab.txt" }

    func configuration() throws -> BERTConfiguration {
        struct Kind: Decodable {
            let model_type: String
        }
        let kind = try decode(Kind.self, "config.json").model_type
        let configuration = try decode(BERTConfiguration.self, "config.json")
        guard kind == "bert", configuration.activation == "gelu" else {
            throw unsupported("config.json", "a \(kind) with \(configuration.activation)", "a bert with gelu")
        }
        let (width, heads) = (configuration.width, configuration.heads)
        guard width > 0, heads > 0, width % heads == 0, configuration.layers > 0, configuration.maximumLength > 1 else {
            throw unsupported("config.json", "\(heads) heads for a width of \(width)", "a width that the heads divide")
        }
        try requirePositive(
            folder + "/config.json",
            [
                ("hidden_size", width), ("intermediate_size", configuration.mlpWidth),
                ("vocab_size", configuration.vocabularySize), ("type_vocab_size", configuration.typeCount),
            ])
        return configuration
    }

    /// The model's limit on tokens in a text.
    func maximumLength(atMost positions: Int) throws -> Int {
        struct Limit: Decodable {
            let max_seq_length: Int?
        }
        let limit = try decode(Limit.self, "sentence_bert_config.json").max_seq_length ?? positions
        guard (2...positions).contains(limit) else {
            throw unsupported("sentence_bert_config.json", "at most \(limit) tokens", "2 to \(positions)")
        }
        return limit
    }

    func requireMeanPooling() throws {
        struct Pooling: Decodable {
            let pooling_mode_mean_tokens: Bool
            let pooling_mode_cls_token: Bool
            let pooling_mode_max_tokens: Bool
        }
        let pooling = try decode(Pooling.self, "1_Pooling/config.json")
        guard pooling.pooling_mode_mean_tokens, !pooling.pooling_mode_cls_token, !pooling.pooling_mode_max_tokens else {
            throw unsupported("1_Pooling/config.json", "another pooling", "the mean of all tokens")
        }
    }

    private func decode<Content: Decodable>(_ type: Content.Type, _ name: String) throws -> Content {
        let path = folder + "/" + name
        guard let data = FileManager.default.contents(atPath: path) else { throw ArchiveError.missingFile(path) }
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch {
            throw ArchiveError.foreign(path, expected: "the \(name) of a sentence-transformers BERT")
        }
    }

    private func unsupported(_ file: String, _ found: String, _ expected: String) -> ArchiveError {
        .unreadable(folder + "/" + file, reason: "it describes \(found); only \(expected) is supported")
    }
}
