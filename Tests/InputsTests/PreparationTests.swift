import Foundation
import Testing

@testable import Inputs

@Suite("Preparation")
struct PreparationTests {
    @Test("The scanner reads tags, attributes, entities, comments and CDATA")
    func markup() {
        let text = "<?xml v?><!-- <no> --><a:b x='1' cp=\"&lt;&#x41;\"><c/>t &amp; u<![CDATA[<raw>]]></a:b>"
        var scanner = MarkupScanner(Array(text.utf8))
        var seen: [String] = []
        while let token = scanner.next() {
            switch token {
            case .start(let name, let attributes, let isEmpty):
                let value = scanner.attribute("cp", in: attributes).map { String(decoding: $0, as: UTF8.self) }
                seen.append("start \(scanner.string(name)) \(value ?? "-") \(isEmpty)")
            case .end(let name): seen.append("end \(scanner.string(name))")
            case .text(let range): seen.append("text \(scanner.string(range))")
            }
        }
        #expect(seen == ["start a:b <A false", "start c - true", "text t & u", "text <raw>", "end a:b"])
    }

    @Test("Damaged markup ends the scan, it does not trap")
    func damagedMarkup() {
        for text in [
            "<", "<a", "<a b", "<a b=", "<a b='", "</", "<!--", "<![CDATA[", "<a><b>text", "&#xFFFFFFFFF;", ">",
        ] {
            var scanner = MarkupScanner(Array(text.utf8))
            while let token = scanner.next() {
                if case .start(_, let attributes, _) = token { _ = scanner.attribute("b", in: attributes) }
            }
            _ = DrawingMetadata(svg: Array(text.utf8))
        }
    }

    @Test("A drawing's title is the work's, not its publisher's")
    func metadata() {
        let svg = """
            <svg><title>page</title><metadata><rdf:RDF><cc:Work><dc:title>Red_ car</dc:title><dc:description>A  car.</dc:description>
            <dc:subject><rdf:Bag><rdf:li>car</rdf:li><rdf:li>toy &amp; game</rdf:li></rdf:Bag></dc:subject>
            <dc:publisher><cc:Agent><dc:title>Library</dc:title></cc:Agent></dc:publisher>
            <dc:creator><cc:Agent><dc:title>Ann Author</dc:title></cc:Agent></dc:creator></cc:Work></rdf:RDF></metadata></svg>
            """
        let metadata = DrawingMetadata(svg: Array(svg.utf8))
        #expect(metadata.title == "Red car" && metadata.description == "A car." && metadata.creator == "Ann Author")
        #expect(metadata.keywords == ["car", "toy & game"])
    }

    @Test(
        "A file name gives a title without numbering and author",
        arguments: [
            ("siringa_architetto_franc_01", "Architetto Francesco Rollandin", "siringa"),
            ("simple_d_5", "", "simple d 5"), ("smiley115", "Nicu Buculei", "smiley"),
            ("2downarrow", "", "2downarrow"), ("dino_architetto_francesc_06", "architetto francesco rollandin", "dino"),
            ("01", "", "01"), ("view-guides", "", "view guides"),
        ])
    func fileNames(name: String, author: String, title: String) {
        #expect(CaptionText.title(ofFileName: name, author: author) == title)
    }

    @Test("Variants of a person are one concept, countries are not")
    func concepts() {
        func key(_ codePoints: [UInt32]) -> String? {
            EmojiConcept.groupKeys(codePoints: codePoints, name: "").first { $0.hasPrefix("emoji:") }
        }
        #expect(key([0x1f468, 0x200d, 0x1f680]) == key([0x1f9d1, 0x200d, 0x1f680]))
        #expect(key([0x1f3c3, 0x200d, 0x2640]) == key([0x1f3c3]))
        #expect(key([0x1f468, 0x200d, 0x1f469, 0x200d, 0x1f466]) == key([0x1f46a]))
        #expect(key([0x1f1eb, 0x1f1f7]) != key([0x1f1eb, 0x1f1ee]))
        let flag = EmojiConcept.groupKeys(codePoints: [0x1f1eb, 0x1f1f7], name: "flag: France")
        #expect(flag.contains("caption:france") && flag.contains("person:flag france"))
        #expect(EmojiConcept.groupKeys(codePoints: [0x1f469], name: "woman: red hair").contains("person:person"))
    }

    @Test("Splits follow groups and never depend on later sets")
    func splits() {
        let first = (0..<400).map { ["caption:word \($0)", "other:\($0 / 2)"] }
        var alone = SplitAssignment()
        let groups = alone.add(first)
        for pair in stride(from: 0, to: 400, by: 2) { #expect(groups[pair] == groups[pair + 1]) }
        let shares = Dictionary(
            groups.compactMap { $0.map { (SplitAssignment.split(ofGroup: $0), 1) } }, uniquingKeysWith: +)
        #expect((40...130).contains(shares["test", default: 0]) && (8...70).contains(shares["validation", default: 0]))
        // A later set joins the groups it touches; a picture between a training and a test group is left out.
        let train = groups.firstIndex { $0.map(SplitAssignment.split) == "train" } ?? 0
        let test = groups.firstIndex { $0.map(SplitAssignment.split) == "test" } ?? 0
        let later = alone.add([["caption:word \(train)"], ["caption:word \(train)", "caption:word \(test)"], ["new"]])
        #expect(later == [nil, nil, "new"])
        var again = SplitAssignment()
        #expect(again.add(first) == groups)
        #expect(again.add([["caption:word \(train)", "x"]]) == [groups[train]])
    }

    @Test("Unknown sets are refused before anything is fetched")
    func unknownSet() {
        #expect(throws: PreparationError.unknownSet("emojis")) { try PicturePreparation(sets: ["emojis"]) }
        #expect(throws: Never.self) { try PicturePreparation(sets: ["emoji", "all"]) }
    }
}
