internal import Archive
import Foundation
internal import Language

/// How a training run came about, as its checkpoint keeps it: the statements that make again what it read, and its own.
struct RunOrigin: Codable {
    /// The working directory.
    let folder: String
    let inputs: [String]
    let statement: String

    init(_ arguments: Arguments, in session: Session) throws {
        folder = session.workingDirectory
        inputs = Bindings.history(of: session.entries(of: arguments.allHandles))
        statement = arguments.statement
    }

    init(reading text: String, path: String) throws {
        guard let origin = try? JSONDecoder().decode(RunOrigin.self, from: Data(text.utf8)) else {
            throw ArchiveError.unreadable(path, reason: "it does not say how its run was started")
        }
        self = origin
    }

    var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}
