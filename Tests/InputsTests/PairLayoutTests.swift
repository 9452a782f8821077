import Archive
import Foundation
import Testing

@testable import Inputs

/// Every layout in which pictures with captions are found, read as the same pairs.
@Suite("Layouts of pairs")
struct PairLayoutTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "layouts-\(UUID().uuidString)").path

    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

    /// A JPEG that differs with its number.
    private func jpeg(_ number: Int, width: Int = 6, height: Int = 4) throws -> [UInt8] {
        try Picture(
            width: width, height: height, channels: 3,
            samples: (0..<width * height * 3).map { UInt8(($0 * 7 + number * 40) % 256) }
        ).jpeg()
    }

    private func put(_ name: String, _ bytes: some Collection<UInt8>) throws {
        let url = URL(filePath: folder + "/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    private func put(_ name: String, _ text: String) throws { try put(name, Array(text.utf8)) }

    private func put(pictures names: String...) throws {
        for (number, name) in names.enumerated() { try put(name, jpeg(number)) }
    }

    private func load(_ name: String, pictures: String? = nil) throws -> PairDataset {
        try PairDataset.load(folder + "/" + name, pictures: pictures.map { folder + "/" + $0 })
    }

    private func texts(_ data: PairDataset, _ language: String = "en") throws -> [[String]] {
        var texts = [[String]](repeating: [], count: data.pictureCount)
        for caption in try data.captions(language: language) { texts[caption.picture].append(caption.text) }
        return texts
    }

    @Test("CSV: separator and columns are found and told; quotes, doubled quotes and line ends within them are read")
    func table() throws {
        try put(pictures: "images/a.jpg", "images/b.jpg")
        try put(
            "data.csv",
            "\u{feff}title;filepath;split\r\n\"a \"\"red\"\" car; new\";images/a.jpg;val\r\n\"two\nlines\";images/b.jpg;train\r\n"
                + "another car;images/a.jpg;val\r\nshort;row\r\n")
        let data = try load("data.csv")
        #expect(try texts(data) == [["a \"red\" car; new", "another car"], ["two\nlines"]])
        #expect(data.splitOfPicture == ["validation", "train"] && data.imageSize == nil)
        #expect(data.notes.contains("data.csv has semicolons between its fields"))
        #expect(data.notes.contains("filepath names the picture, title the caption"))
        #expect(data.notes.last == "1 of 3 left out: line 6 (it has 2 fields of 3)")
        #expect(try data.picture(1).width == 6)
    }

    @Test("TSV, and a table that names no picture")
    func tabs() throws {
        try put(pictures: "a.jpg")
        try put("data.tsv", "image\tcaption\na.jpg\tone, two\n")
        #expect(try texts(load("data.tsv")) == [["one, two"]])
        try put("bad.csv", "x,y\n1,2\n")
        #expect { try load("bad.csv") } throws: { "\($0)".contains("of its columns x, y none is a picture's file") }
    }

    @Test("A text between bars, with names of columns and without; a text of lines is no table")
    func bars() throws {
        try put(pictures: "a.jpg", "b.jpg")
        try put(
            "named.txt", "image_name| comment_number| comment\na.jpg| 0| one, two\na.jpg| 1| three\nb.jpg| 0| four\n")
        #expect(try texts(load("named.txt")) == [["one, two", "three"], ["four"]])
        #expect(try load("named.txt").notes.contains("named.txt has bars between its fields"))
        try put("bare.txt", "a.jpg|one, two, three\nb.jpg|four\n")
        #expect(try texts(load("bare.txt")) == [["one, two, three"], ["four"]])
        // Flickr8k's way.
        try put("token.txt", "a.jpg#0\tone .\na.jpg#1\ttwo .\nb.jpg#0\tthree .\n")
        let token = try load("token.txt")
        #expect(try texts(token) == [["one .", "two ."], ["three ."]])
        #expect(token.notes.contains("token.txt has tabs between its fields and no names of columns"))
        try put("lines.txt", "a red apple\na green frog, and more\n")
        #expect { try load("lines.txt") } throws: { "\($0)".contains("lines.txt") }
    }

    @Test("metadata.jsonl of a folder, with short and long captions and classes")
    func jsonLines() throws {
        try put(pictures: "set/train/a.jpg", "set/test/b.jpg")
        try put(
            "set/metadata.jsonl",
            """
            {"file_name": "train/a.jpg", "shortSV_captions": "short", "longSV_captions": "a long one", "label": 3}
            {"file_name": "test/b.jpg", "shortSV_captions": ["two", "texts"]}
            no json
            """)
        let data = try load("set")
        #expect(try texts(data) == [["short"], ["two", "texts"]])
        #expect(try texts(data, "en-long") == [["a long one"], []])
        #expect(data.splitOfPicture == ["train", "test"])
        #expect(try data.labels("class") == [0, -1] && data.classes("class") == ["3"])
        #expect(data.notes.last == "1 of 3 left out: line 3 (it is no JSON object)")
    }

    @Test("webdataset shards by pattern: several captions, LLM2CLIP's two, sorted by number")
    func shards() throws {
        for shard in 0..<2 {
            let members: [(String, [UInt8])] = [
                ("00\(shard).jpg", try jpeg(shard)), ("00\(shard).txt", Array("one\ntwo\n".utf8)),
                (
                    "x\(shard).png",
                    try Picture(width: 2, height: 2, channels: 3, samples: [UInt8](repeating: 9, count: 12)).png()
                ),
                (
                    "x\(shard).json",
                    Array("{\"shortSV_captions\": \"s\", \"longSV_captions\": \"l\", \"caption\": \"raw\"}".utf8)
                ),
            ]
            try TarArchive.write(folder + "/train-00\(shard).tar", names: members.map(\.0)) { members[$0].1 }
            // LLM2CLIP's embeddings of the captions are no pictures.
            try TarArchive.write(folder + "/train-00\(shard)_text_embeddings.tar", names: ["x.shortsv_captions"]) { _ in
                [0, 0, 0, 0]
            }
        }
        #expect(try load(".").names.count == 4)
        let data = try load("train-{000..005}.tar")
        #expect(data.names == ["train-000/000", "train-000/x0", "train-001/001", "train-001/x1"])
        #expect(try texts(data) == [["one", "two"], ["s"], ["one", "two"], ["s"]])
        #expect(try texts(data, "en-long")[1] == ["l"] && texts(data, "en-raw")[1] == ["raw"])
        #expect(data.splits == ["train"])
        #expect(try data.picture(3).samples == [UInt8](repeating: 9, count: 12))
    }

    @Test("Of a shard that is cut short what came before is read, and the rest is told")
    func cutShard() throws {
        let names = (0..<24).flatMap { ["\($0).jpg", "\($0).txt"] }
        try TarArchive.write(folder + "/whole.tar", names: names) {
            try $0 % 2 == 0 ? jpeg($0) : Array("caption \($0 / 2)".utf8)
        }
        let bytes = try Data(contentsOf: URL(filePath: folder + "/whole.tar"))
        // Blocks of 512 bytes: the last member's head and text, and two that mark the end. The cut goes through the head.
        try put("cut.tar", bytes.prefix(bytes.count - 3 * 512 - 200))
        let data = try load("cut.tar")
        #expect(data.names == (0..<23).map(String.init))
        let told = try #require(data.notes.last)
        #expect(told.hasPrefix("2 of 25 left out: ") && told.contains("23 (it has no caption)"))
        #expect(told.contains("what follows 23 (") && told.contains("cut.tar is cut short"))
        #expect(throws: ArchiveError.truncated(folder + "/cut.tar")) { try TarArchive(folder + "/cut.tar") }
    }

    @Test("A compressed shard is refused with the way out")
    func compressedShard() throws {
        try put("a.tar.gz", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0])
        #expect { try load("a.tar.gz") } throws: { "\($0)".contains("it is compressed") && "\($0)".contains("gunzip") }
    }

    @Test("CLIP_benchmark's shards: classes by number, with their names beside")
    func benchmarkShards() throws {
        let members: [(String, [UInt8])] = [("s0.cls", Array("1".utf8)), ("s0.jpg", try jpeg(0))]
        try put("wds/classnames.txt", "cat\nsea lion\n")
        try FileManager.default.createDirectory(atPath: folder + "/wds/test", withIntermediateDirectories: true)
        try TarArchive.write(folder + "/wds/test/0.tar", names: members.map(\.0)) { members[$0].1 }
        let data = try load("wds")
        #expect(try data.classes("class") == ["sea lion"] && texts(data) == [["sea lion"]])
        #expect(data.splits == ["test"])
        // A folder called after a split does not name the set.
        try TarArchive.write(folder + "/wds/test/1.tar", names: members.map(\.0)) { members[$0].1 }
        for place in ["wds/test/*.tar", "wds/test"] {
            #expect(try load(place).sets == ["wds"] && load(place).splits == ["test"], "\(place)")
        }
        try put(pictures: "birds/test/blue_jay/a.jpg")
        #expect(try load("birds/test").sets == ["birds"] && load("birds/test").splits == ["test"])
    }

    @Test("x.jpg with x.txt; a picture without a text is counted")
    func captionFiles() throws {
        try put(pictures: "photos/a.jpg", "photos/b.jpg")
        try put("photos/a.txt", "first\n\nsecond\n")
        let data = try load("photos")
        #expect(try texts(data) == [["first", "second"]])
        #expect(data.notes.last == "1 of 2 left out: b.jpg (there is no b.txt)")
    }

    @Test("Folders of classes, split or not")
    func classFolders() throws {
        try put(pictures: "own/train/red_fox/a.jpg", "own/val/owl/b.jpg")
        let data = try load("own")
        #expect(try texts(data) == [["red fox"], ["owl"]])
        #expect(data.splitOfPicture == ["train", "validation"])
        #expect(try data.classes("class") == ["red fox", "owl"])
    }

    @Test("COCO's captions, the pictures sought around the file or where the user says")
    func coco() throws {
        try put(pictures: "coco/val2017/1.jpg", "elsewhere/1.jpg")
        try put(
            "coco/annotations/captions_val2017.json",
            """
            {"images": [{"id": 7, "file_name": "1.jpg"}, {"id": 8, "file_name": "2.jpg"}],
             "annotations": [{"image_id": 7, "id": 1, "caption": "A cat. "}, {"image_id": 7, "id": 2, "caption": "Cats"},
                             {"image_id": 8, "id": 3, "caption": "missing"}]}
            """)
        let data = try load("coco/annotations/captions_val2017.json")
        #expect(try texts(data) == [["A cat.", "Cats"]] && data.splits == ["validation"])
        #expect(data.notes.last == "1 of 2 left out: 2.jpg (it is not there)")
        let other = try load("coco/annotations/captions_val2017.json", pictures: "elsewhere")
        #expect(try other.picture(0) != data.picture(0) && other.hash != data.hash)
    }

    @Test("Karpathy's splits")
    func karpathy() throws {
        try put(pictures: "val2014/1.jpg", "val2014/2.jpg")
        try put(
            "dataset_coco.json",
            """
            {"dataset": "coco", "images": [
              {"filepath": "val2014", "filename": "1.jpg", "split": "restval", "sentences": [{"raw": "a"}, {"raw": "b"}]},
              {"filepath": "val2014", "filename": "2.jpg", "split": "test", "sentences": [{"raw": "c"}]}]}
            """)
        let data = try load("dataset_coco.json")
        #expect(try texts(data) == [["a", "b"], ["c"]] && data.splitOfPicture == ["train", "test"])
        #expect(data.sets == ["coco"])
    }

    @Test("Crossmodal-3600: captions in many languages")
    func crossmodal() throws {
        try put(pictures: "xm/images/00f.jpg")
        try put(
            "xm/captions.jsonl",
            """
            {"image/key": "00f", "image/locale": "th", "de": {"caption": ["eins", "zwei"]}, "en": {"caption": ["one"]}}
            """)
        let data = try load("xm")
        #expect(data.languages == ["de", "en"] && data.splits == ["test"])
        #expect(try texts(data, "de") == [["eins", "zwei"]])
    }

    @Test("SugarCrepe's false captions are a language of their own")
    func sugarCrepe() throws {
        try put(pictures: "000.jpg")
        try put(
            "swap_att.json",
            """
            {"0": {"filename": "000.jpg", "caption": "a red car", "negative_caption": "a car red"},
             "10": {"filename": "000.jpg", "caption": "b", "negative_caption": "c"}}
            """)
        let data = try load("swap_att.json")
        #expect(try texts(data) == [["a red car"], ["b"]] && texts(data, "en-negative") == [["a car red"], ["c"]])
        #expect(data.groups == ["000.jpg", "000.jpg"])
    }

    @Test("MMVP-VLM's pairs of pictures")
    func patternPairs() throws {
        try put(pictures: "mmvp/MLLM_VLM Images/Color/1.jpg", "mmvp/MLLM_VLM Images/Color/2.jpg")
        try put("mmvp/Questions.csv", "Question ID,Type,Statement\n1,Color,\"red, round\"\n2,Color,blue\n")
        let data = try load("mmvp")
        #expect(try texts(data) == [["red, round"], ["blue"]] && data.groups == ["pair 0", "pair 0"])
        #expect(try data.classes("pattern") == ["Color"])
    }

    @Test("A damaged picture is left out and told; too many are an error")
    func damaged() throws {
        for number in 0..<12 {
            try put("d/\(number).jpg", number == 5 ? Array(try jpeg(5).prefix(40)) : try jpeg(number))
            try put("d/\(number).txt", "text \(number)")
        }
        let data = try load("d")
        #expect(data.pictureCount == 11 && !data.names.contains("5.jpg"))
        #expect(data.notes.last?.hasPrefix("1 of 12 left out: 5.jpg (") == true)
        // The second time nothing is decoded, and what is told is the same.
        #expect(try load("d").notes == data.notes && load("d").hash == data.hash)
        for number in 0..<12 { try put("d/\(number).jpg", Array("no picture".utf8)) }
        #expect(throws: PictureError.self) { try load("d") }
    }

    @Test("A place like no layout names all that are known")
    func unknown() throws {
        try put("notes.md", "text")
        #expect { try load("notes.md") } throws: { "\($0)".contains("webdataset shards (.tar), ") }
        try put("empty/readme.md", "text")
        #expect { try load("empty") } throws: { $0 as? PairError == .unknownLayout(folder + "/empty") }
    }

    @Test("Converted to an HDF5 file, a shard or a folder and back, the pairs are the same")
    func conversion() throws {
        try put(pictures: "set/train/a.jpg", "set/test/b.jpg")
        try put(
            "set/metadata.jsonl",
            """
            {"file_name": "train/a.jpg", "caption": "one", "longSV_captions": "a long one", "label": "fox"}
            {"file_name": "test/b.jpg", "caption": ["two", "texts"]}
            """)
        let data = try load("set")
        for target in ["out.h5", "out.tar", "out"] {
            let path = folder + "/" + target
            try PairConversion(data, fitting: PictureFitting(.squash), side: 4) { _, _ in }.write(to: path)
            let copy = try PairDataset.load(path)
            #expect(try texts(copy) == texts(data) && texts(copy, "en-long") == texts(data, "en-long"))
            #expect(copy.names == data.names && copy.sets == data.sets && copy.splitOfPicture == data.splitOfPicture)
            #expect(try copy.labels("class") == [0, -1] && copy.classes("class") == ["fox"])
            let expected =
                target == "out.h5" ? try data.picture(0).resized(width: 4, height: 4, .bicubic) : try data.picture(0)
            #expect(try copy.picture(0).samples == expected.samples, "\(target)")
        }
        // From decoded pictures a shard gets PNG files.
        let shard = folder + "/again.tar"
        let decoded = try PairDataset.load(folder + "/out.h5")
        try PairConversion(decoded, fitting: PictureFitting(.squash), side: 4) { _, _ in }.write(to: shard)
        #expect(try PairDataset.load(shard).picture(1) == decoded.picture(1))
    }
}
