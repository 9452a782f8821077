import Foundation
import Language
import Testing

@testable import Sessions

@Suite struct ReplayTests {
    let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "proclip-replay-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    func write(_ text: String, to name: String) throws -> String {
        let path = folder + "/" + name
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test func parametersCanBeSetFromOutside() throws {
        let recipe = try write(
            "param epochs=4 \"passes\" # kept\nparam tag=pico\nparam ls=[1, 2]\nprint $epochs $tag $ls\n", to: "a.pcl")
        let session = fakeSession()
        try session.override("epochs=7")
        try session.override("tag=big one")
        try session.override("ls=[3]")
        let out = folder + "/run"
        let results = session.replay(recipe, recordingTo: out)
        #expect(results.exitStatus == .ok)
        guard case .success(let reply) = results.last?.outcome else { return }
        #expect(reply.blocks == [.note("7 big one [3]")])
        let recorded = try String(contentsOfFile: out + "/recipe.pcl", encoding: .utf8)
        #expect(recorded.hasPrefix("param epochs=7 \"passes\" # kept\n"))
        let json = try JSONSerialization.jsonObject(with: try Data(contentsOf: URL(filePath: out + "/record.json")))
        #expect(((json as? [String: Any])?["parameters"] as? [String: String])?["epochs"] == "7")
        #expect((json as? [String: Any])?["exit_status"] as? Int == 0)
        #expect(FileManager.default.fileExists(atPath: out + "/metrics.jsonl"))
    }

    @Test(arguments: [("epoch=7", "E215"), ("epochs=many", "E204"), ("epochs", "E106"), ("epochs=[1]", "E204")])
    func wrongParametersAreRefused(assignment: String, code: String) throws {
        let recipe = try write("param epochs=4\nprint $epochs\n", to: "a.pcl")
        let session = fakeSession()
        do throws(Diagnostic) {
            try session.override(assignment)
            let results = session.replay(recipe)
            guard case .failure(let diagnostic) = results.first?.outcome else {
                Issue.record("should fail")
                return
            }
            #expect(diagnostic.code.rawValue == code)
        } catch {
            #expect(error.code.rawValue == code)
        }
    }

    @Test func includesAreFoundBesideTheIncludingFile() throws {
        try FileManager.default.createDirectory(atPath: folder + "/sub", withIntermediateDirectories: true)
        _ = try write("let shared=5\nmake clip as m\n", to: "sub/common.pcl")
        _ = try write("include ./common.pcl\n", to: "sub/all.pcl")
        let recipe = try write("include sub/all.pcl\nprint $shared\nmake pairs as d\nlearn m data=d\n", to: "b.pcl")
        let session = fakeSession()
        let results = session.replay(recipe)
        #expect(results.exitStatus == .ok)
        #expect(results.map(\.verb) == ["let", "make", "include", "include", "print", "make", "learn"])
        let wrong = try write("include sub/no.pcl\n", to: "c.pcl")
        #expect(fakeSession().replay(wrong).exitStatus == .missing)
        let circle = try write("include ./d.pcl\n", to: "d.pcl")
        #expect(fakeSession().replay(circle).exitStatus == .usage)
        // A circle that only shows when it runs.
        let later = try write("make result as r\nlet n=(r.acc1)\ninclude ./x$n.pcl\n", to: "x0.5.pcl")
        #expect(fakeSession().replay(later).exitStatus == .usage)
        _ = try write("make clip as m\nlearn m\n", to: "sub/bad.pcl")
        let bad = try write("print 'work'\ninclude ./sub/bad.pcl\n", to: "e.pcl")
        #expect(fakeSession().replay(bad).map(\.verb) == [""])
    }

    @Test func aMissingRecipeIsMissing() {
        #expect(fakeSession().replay("/no/such.pcl").exitStatus == .missing)
        #expect(fakeSession().check(recipe: "/no/such.pcl").diagnostics.count == 1)
    }
}
