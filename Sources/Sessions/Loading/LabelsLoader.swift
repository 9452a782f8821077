internal import Language

/// `load labels`: the names of classes, one a line.
struct LabelsLoader: Loader {
    let kind = HandleKind.labels
    let place = "a UTF-8 file with the name of a class a line"

    func load(_ path: String, _ arguments: Arguments, in session: Session) throws -> any HandleContent {
        TextsContent(kind: .labels, texts: try TextsLoader.lines(path))
    }
}
