internal import Archive
import Foundation
internal import Inputs
internal import Language
internal import Rendering

extension Session {
    /// CLIP's tokenizer; its merges lie in the folders of weights.
    func clipTokenizer() throws -> CLIPTokenizer {
        guard let path = places.weightsFile("clip-merges.txt") else {
            throw ArchiveError.missingFile("Weights/clip-merges.txt")
        }
        return try CLIPTokenizer(mergesPath: path)
    }

    /// Notes a file in the record of the run and returns its SHA-256.
    @discardableResult
    func noteInput(_ path: String) throws -> String {
        let hash = try SHA256Hash.of(file: path)
        record?.note(input: path, hash: hash)
        return hash
    }

    /// Binds a name again, to what continues what it stood for.
    func rebind(_ name: String, to content: any HandleContent) {
        guard let entry = bindings[name] else { return }
        bindings.bind(name, to: content, statement: entry.statement, inputs: entry.inputs)
    }

    /// How a handle came about: its statement and, before it, those of everything it was made from, as JSON.
    func provenance(of handle: Handle) -> String {
        var statements: [String] = []
        func visit(_ name: String) {
            guard let entry = bindings[name], !statements.contains(entry.statement) else { return }
            for input in entry.inputs { visit(input.name) }
            statements.append(entry.statement)
        }
        visit(handle.name)
        return JSONValue.object([
            ("program", .string("proclip")), ("statements", .array(statements.map(JSONValue.string))),
            ("machine", Machine.description),
        ]).text
    }
}
