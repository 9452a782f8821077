import Foundation
import Inputs
import Language
import ProCLIP
import Rendering
import Testing

@testable import Sessions

/// Zero-shot labels and search over embedded pictures.
@Suite struct SearchTests {
    private func world() throws -> TinyWorld {
        let world = try TinyWorld()
        world.run(MethodTests.start)
        try FileManager.default.createDirectory(atPath: world.folder + "/p", withIntermediateDirectories: true)
        for (name, colour) in [("red", [250, 0, 0]), ("green", [0, 240, 0]), ("blue", [0, 0, 245])]
            as [(String, [UInt8])]
        {
            let picture = Picture(
                width: 20, height: 10, channels: 3, samples: (0..<200).flatMap { _ in colour })
            try Data(try picture.jpeg()).write(to: URL(filePath: world.folder + "/p/\(name).jpg"))
        }
        try world.requireNoErrors("embed ./p with=teacher as p\nsave p ./p.h5")
        return world
    }

    private func reply(_ world: TinyWorld, _ text: String) throws -> Reply {
        try #require(world.run(text).last).outcome.get()
    }

    @Test func classifyNamesTheLikeliestLabels() throws {
        let world = try world()
        let fields = try reply(world, "classify ./p labels=[red, green, blue] with=teacher top=2 as r").fields
        #expect(fields["n"] == .integer(3) && fields["n_labels"] == .integer(3))
        let result = try #require(world.session.bindings["r"]?.handle.content as? ResultContent)
        guard case .table(let table)? = result.reply.blocks.first else {
            Issue.record("there is no table")
            return
        }
        #expect(
            table.rows.count == 6 && table.columns.map(\.name) == ["picture", "rank", "label", "percent", "cosine"])
        try "red\n\ngreen\nblue\n".write(toFile: world.folder + "/names.txt", atomically: true, encoding: .utf8)
        try world.requireNoErrors("load images ./p as photos; load labels ./names.txt as names")
        guard
            case .table(let named)? = try reply(world, "classify photos labels=names with=teacher top=2").blocks.first
        else { return }
        #expect(named.rows == table.rows)
        world.expectErrors([
            ("load images ./names.txt as x", "E601", "a PNG, JPEG or WebP file"),
            ("load images ./no*.png as x", "E401", "no*.png"), ("classify photos labels=names", "E205", "needs with="),
            ("embed names with=teacher", "E209", "labels"),
        ])
        // Embeddings of the same pictures give the same table, whichever way they come.
        for input in ["p", "./p/*.jpg with=teacher", "[./p/blue.jpg, ./p/green.jpg, ./p/red.jpg] with=teacher"] {
            guard
                case .table(let other)? = try reply(world, "classify \(input) labels=[red, green, blue] top=2").blocks
                    .first
            else { continue }
            #expect(other.rows == table.rows, "\(input)")
        }
        let one = try reply(world, "classify ./p/red.jpg labels=[red, green] with=teacher").fields
        guard case .number(let probability)? = one["probability"] else {
            Issue.record("there is no probability")
            return
        }
        #expect(one["label"] != nil && (0.5...1).contains(probability))
    }

    /// The average of prompts is the one of `eval`.
    @Test func promptEnsemblesAreThoseOfEval() throws {
        let world = try world()
        try "# comment\na {}\nthe colour {c}\n".write(
            toFile: world.folder + "/t.txt", atomically: true, encoding: .utf8)
        let list = "[\"a {}\", \"the colour {}\"]"
        let a = try reply(world, "classify p labels=[red, blue] templates=./t.txt").blocks
        #expect(try reply(world, "classify p labels=[red, blue] templates=\(list)").blocks == a)
        #expect(try reply(world, "classify p labels=[red, blue] templates=openai").blocks != a)
        let pairs = try reply(
            world, "classify test labels=[red, green, blue, white, black] with=teacher top=1 templates=\(list)")
        guard case .table(let table)? = pairs.blocks.first else { return }
        #expect(table.rows.count == 10)
        let judged = try reply(world, "eval teacher on=test task=zeroshot classes=colour templates=./t.txt").fields
        let colours = ["red", "green", "blue", "white", "black"]
        // The teacher's answers, counted by hand; the numbers of the squares tell their colours.
        let right = table.rows.enumerated().count { index, row in row[2] == .text(colours[(30 + index) % 5]) }
        guard case .number(let even)? = judged["even.acc1"], case .number(let odd)? = judged["odd.acc1"] else {
            Issue.record("\(judged)")
            return
        }
        #expect(abs(Double(right) - 5 * (even + odd)) < 1e-9)
    }

    @Test func searchFindsByTextAndByPicture() throws {
        let world = try world()
        let byText = try reply(world, "search \"a red square\" in=p top=2 as r").fields
        #expect(byText["n"] == .integer(3) && byText["picture@2"] != nil && byText["picture@3"] == nil)
        let byPicture = try reply(world, "search ./p/green.jpg in=./p.h5")
        #expect(byPicture.fields["picture@1"] == .text(world.folder + "/p/green.jpg"))
        guard case .number(let score)? = byPicture.fields["score@1"],
            case .pictures(let thumbnails)? = byPicture.blocks.first
        else {
            Issue.record("\(byPicture)")
            return
        }
        #expect(abs(score - 1) < 1e-5)
        #expect(thumbnails.count == 3 && thumbnails[0].caption == "1.000 green.jpg")
        #expect(thumbnails[0].width == 20 && thumbnails[0].height == 10 && thumbnails[0].samples[1] > 200)
    }

    /// What is told of a picture that is embedded is told of one that is sought.
    @Test func aCaveatOfThePictureIsTold() throws {
        let world = try world()
        let grey = URL(filePath: #filePath).appending(path: "../../InputsTests/Fixtures/pictures/grey-16.png")
            .standardized
        guard case .note(let note)? = try reply(world, "search \(grey.path) in=p").blocks.first else {
            Issue.record("nothing is told")
            return
        }
        #expect(note.contains("16-bit grey"))
    }

    @Test func aSavedIndexServesAnotherSession() throws {
        let world = try world()
        try world.requireNoErrors("save teacher ./teacher.h5")
        let other = Session(
            workingDirectory: world.folder,
            environment: ["HOME": world.folder, "PROCLIP_WEIGHTS": world.session.places.weights[0]])
        let results = other.execute(
            Source(
                name: "test.pcl",
                text: """
                    load clip ./teacher.h5 as seer
                    embed ./p with=seer as fresh
                    save fresh ./fresh.h5
                    load embeddings ./fresh.h5 as index
                    search "red" in=index as a
                    search "red" in=fresh with=seer as b
                    assert a.n == 3 and a.score@1 == b.score@1
                    """))
        #expect(results.exitStatus == .ok, "\(results.last.map { "\($0.outcome)" } ?? "")")
    }

    @Test func resultsAreSavedInEveryForm() throws {
        let world = try world()
        try world.requireNoErrors(
            """
            search "a red & <green> square" in=p as r
            save r ./r.html; save r ./r.md; save r ./r.csv; save r ./r.json
            """)
        func text(_ ending: String) throws -> String {
            try String(contentsOfFile: world.folder + "/r.\(ending)", encoding: .utf8)
        }
        let page = try text("html")
        #expect(page.hasPrefix("<!doctype html>") && page.contains("a red &amp; &lt;green&gt; square"))
        #expect(page.components(separatedBy: "<img src=\"data:image/jpeg;base64,").count == 4 && !page.contains("http"))
        #expect(try text("md").contains("](<\(world.folder)/p/"))
        #expect(try text("csv").hasPrefix("rank,score,picture\n1,"))
        #expect(try text("json").contains("\"picture@1\""))
    }

    @Test func mistakesAreNamed() throws {
        let world = try world()
        try "cat\n".write(toFile: world.folder + "/no.txt", atomically: true, encoding: .utf8)
        try world.requireNoErrors(
            """
            pretrain data=train preset=pico epochs=1 batch=8 patch=8 width=32 layers=1 text_width=32 text_layers=1 dimension=16 as other
            save teacher ./t.h5
            load clip ./t.h5 as plain
            embed ./p with=plain as q
            load clip ./t.h5 upright=true as turned
            embed [a, b] with=teacher as words
            search a in=p as r
            """)
        world.expectErrors([
            ("classify ./p labels=[red]", "E205", "classify needs with="),
            ("classify ./p with=teacher", "E205", "classify needs labels="),
            ("classify ./p labels=[] with=teacher", "E210", "the list is empty"),
            ("classify ./p labels=[a] with=llm", "E209", "is of kind embedder"),
            ("classify ./p labels=[a] with=teacher templates=openay", "E211", "did you mean: openai?"),
            ("classify ./p labels=[a] with=teacher templates=./no.txt", "E601", "not every line has {}"),
            ("classify ./p labels=./none.txt with=teacher", "E401", "there is no file"),
            ("classify ./none labels=[a] with=teacher", "E401", "there is no file"),
            ("load pairs ./Weights/data/pictures.h5", "E401", "prepare pictures builds it"),
            ("classify ./no.txt labels=[a] with=teacher", "E209", "these are texts"),
            ("classify words labels=[a]", "E209", "holds embeddings of texts"),
            (
                "classify p labels=[a] with=other", "E216",
                "other did not make these embeddings: their model has SHA-256"
            ),
            ("classify q labels=[a] with=turned", "E216", "preprocessing \"padded"),
            ("search red", "E205", "search needs in="),
            ("search ./none.jpg in=p", "E401", "there is no picture"),
            ("search red in=./tiny.h5", "E601", "is not a file of embeddings"),
            ("search red in=./none.h5", "E401", "there is no file"),
            ("search [a, b] in=p", "E204", "a text or the path of a picture"),
            ("search ./no.txt in=p", "E601", "it is no picture that is known here"),
            (
                "drop teacher\ndrop plain\nsearch red in=p", "E205",
                "no model here made these embeddings: they are by teacher, SHA-256"
            ),
            ("save r ./r.txt", "E211", "results are written to files that end with .html, .md, .csv, .json"),
            ("save r ./r.md precision=float16", "E216", "results have no precision"),
        ])
    }
}
