internal import Archive
import Foundation
internal import Inputs
internal import Language
internal import Rendering

extension Session {
    /// CLIP's tokenizer; its merges lie in the folders of weights.
    func clipTokenizer(
        contextLength: Int = 77, style: CLIPTokenizer.Style = .openAI
    ) throws -> CLIPTokenizer {
        guard let path = places.weightsFile("clip-merges.txt") else {
            throw ArchiveError.missingOwnFile("clip-merges.txt")
        }
        return try CLIPTokenizer(mergesPath: path, contextLength: contextLength, style: style)
    }

    /// Notes a file in the record of the run and returns its SHA-256.
    @discardableResult
    func noteInput(_ path: String) throws -> String {
        let hash = try SHA256Hash.of(file: path)
        record?.note(input: path, hash: hash)
        return hash
    }

    /// Notes the files of a model in the record of the run, if there is one.
    func noteInputs(_ paths: [String]) throws {
        if record != nil { for path in paths { try noteInput(path) } }
    }

    /// The bindings of handles, in the order of their names.
    func entries(of handles: [Handle]) -> [Bindings.Entry] {
        Set(handles.map(\.name)).sorted().compactMap { bindings[$0] }
    }

    /// A session with the same places and sinks and without handles.
    func companion(in folder: String) -> Session {
        let session = Session(commands: commands, workingDirectory: folder, stop: stop)
        (session.places, session.record) = (places, record)
        (session.progress, session.log, session.watch) = (progress, log, watch)
        session.trainedStore = trainedStore
        return session
    }

    /// How a handle came about, as JSON: the statements that made it, and in a recorded run the recipe and its inputs.
    func provenance(of handle: Handle) -> String {
        JSONValue.object(
            [
                ("program", .string("proclip \(Session.version)")),
                ("statements", .array(Bindings.history(of: entries(of: [handle])).map(JSONValue.string))),
                ("machine", Machine.description),
            ] + (record?.origin ?? [])
        ).text
    }
}
