import Foundation

/// A file that the program keeps for later, with what is asked of it.
struct KeptFile {
    let path: String
    let byteCount: Int
    /// When it was written.
    let date: Date

    /// All files below a folder; none where it does not exist.
    static func below(_ folder: String) -> [KeptFile] {
        let files = FileManager.default
        let names = (files.enumerator(atPath: folder)?.allObjects ?? []).compactMap { $0 as? String }
        return names.compactMap { name in
            let path = "\(folder)/\(name)"
            guard let attributes = try? files.attributesOfItem(atPath: path),
                attributes[.type] as? FileAttributeType == .typeRegular
            else { return nil }
            return KeptFile(
                path: path, byteCount: attributes[.size] as? Int ?? 0,
                date: attributes[.modificationDate] as? Date ?? .distantPast)
        }
    }
}
