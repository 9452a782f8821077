internal import Archive
import Foundation
internal import Inputs
internal import Towers

/// The tokenizer of a CLIP in a file of ours, as the file's attributes say it: CLIP's own in one of its styles, or another
/// in a folder beside the file, `NAME.tokenizer` beside `NAME.h5`.
struct SavedTokenizer {
    private(set) var style = CLIPTokenizer.Style.openAI
    private(set) var files = ForeignCheckpoint.TokenizerFiles.openAI

    private enum Key {
        static let style = "tokenizer"
        static let folder = "tokenizer_folder"
        static let cleaning = "tokenizer_cleaning"
        static let hash = "tokenizer_sha256"
    }
    /// In the place of a style.
    private static let inFolder = "folder"

    /// Throws `ArchiveError` where the folder is missing or its files are others than those that were saved.
    init(_ attributes: [String: String], path: String) throws {
        guard attributes[Key.style] == Self.inFolder else {
            // Files from before there were styles were made with OpenAI's.
            style = attributes[Key.style].flatMap(CLIPTokenizer.Style.init) ?? .openAI
            return
        }
        guard let name = attributes[Key.folder], !name.isEmpty, !name.hasPrefix("."), !name.contains("/") else {
            throw ArchiveError.missingAttribute(Key.folder, path: path)
        }
        let folder = (path as NSString).deletingLastPathComponent + "/" + name
        guard try Self.hash(of: folder) == attributes[Key.hash] else {
            throw ArchiveError.unreadable(
                path,
                reason: "its tokenizer lay beside it in \(name), where it is no longer; put that folder there again")
        }
        files = .folder(folder, attributes[Key.cleaning].flatMap(TextCleaning.init))
    }

    /// Writes the tokenizer of a model beside the file that is to be written, as far as it needs files. The attributes that
    /// say so.
    static func write(_ content: ClipContent, published: CLIPTokenizer, beside path: String) throws -> [String: String]
    {
        let own = content.tokenizer as? CLIPTokenizer
        if let own, own.vocabulary == published.vocabulary { return [Key.style: own.style.rawValue] }
        let folder = (path as NSString).deletingPathExtension + ".tokenizer"
        try AtomicWrite.check(folder + "/tokenizer.json")
        var attributes = [Key.style: inFolder, Key.folder: (folder as NSString).lastPathComponent]
        if case .folder(let source, let cleaning) = content.tokenizerFiles {
            try TokenizerFolder.copy(source, to: folder)
            attributes[Key.cleaning] = cleaning?.rawValue
        } else {
            try own?.write(to: folder)
        }
        attributes[Key.hash] = try hash(of: folder)
        return attributes
    }

    private static func hash(of folder: String) throws -> String {
        let sums = try TokenizerFolder.files(in: folder).map { "\($0.key) \(SHA256Hash.of(bytes: $0.value))" }.sorted()
        return SHA256Hash.of(bytes: Data(sums.joined(separator: "\n").utf8))
    }
}
