public import Archive

extension EmbedderSettings {
    /// What the list of published models says of a model. Throws `ArchiveError.unreadable` for a pooling or an
    /// attention that is not known.
    public init(_ model: PublishedModel) throws {
        func known<Value: RawRepresentable<String>>(_ written: String) throws -> Value {
            guard let value = Value(rawValue: written) else {
                throw ArchiveError.unreadable(
                    "Weights/models.json", reason: "\"\(written)\" of \(model.title) is not known")
            }
            return value
        }
        self.init()
        pooling = try known(model.pooling)
        attention = try model.attention.map(known)
        prompt = model.prompt
        maximumLength = model.maximumLength
    }
}
