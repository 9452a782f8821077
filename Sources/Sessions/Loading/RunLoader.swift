import Foundation
internal import Language

/// `load run FOLDER`
struct RunLoader: Loader {
    let kind = HandleKind.run
    let place = "the folder of a recorded run"

    func names(in context: CheckContext) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: context.absolute("runs"))) ?? []
        return names.filter { RecordedRun.isOne(context.absolute("runs") + "/" + $0) }.map { "./runs/" + $0 }
    }

    func check(_ path: String, _ arguments: Arguments, in context: CheckContext) throws {
        _ = try RecordedRun(path)
    }

    func load(_ path: String, _ arguments: Arguments, in session: Session) throws -> any HandleContent {
        RunContent(run: try RecordedRun(path))
    }
}
