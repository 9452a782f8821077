internal import Archive
import Foundation
internal import Inputs
import Language
internal import Rendering

/// `prepare pictures`
public struct PrepareCommand: Command {
    public let name = "prepare"
    public let summary = "build the file of real pictures with captions from Debian packages"
    public let slots = [Slot("what", .choice(["pictures"]), "pictures")]
    public let keys = [
        Key(
            "sets", .list(.choice(["light", "all"] + PicturePreparation.allSets)), default: .value(.word("light")),
            "which sets: light is emoji, openclipart and emojione; all adds stamps"),
        Key("to", .newPath, default: .value(.path("./Weights/data/pictures.h5")), "the file to write"),
        Key("fresh", .boolean, default: .value(.boolean(false)), "build it again even if it is there"),
    ]
    public let examples = ["prepare pictures", "prepare pictures sets=all"]
    public let seeAlso = ["load"]
    public let writesFiles = true

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let path = arguments.path("to") else { return Outcome() }
        let preparation = try PicturePreparation(sets: arguments.texts("sets") ?? [], progress: session.log)
        if arguments.boolean("fresh") != true, let data = try? PairDataset.load(path), preparation.isDone(in: data) {
            return Outcome(reply(data, "\(path) is there already"))
        }
        try AtomicWrite.check(path)
        try preparation.prepare(to: path, fresh: arguments.boolean("fresh") == true)
        return Outcome(reply(try PairDataset.load(path), path))
    }

    private func reply(_ data: PairDataset, _ headline: String) -> Reply {
        let splits = Dictionary(grouping: zip(data.setOfPicture, data.splitOfPicture)) { $0.0 + "/" + $0.1 }
        let rows = splits.keys.sorted().map { key in
            let parts = key.split(separator: "/")
            return [Scalar.text(String(parts[0])), .text(String(parts[1])), .integer(splits[key]?.count ?? 0)]
        }
        let table = Table(title: headline, columns: ["set", "split", "pictures"], rows: rows)
        return .table(table, fields: ["n_images": .integer(data.pictureCount)])
    }
}
