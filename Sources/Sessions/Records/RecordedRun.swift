import Foundation
internal import Archive
internal import Rendering

/// What the folder of a recorded run says: `record.json` and `metrics.jsonl`.
struct RecordedRun: Sendable {
    private struct Record: Decodable {
        struct Result: Decodable {
            let name: String
            let fields: [String: Field]
        }

        let started: String
        let seconds: Double
        let exit_status: Int
        let parameters: [String: String]
        let recipe_sha256: String
        let peak_memory_bytes: Int
        let results: [Result]?
    }

    private enum Field: Decodable {
        case number(Double), text(String), boolean(Bool)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else if let boolean = try? container.decode(Bool.self) {
                self = .boolean(boolean)
            } else {
                self = .text((try? container.decode(String.self)) ?? "")
            }
        }

        var scalar: Scalar {
            switch self {
            case .number(let number): .number(number)
            case .text(let text): .text(text)
            case .boolean(let boolean): .boolean(boolean)
            }
        }
    }

    let folder: String
    let started: String
    let seconds: Double
    let status: Int
    let peakMemory: Int
    let recipeHash: String
    /// In the order of their names.
    let parameters: [(name: String, value: String)]
    /// The fields of the results that bear a name: `r.acc1`.
    let results: Fields
    let courses: [LossCourse]

    static func isOne(_ folder: String) -> Bool {
        FileManager.default.fileExists(atPath: folder + "/record.json")
    }

    /// Throws `ArchiveError`.
    init(_ folder: String) throws {
        let path = folder + "/record.json"
        let record = try JSONFile.read(Record.self, path, expected: "the record of a run")
        self.folder = folder
        (started, seconds, status) = (record.started, record.seconds, record.exit_status)
        (peakMemory, recipeHash) = (record.peak_memory_bytes, record.recipe_sha256)
        parameters = record.parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        var results = Fields()
        for result in record.results ?? [] {
            for (name, field) in result.fields.sorted(by: { $0.key < $1.key }) {
                results["\(result.name).\(name)"] = field.scalar
            }
        }
        self.results = results
        courses = try Self.courses(folder + "/metrics.jsonl")
    }

    /// The losses of each trained model, a line of JSON a step. A last line that was cut off is left out.
    private static func courses(_ path: String) throws -> [LossCourse] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        var (order, values): ([String], [String: [(step: Double, value: Double)]]) = ([], [:])
        for line in try TextFile.read(path).split(separator: "\n") {
            guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                let name = object["name"] as? String, let step = object["step"] as? Double
            else { continue }
            for (key, value) in object where !["name", "step"].contains(key) {
                guard let value = value as? Double else { continue }
                let tag = "\(name)/\(key)"
                if values[tag] == nil { order.append(tag) }
                values[tag, default: []].append((step, value))
            }
        }
        return order.sorted().map { tag in
            LossCourse(
                name: tag, isTotal: tag.hasSuffix("/loss"), steps: values[tag]?.map(\.step) ?? [],
                values: values[tag]?.map(\.value) ?? [])
        }
    }
}
