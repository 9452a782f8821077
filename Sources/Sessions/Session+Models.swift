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

    /// The statements that made some handles, each behind those of everything it was made from.
    func history(of names: [String]) -> [String] {
        var statements: [String] = []
        func visit(_ name: String) {
            guard let entry = bindings[name], !statements.contains(entry.statement) else { return }
            for input in entry.inputs.sorted(by: { $0.name < $1.name }) { visit(input.name) }
            statements.append(entry.statement)
        }
        names.forEach(visit)
        return statements
    }

    /// A session with the same places and sinks and without handles.
    func companion(in folder: String) -> Session {
        let session = Session(commands: commands, workingDirectory: folder, stop: stop)
        (session.places, session.progress, session.log, session.record) = (places, progress, log, record)
        return session
    }

    /// How a handle came about, as JSON.
    func provenance(of handle: Handle) -> String {
        JSONValue.object([
            ("program", .string("proclip")),
            ("statements", .array(history(of: [handle.name]).map(JSONValue.string))),
            ("machine", Machine.description),
        ]).text
    }
}
