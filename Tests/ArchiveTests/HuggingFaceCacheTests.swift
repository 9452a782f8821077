import Foundation
import Testing

@testable import Archive

@Suite struct HuggingFaceCacheTests {
    @Test func theVariablesOfHuggingFaceAreHonoured() {
        func folder(_ environment: [String: String]) -> String { HuggingFaceCache(environment: environment).folder }
        #expect(folder(["HOME": "/h"]) == "/h/.cache/huggingface/hub")
        #expect(folder(["HOME": "/h", "XDG_CACHE_HOME": "/x"]) == "/x/huggingface/hub")
        #expect(folder(["HOME": "/h", "HF_HOME": "/y"]) == "/y/hub")
        #expect(folder(["HOME": "/h", "HF_HOME": "/y", "HF_HUB_CACHE": "~/z"]) == "/h/z")
        #expect(folder(["HOME": "/h", "HF_HUB_CACHE": ""]) == "/h/.cache/huggingface/hub")
    }

    @Test func aSnapshotIsFoundByItsBranchOrAlone() throws {
        try withTemporaryFolder { folder in
            let cache = HuggingFaceCache(environment: ["HF_HUB_CACHE": folder])
            func make(_ path: String, _ text: String? = nil) throws {
                let url = URL(fileURLWithPath: folder + "/" + path)
                let parent = text == nil ? url : url.deletingLastPathComponent()
                try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
                try text?.write(to: url, atomically: false, encoding: .utf8)
            }
            try make("models--org--name/snapshots/abc")
            try make("models--org--name/snapshots/def")
            #expect(cache.snapshot(of: "org/name") == nil, "two snapshots and no branch")
            try make("models--org--name/refs/main", "def\n")
            #expect(cache.snapshot(of: "org/name") == folder + "/models--org--name/snapshots/def")
            try make("models--org--one/snapshots/123")
            #expect(cache.snapshot(of: "org/one") == folder + "/models--org--one/snapshots/123")
            #expect(cache.names.sorted() == ["org/name", "org/one"])
            try make("models--org--bad/refs/main", "../../models--org--one/snapshots/123")
            try make("models--org--bad/snapshots/x")
            #expect(cache.snapshot(of: "org/bad") == nil)
        }
    }

    @Test func namesCannotLeadOutOfTheCache() {
        for name in ["openai/clip-vit-base-patch32", "a/b", "a.b/c_d"] { #expect(HuggingFaceCache.isName(name)) }
        for name in ["a", "a/b/c", "../b", "a/..", "/b", "a/", "a/b c", ".a/b", "a/b..c", "~/x"] {
            #expect(!HuggingFaceCache.isName(name), "\(name)")
        }
    }
}
