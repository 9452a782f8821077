internal import Inputs
internal import ProCLIP

/// The features of the pictures that a statement names, and what should be said about them.
struct PictureEmbeddings {
    let embeddings: LabelledEmbeddings
    /// Files that could not be read, and how some were read.
    private(set) var notes: [String] = []
    private(set) var unreadableCount = 0

    /// How many files a sentence names.
    private static let named = 5

    /// Throws what reading or embedding throws; nil for texts.
    init?(of input: EmbeddedInput, by judged: Judged, in context: CheckContext) throws {
        switch input {
        case .texts: return nil
        case .dataset(let pairs):
            let labels = zip(pairs.data.setOfPicture, pairs.data.names).map { "\($0)/\($1)" }
            embeddings = try judged.labelled(judged.features.images(of: pairs.data, by: judged.image), labels)
        case .files(let paths):
            let read = try judged.features.images(paths.count, by: judged.image) { try Picture.read(paths[$0]) }
            embeddings = try judged.labelled(read.vectors, read.rows.map { paths[$0] })
            unreadableCount = read.unreadable.count
            if unreadableCount > 0 {
                notes.append(
                    Self.sentence(unreadableCount, "left out", read.unreadable.map { "\($0.reason)" }))
            }
            for (caveat, pictures) in Dictionary(grouping: read.caveats, by: \.caveat).sorted(by: { $0.key < $1.key }) {
                notes.append(Self.sentence(pictures.count, caveat, pictures.map { context.shown(paths[$0.picture]) }))
            }
        }
    }

    private static func sentence(_ count: Int, _ what: String, _ items: [String]) -> String {
        let rest = count > named ? ", and \(count - named) more" : ""
        return "\(count) picture\(count == 1 ? "" : "s") \(what): \(items.prefix(named).joined(separator: "; "))\(rest)"
    }
}
