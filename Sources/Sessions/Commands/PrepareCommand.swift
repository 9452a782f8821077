internal import Archive
import Foundation
internal import Inputs
public import Language
internal import Rendering

/// `prepare pictures`, `prepare grids data=D to=FILE`, `prepare FROM to=FILE`
public struct PrepareCommand: Command {
    /// Where `prepare pictures` puts what it builds.
    static let usualPictures = "./Weights/data/pictures.h5"

    public let name = "prepare"
    public let summary =
        "build the file of real pictures from Debian packages, compose grids for long texts, or convert pairs"
    public let slots = [
        Slot(
            "what", .either([.choice(["pictures", "grids"]), .handle([.pairs]), .existingPaths]),
            "pictures; grids of 3 x 3 with captions of 90 to 200 tokens and false ones; or pairs in any layout")
    ]
    public let keys = [
        Key(
            "sets", .list(.choice(["light", "all"] + PicturePreparation.allSets)), default: .value(.word("light")),
            "which sets: light is emoji, openclipart and emojione; all adds stamps", only: ["pictures"]),
        Key(
            "to", .newPath, default: .value(.path(Self.usualPictures)),
            "what to write: an HDF5 file (.h5), a webdataset shard (.tar) or a folder with metadata.jsonl"),
        Key(
            "fresh", .boolean, default: .value(.boolean(false)), "build it again even if it is there",
            only: ["pictures"]),
        Key(
            "data", .handle([.pairs]), default: .none("grids need it"),
            "the pictures of the grids; each split's are composed of its own", only: ["grids"]),
        Key(
            "count", .integer(1...1_000_000), default: .value(.number(400)), "grids in each set of a split",
            only: ["grids"]),
        Key("seed", .integer(0...Int.max), default: .value(.number(0)), "of what stands where", only: ["grids"]),
        Key(
            "side", .integer(1...4096), default: .value(.number(224)),
            "height and width of the pictures in an HDF5 file"),
        Key(
            "fit", .choice(["crop", "pad", "squash"]), default: .value(.word("crop")),
            "how a picture becomes a square there: its middle, on white, or whatever its ratio"),
        Key(
            "images", .existingPath, default: .none("sought around the file"),
            "the folder of the pictures that a file of captions names"),
    ]
    public let examples = [
        "prepare pictures", "prepare pictures sets=all", "prepare ./Weights/data/pictures.h5 to=./pictures.tar",
        "prepare ./shards/{000..012}.tar to=./pairs.h5 side=64 fit=pad", "prepare train to=./train",
        "prepare grids data=train count=20 side=192 to=./grids.h5",
    ]
    public let seeAlso = ["load"]
    public let writesFiles = true

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        guard !isOwn(arguments) else { return }
        if isGrids(arguments), arguments.handle("data") == nil {
            throw arguments.diagnostic(
                .missingArgument, "grids need pictures to be composed of", at: "what",
                help: "give data=, a handle of pairs")
        }
        guard arguments.given.contains("to") else {
            throw arguments.diagnostic(
                .missingArgument, "it is not said what to write", at: "what",
                help: "give to=FILE.h5, to=FILE.tar or to=FOLDER")
        }
    }

    private func isOwn(_ arguments: Arguments) -> Bool { arguments.text("what") == "pictures" }

    private func isGrids(_ arguments: Arguments) -> Bool { arguments.text("what") == "grids" }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let path = arguments.path("to") else { return Outcome() }
        if isGrids(arguments) { return try compose(arguments, to: path, in: session) }
        if !isOwn(arguments) { return try convert(arguments, to: path, in: session) }
        let preparation = try PicturePreparation(sets: arguments.texts("sets") ?? [], progress: session.log)
        if arguments.boolean("fresh") != true, let data = try? PairDataset.load(path), preparation.isDone(in: data) {
            return Outcome(reply(data, "\(session.context.shown(path)) is there already"))
        }
        try AtomicWrite.check(path)
        try preparation.prepare(to: path, fresh: arguments.boolean("fresh") == true)
        return Outcome(reply(try PairDataset.load(path), session.context.shown(path)))
    }

    private func compose(_ arguments: Arguments, to path: String, in session: Session) throws -> Outcome {
        let pairs: PairsContent = try arguments.content("data")
        guard pairs.language == "en" else {
            throw arguments.diagnostic(
                .contradiction, "grids are described in English, these captions are in \"\(pairs.language)\"",
                at: "data",
                help: "load the pairs with lang=en")
        }
        // Room for any caption, so that its tokens are all counted.
        let tokenizer = try session.clipTokenizer(contextLength: 1024)
        let grids = try GridComposition(
            pairs.data, captions: pairs.captions, count: arguments.integer("count") ?? 1,
            side: arguments.integer("side") ?? 224, seed: UInt64(arguments.integer("seed") ?? 0)
        ) { tokenizer.encode([$0]).tokenCount - 2 }
        try AtomicWrite.check(path)
        try grids.records().write(to: path) { [progress = session.progress] done, total in
            progress(Progress(label: "draw grids", step: done, total: total, samplesPerStep: 1))
        }
        return Outcome(reply(try PairDataset.load(path), session.context.shown(path)))
    }

    private func convert(_ arguments: Arguments, to path: String, in session: Session) throws -> Outcome {
        let tell = { [progress = session.progress] (label: String) in
            { (done: Int, total: Int) in
                progress(Progress(label: label, step: done, total: total, samplesPerStep: 1))
            }
        }
        let data: PairDataset
        if case .handle = arguments["what"] {
            data = (try arguments.content("what") as PairsContent).data
        } else {
            data = try PairDataset.load(
                arguments.path("what") ?? "", pictures: arguments.path("images"), progress: tell("look at pictures"))
        }
        let modes: [String: PictureFitting.Mode] = ["crop": .shortestSide, "pad": .whiteSquare, "squash": .squash]
        let fitting = PictureFitting(modes[arguments.text("fit") ?? ""] ?? .shortestSide)
        try PairConversion(
            data, fitting: fitting, side: arguments.integer("side") ?? 224, progress: tell("write pictures")
        )
        .write(to: path)
        data.notes.forEach(session.log)
        return Outcome(reply(data, session.context.shown(path)))
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
