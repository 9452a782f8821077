import Archive
import Foundation
import Language
import Testing

@testable import Sessions

@Suite struct EmbedTests {
    private func world() throws -> TinyWorld {
        let world = try TinyWorld()
        world.run(MethodTests.start)
        try FileManager.default.createDirectory(atPath: world.folder + "/p/deep", withIntermediateDirectories: true)
        for name in ["b.png", "a.png", "deep/c.PNG"] {
            try #require(ExampleTests.pixel).write(to: URL(filePath: world.folder + "/p/" + name))
        }
        try Data("a red square\n\na \"green\" one\n".utf8).write(to: URL(filePath: world.folder + "/lines.txt"))
        return world
    }

    /// Every kind of input, and how many vectors it makes.
    @Test(arguments: [
        ("train with=llm", 30, 12), ("train of=image with=teacher", 30, 16), ("[one, \"two words\"] with=llm", 2, 12),
        ("./lines.txt with=teacher", 2, 16), ("./p with=teacher", 3, 16), ("./p/*.png with=teacher", 2, 16),
        ("./p/a.png with=teacher", 1, 16), ("[./p/deep, ./p/b.png, ./p/a*] with=teacher", 3, 16),
        ("./p/?.png of=image with=teacher", 2, 16),
    ])
    func embeds(input: String, count: Int, width: Int) throws {
        let results = try world().run("embed \(input) as e\nassert e.n == \(count) and e.dimension == \(width)")
        #expect(results.exitStatus == .ok, "\(results.last.map { "\($0.outcome)" } ?? "")")
    }

    /// Vectors that were saved teach as the model that made them does.
    @Test func storedVectorsTeachAsTheirModelDoes() throws {
        let world = try world()
        try world.requireNoErrors(
            """
            embed train with=llm as e
            save e ./e.h5
            load embedder ./e.h5 as stored
            distill llm to=teacher data=train \(MethodTests.sizes) as a
            distill stored to=teacher data=train \(MethodTests.sizes) as b
            assert a.loss == b.loss and stored.dimension == 12
            """)
        world.expectErrors([
            ("eval b on=test as r", "E216", "holds vectors that were computed before, and none of \"a "),
            ("load embedder ./e.h5 pooling=mean as x", "E216", "pooling cannot change them"),
        ])
    }

    @Test func mistakesAreNamed() throws {
        let world = try world()
        try Data("no picture".utf8).write(to: URL(filePath: world.folder + "/bad.png"))
        try FileManager.default.createDirectory(atPath: world.folder + "/empty", withIntermediateDirectories: true)
        world.run("embed [one] with=llm as e")
        let cases = [
            ("embed ./p with=llm", "E209", "embeds texts only"),
            ("embed \"a red apple\" with=teacher", "E204", "texts stand in a list"),
            ("embed ./p of=text with=teacher", "E216", "these are pictures"),
            ("embed [one] of=image with=teacher", "E216", "these are texts"),
            ("embed ./none/*.png with=teacher", "E401", "there is no file"),
            ("embed ./empty with=teacher", "E401", "there is no PNG, JPEG or WebP file"),
            ("embed [./p/a.png, ./none.png] with=teacher", "E401", "no file is called"),
            ("embed ./bad.png with=teacher", "E601", "bad.png cannot be read: it is no picture that is known here"),
            ("save e ./e.txt", "E211", "files that end with .h5, .npy, .csv"),
            ("save e ./e.h5 precision=float16", "E216", "embeddings are float32"),
        ]
        world.expectErrors(cases)
    }

    @Test func whatCannotBeReadIsLeftOutAndListed() throws {
        let world = try world()
        try Data("no picture".utf8).write(to: URL(filePath: world.folder + "/p/bad.jpg"))
        guard case .success(let reply)? = world.run("embed ./p with=teacher as e").first?.outcome else {
            Issue.record("it was not embedded")
            return
        }
        #expect(world.number("e.n") == 3 && reply.fields["unreadable"] == .integer(1))
        #expect("\(reply.blocks)".contains("1 picture left out: picture \(world.folder)/p/bad.jpg cannot be read"))
        for number in 0..<10 {
            try Data("no picture".utf8).write(to: URL(filePath: world.folder + "/p/bad\(number).jpg"))
        }
        world.expectErrors([
            ("embed ./p with=teacher", "E601", "11 of 14 pictures cannot be read, more than are left out")
        ])
    }

    /// How pictures were prepared is part of what a file of embeddings is, whatever they come from.
    @Test(arguments: ["./p", "test of=image"]) func thePreparationIsStoredAndHashed(input: String) throws {
        let world = try world()
        world.run(
            """
            save teacher ./t.h5
            load clip ./t.h5 upright=true as upright
            save upright ./u.h5
            load clip ./u.h5 as turned
            embed \(input) with=teacher as a
            embed \(input) with=turned as b
            save a ./a.h5; save b ./b.h5
            """)
        let files = try ["a", "b"].map { try HDF5File(reading: world.folder + "/\($0).h5") }
        let preparations = try files.map { try $0.attribute("preprocessing").text }
        #expect(preparations[0].hasPrefix("padded to a white square, resized to 16 (bicubic); mean 0.4814546"))
        #expect(preparations[1] == "turned upright as EXIF says, " + preparations[0])
        let sums = try files.map { try $0.attribute("content_sha256").text }
        #expect(sums[0].count == 64 && sums[0] != sums[1])
    }

    @Test func whatIsSavedSaysWhereItComesFrom() throws {
        let world = try world()
        let results = world.run(
            """
            embed ./lines.txt with=llm as t
            embed ./p with=teacher as p
            save t ./t.h5; save t ./t.npy; save t ./t.csv
            save p ./p.h5; save p ./p.csv
            """)
        #expect(results.exitStatus == .ok, "\(results.last.map { "\($0.outcome)" } ?? "")")
        let content = try #require(world.session.bindings["t"]?.handle.content as? EmbeddingsContent)
        let values = content.embeddings.vectors.values

        let texts = try HDF5File(reading: world.folder + "/t.h5")
        #expect(try texts.strings("texts") == ["a red square", "a \"green\" one"])
        #expect(try texts.tensor("embeddings").values == values)
        #expect(try texts.attribute("model").text == "tiny" && texts.attribute("pooling").text == "none")
        let pictures = try HDF5File(reading: world.folder + "/p.h5")
        #expect(try pictures.strings("paths") == ["a.png", "b.png", "deep/c.PNG"].map { world.folder + "/p/" + $0 })
        #expect(
            try pictures.attribute("preprocessing").text.hasPrefix(
                "padded to a white square, resized to 16 (bicubic); mean "))
        #expect(try pictures.attribute("model_sha256").text.count == 64)

        let npy = try Data(contentsOf: URL(filePath: world.folder + "/t.npy"))
        #expect(npy.starts(with: [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0]) && npy.count == 128 + 4 * values.count)
        #expect(String(decoding: npy[10..<128], as: UTF8.self).contains("'shape': (2, 12)"))
        #expect(npy[128...].withUnsafeBytes { Array($0.bindMemory(to: Float.self)) } == values)

        let csv = try String(contentsOfFile: world.folder + "/t.csv", encoding: .utf8).components(separatedBy: "\r\n")
        #expect(csv.count == 4 && csv[0].hasPrefix("text,v0,v1,") && csv[3] == "")
        #expect(csv[2].hasPrefix("\"a \"\"green\"\" one\",\(values[12]),"))
        #expect(try String(contentsOfFile: world.folder + "/p.csv", encoding: .utf8).hasPrefix("path,v0"))
    }
}
