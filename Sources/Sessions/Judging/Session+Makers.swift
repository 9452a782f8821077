internal import Language
internal import ProCLIP
internal import Rendering

extension Session {
    /// The model that embeds what is to be compared with embeddings: the one that `with=` names, else a handle of the
    /// session. It must be the one that made them. Throws a `Diagnostic`.
    func maker(of embeddings: LabelledEmbeddings, _ arguments: Arguments) throws -> Judged {
        if let handle = arguments.handle("with") {
            let judged = try Judged(handle, arguments, at: "with", in: self)
            if let difference = try judged.difference(from: embeddings) {
                throw arguments.diagnostic(
                    .contradiction, "\(handle.name) did not make these embeddings: \(difference)", at: "with")
            }
            return judged
        }
        for entry in bindings.entries.reversed() where [.clip, .model, .tower].contains(entry.handle.kind) {
            let judged = try Judged(entry.handle, arguments, at: "with", in: self)
            if try judged.difference(from: embeddings) == nil { return judged }
        }
        let hash = embeddings.description["model_sha256"] ?? ""
        throw arguments.diagnostic(
            .missingArgument,
            "no model here made these embeddings: they are by \(embeddings.model), SHA-256 \(hash.prefix(12))...",
            help: "load that model first")
    }
}

extension Judged {
    /// How these embeddings were made otherwise than this model makes them; nil where they are its own.
    fileprivate func difference(from embeddings: LabelledEmbeddings) throws -> String? {
        let own = try embeddings.role == .paths ? imageDescription() : textDescription()
        let other = embeddings.description
        if own == other { return nil }
        let names = ["preprocessing", "pooling", "normalisation"].filter { own[$0] != other[$0] }
        let parts = names.map { "\($0) \"\(other[$0] ?? "none")\", here \"\(own[$0] ?? "none")\"" }
        if !parts.isEmpty { return parts.joined(separator: "; ") }
        if own["model_sha256"] == other["model_sha256"] { return "their file is of another version" }
        let sums = [other, own].map { ($0["model_sha256"] ?? "none").prefix(12) }
        return "their model has SHA-256 \(sums[0])..., \(name) \(sums[1])..."
    }
}
