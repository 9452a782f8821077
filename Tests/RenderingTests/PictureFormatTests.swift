import Foundation
import Rendering
import Testing

@Suite struct PictureFormatTests {
    /// Two pixels, red above blue.
    private let reply = Reply([
        .pictures([
            Thumbnail(
                caption: "0.5 a.jpg", path: "/p/a.jpg", width: 1, height: 2, samples: [255, 0, 0, 0, 0, 255],
                jpeg: [1, 2, 3])
        ]),
        .note("one & <two>"),
    ])

    @Test func offATerminalPicturesAreLeftOut() {
        #expect(TableFormat().text(reply) == "one & <two>")
        #expect(CSVFormat().text(reply) == "one & <two>")
    }

    @Test func markdownAndJSONNameTheFile() {
        #expect(MarkdownFormat().text(reply) == "![0.5 a.jpg](</p/a.jpg>)\n\none & <two>")
        #expect(
            JSONFormat().text(reply)
                == #"{"fields":{},"blocks":[{"pictures":[{"caption":"0.5 a.jpg","path":"/p/a.jpg"}]},{"note":"one & <two>"}]}"#
        )
    }

    @Test func aPageHoldsItsPictures() {
        #expect(
            HTMLFormat().text(reply) == """
                <div class="pictures">
                <figure><img src="data:image/jpeg;base64,AQID" width="1" height="2" alt="/p/a.jpg">\
                <figcaption>0.5 a.jpg</figcaption></figure>
                </div>
                <pre>one &amp; &lt;two&gt;</pre>
                """)
        let table = Table(title: "t", columns: ["name", "n"], rows: [["a<b", 1]])
        #expect(
            HTMLFormat().text(.table(table)) == """
                <table>
                <caption>t</caption>
                <tr><th>name</th><th class="number">n</th></tr>
                <tr><td>a&lt;b</td><td class="number">1</td></tr>
                </table>
                """)
        #expect(OutputFormat.html.document(reply).hasPrefix("<!doctype html>"))
    }

    @Test func halfBlocksShowTwoPixelsACharacter() {
        let text = TableFormat(width: 40, graphics: .blocks).text(reply)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        // Eight lines of eight columns, the caption, the note.
        #expect(lines.count == 10 && lines[8].hasPrefix("0.5 a.jpg "))
        #expect(lines[0].hasPrefix("\u{1B}[38;2;255;0;0m\u{1B}[48;2;255;0;0m▀"))
        #expect(lines[7].hasPrefix("\u{1B}[38;2;0;0;255m\u{1B}[48;2;0;0;255m▀"))
        #expect(lines[0].components(separatedBy: "▀").count == 9)
    }

    @Test func terminalsGetTheirProtocols() {
        let kitty = TableFormat(width: 80, graphics: .kitty).text(reply)
        #expect(kitty.contains("\u{1B}_Ga=T,f=24,s=1,v=2,c=8,r=8,C=1,q=2,m=0;/wAAAAD/\u{1B}\\"))
        let iTerm = TableFormat(width: 80, graphics: .iTerm).text(reply)
        #expect(iTerm.contains("\u{1B}]1337;File=inline=1;size=3;width=8;height=8;preserveAspectRatio=1:AQID\u{07}"))
        // Red is colour 180 of the cube, blue colour 5; bit 0 is the upper pixel.
        let sixel = TableFormat(width: 80, graphics: .sixel).text(reply)
        #expect(sixel.contains("\u{1B}P0;1;0q\"1;1;1;2#5;2;0;0;100#180;2;100;0;0#5A$#180@\u{1B}\\"))
    }
}
