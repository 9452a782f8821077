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

    /// The name of the collection: the last part of its path without ending.
    var name: String {
        let path = folder ?? files.first ?? written
        let last = URL(filePath: path).deletingPathExtension().lastPathComponent
        return files.count > 1 ? URL(filePath: path).deletingLastPathComponent().lastPathComponent : last
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
