internal import Language

/// `load run FOLDER`
struct RunLoader: Loader {
    let kind = HandleKind.run
    let place = "the folder of a recorded run"

    func check(_ path: String, _ arguments: Arguments, in context: CheckContext) throws {
        _ = try RecordedRun(path)
    }

    func load(_ path: String, _ arguments: Arguments, in session: Session) throws -> any HandleContent {
        RunContent(run: try RecordedRun(path))
    }
}
