internal import Archive
internal import Foundation

/// A place as it was written, a path or a pattern, and what is there.
struct PairPlace: Sendable {
    let written: String
    /// The files that the pattern names, sorted; one file or folder where it is a path.
    let files: [String]
    /// The folder, where it is one.
    let folder: String?
    /// Where the pictures lie that the files name; nil for wherever they are found.
    let pictures: String?

    init(_ written: String, pictures: String? = nil) {
        self.written = written
        self.pictures = pictures
        files = FilePattern.matches(written)
        folder = files.count == 1 && Self.isFolder(files[0]) ? files[0] : nil
    }

    /// The name of the collection: the last part of its path without ending, of several files that of their folder. A folder that
    /// is called after a split, as CLIP_benchmark's `imagenetv2/test`, has the name of the one above.
    var name: String {
        let isFolder = folder != nil || files.count > 1
        let above = last.deletingLastPathComponent().lastPathComponent
        if isFolder, PairListing.split(named: last.lastPathComponent) != nil, above != "/" { return above }
        return (files.count > 1 ? last : last.deletingPathExtension()).lastPathComponent
    }

    /// The split that the last part of its path names; nil where it names none.
    var split: String? { PairListing.split(within: last.deletingPathExtension().lastPathComponent) }

    /// The file or folder; of several files their folder.
    private var last: URL {
        let url = URL(filePath: folder ?? files.first ?? written)
        return files.count > 1 ? url.deletingLastPathComponent() : url
    }

    static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Whether all files end so.
    func areAll(_ endings: String...) -> Bool {
        !files.isEmpty && files.allSatisfy { endings.contains(URL(filePath: $0).pathExtension.lowercased()) }
    }

    /// A file directly within the folder.
    func file(_ name: String) -> String? {
        guard let path = folder.map({ $0 + "/" + name }), FileManager.default.fileExists(atPath: path) else {
            return nil
        }
        return path
    }

    /// Relative paths of all files below the folder with one of the endings, sorted.
    func below(_ endings: [String]) -> [String] {
        guard let folder else { return [] }
        let names = (FileManager.default.enumerator(atPath: folder)?.allObjects ?? []).compactMap { $0 as? String }
        return names.filter { endings.contains(URL(filePath: $0).pathExtension.lowercased()) }.sorted()
    }
}

/// The folders in which pictures are sought that a file of captions names.
struct PictureFinder {
    private let bases: [String]

    /// - Parameters:
    ///   - file: the file that names the pictures.
    ///   - given: where the user says that they are.
    init(besides file: String, given: String?) {
        if let given {
            bases = [given]
            return
        }
        let folder = URL(filePath: file).deletingLastPathComponent()
        let parent = folder.deletingLastPathComponent()
        let around = [folder, parent].flatMap { base -> [URL] in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: base.path)) ?? []
            return [base] + names.sorted().map { base.appending(path: $0) }.filter { PairPlace.isFolder($0.path) }
        }
        bases = around.map { $0.path }
    }

    /// The folder in which the first of the names is there, or the most likely one.
    func base(of names: some Sequence<String>) -> String {
        for name in names.prefix(8) {
            if let base = bases.first(where: { FileManager.default.fileExists(atPath: $0 + "/" + name) }) {
                return base
            }
        }
        return bases[0]
    }

    static func path(_ name: String, in base: String) -> String { name.hasPrefix("/") ? name : base + "/" + name }
}
