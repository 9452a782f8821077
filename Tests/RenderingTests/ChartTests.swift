import Foundation
import Testing

@testable import Rendering

/// Charts and heat maps as text, SVG and pixels.
@Suite struct ChartTests {
    private let line = Chart(
        title: "loss", xAxis: "step", yAxis: "value",
        lines: [.init(name: "a", x: [0, 1, 2, 3], y: [0, 1, 2, 3]), .init(name: "b & c", x: [0, 3], y: [3, 0])])

    @Test(arguments: [
        ([0.0, 1.0], ["0", "0.2", "0.4", "0.6", "0.8", "1"]), ([0.0, 97.0], ["0", "20", "40", "60", "80", "100"]),
        ([-0.3, 0.1], ["-0.3", "-0.2", "-0.1", "0", "0.1"]), ([1000.0, 1003.0], ["1000", "1001", "1002", "1003"]),
        ([1e-5, 5e-5], ["1e-05", "2e-05", "3e-05", "4e-05", "5e-05"]),
    ])
    func axesHaveRoundNumbers(values: [Double], texts: [String]) {
        let axis = Axis(values, label: "")
        #expect(axis.ticks.map(axis.text) == texts)
    }

    @Test(arguments: [
        [], [5.0], [.nan], [.infinity, 1], [0.0, 0.0], [1e300, -1e300],
        [.leastNonzeroMagnitude, .leastNormalMagnitude],
    ])
    func anyValuesMakeAnAxis(values: [Double]) {
        let axis = Axis(values, label: "")
        #expect(axis.range.lowerBound < axis.range.upperBound)
        #expect(axis.ticks.count <= 101)
        let chart = Chart(title: "t", xAxis: "x", lines: [.init(name: "a", x: values, y: values)])
        #expect(!TableFormat().text(Reply([.chart(chart)])).isEmpty)
        #expect(Reply([.chart(chart)]).svg?.contains("nan") == false)
        #expect(Reply([.chart(chart)]).raster?.samples.isEmpty == false)
    }

    @Test func drawsWithBraille() {
        let text = TableFormat(width: 32).text(Reply([.chart(line)]))
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == "loss")
        #expect(lines[1] == "  value")
        #expect(lines[2] == "3 ┤⠱⡀                  ⢀⠎ a")
        #expect(lines[16] == "0 ┤⡰⠁                  ⠈⢆ b & c", "without colours a name stands where its line ends")
        #expect(lines.last == "a, b & c")
        #expect(lines.dropLast().last?.hasSuffix("step") == true)
        #expect(TableFormat(colours: .many).text(Reply([.chart(line)])).contains("\u{1B}[38;5;32m━"))
        #expect(TableFormat(colours: .sixteen).text(Reply([.chart(line)])).contains("\u{1B}[94m━"))
    }

    @Test func stacksAreas() throws {
        let stack = Chart(
            title: "parts", xAxis: "step", style: .stacked,
            lines: [.init(name: "a", x: [0, 1], y: [1, 2]), .init(name: "b", x: [0, 1], y: [2, .nan])])
        #expect(stack.piles.map(\.y) == [[1, 2], [3, 2]])
        #expect(stack.axes.y.range == 0...3)
        let lines = TableFormat(width: 32).text(Reply([.chart(stack)])).split(separator: "\n")
        #expect(lines[1].hasPrefix("3 ┤⠒") || lines[1].hasPrefix("3 ┤⠉"), "\(lines[1])")
        #expect(lines.contains { $0.hasSuffix(" a, b") })
        // The lower area is drawn over the higher one.
        let svg = try #require(Reply([.chart(stack)]).svg)
        let order = svg.components(separatedBy: "<polygon").dropFirst().map { $0.contains(Palette.line(0).hex) }
        #expect(order == [false, true])
        let raster = try #require(Reply([.chart(stack)]).raster)
        let colours = stride(from: 0, to: raster.samples.count, by: 3).map { Array(raster.samples[$0..<$0 + 3]) }
        for line in 0..<2 {
            let own = Palette.line(line)
            #expect(colours.count { $0 == [own.red, own.green, own.blue] } > 10_000)
        }
    }

    @Test func heatMapsMayShareAScale() {
        let matrix = Matrix(title: "m", rowNames: ["r"], columnNames: ["c"], values: [[1]], range: 0...4)
        #expect(matrix.scale.range == 0...4 && matrix.scale.place(1) == 0.25)
    }

    @Test func drawsSVG() throws {
        let svg = try #require(Reply([.chart(line)]).svg)
        #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""))
        #expect(svg.contains("<title>loss</title>") && svg.contains(">b &amp; c</text>"))
        #expect(svg.hasSuffix("</svg>"))
        #expect(HTMLFormat().text(Reply([.chart(line)])).contains("<svg"))
    }

    @Test func drawsPixels() throws {
        let raster = try #require(Reply([.chart(line)]).raster)
        #expect((raster.width, raster.height) == (1440, 800))
        #expect(raster.samples.count == 1440 * 800 * 3)
        let first = Palette.line(0)
        let pixels = stride(from: 0, to: raster.samples.count, by: 3)
        #expect(pixels.contains { Array(raster.samples[$0..<$0 + 3]) == [first.red, first.green, first.blue] })
    }

    @Test func largeMatricesAreShaded() {
        let names = (0..<12).map { "n\($0)" }
        let values = (0..<12).map { row in (0..<12).map { row == $0 ? 1.0 : Double($0) / 100 } }
        let matrix = Matrix(title: "m", rowNames: names, columnNames: names, values: values)
        let lines = TableFormat(width: 40).text(Reply([.matrix(matrix)])).split(separator: "\n")
        #expect(lines[1].hasPrefix("n0  ██"))
        #expect(lines.last == "0.000  ░▒▓█ 1.000")
        #expect(TableFormat(colours: .many).text(Reply([.matrix(matrix)])).contains("\u{1B}[48;5;"))
        #expect(
            TableFormat(width: 40, colours: .sixteen).text(Reply([.matrix(matrix)]))
                == TableFormat(width: 40).text(Reply([.matrix(matrix)])), "sixteen colours make no scale")
        #expect(Reply([.matrix(matrix)]).svg?.contains("#fde725") == true)
    }

    @Test func pointsHaveMarksWhereThereAreNoColours() {
        let points = Chart(
            title: "map", xAxis: "", style: .points,
            lines: [.init(name: "a", x: [0], y: [0]), .init(name: "b", x: [1], y: [1])],
            alsoHolds: [.init(name: "far", x: [9], y: [-9])])
        let text = TableFormat(width: 40).text(Reply([.chart(points)]))
        #expect(text.hasSuffix("o a  x b") && text.contains("x "))
        #expect(points.axes.x.range.upperBound > 9 && points.axes.y.range.lowerBound < -9)
    }

    @Test func chartsStandSideBySide() throws {
        let both = Reply([.chart(line), .note("between"), .chart(line)])
        #expect(try #require(both.raster).width == 2880)
        #expect(both.svg?.components(separatedBy: ">loss</text>").count == 3)
    }

    @Test func wordsOfPicturesFit() throws {
        let long = String(repeating: "a long name ", count: 20)
        let chart = Chart(
            title: long, xAxis: "",
            lines: [.init(name: long, x: [0, 1], y: [0, 1]), .init(name: "b", x: [0], y: [0])])
        let matrix = Matrix(title: long, rowNames: [long, "b"], columnNames: [long, "b"], values: [[0, 1], [1, 0]])
        for drawing in [chart.drawing, matrix.drawing] {
            for case .words(let text, let place, let size, let anchor) in drawing.shapes {
                let width = Drawing.width(of: text, size: size)
                let left = place.x - (anchor == .start ? 0 : anchor == .middle ? width / 2 : width)
                #expect(left >= 0 && left + width <= drawing.width, "\(text)")
            }
        }
    }

    @Test func everySignHasStrokes() {
        for code in UInt8(ascii: "!")...UInt8(ascii: "~") {
            let strokes = StrokeFont.strokes(of: Character(UnicodeScalar(code)))
            #expect(
                strokes.allSatisfy {
                    $0.count > 1 && $0.allSatisfy { (0...4).contains($0.x) && (0...8).contains($0.y) }
                })
        }
    }

    @Test func namesStandUnderBars() {
        let chart = Chart(
            title: "", xAxis: "", style: .bars, lines: [.init(name: "r", x: [0, 1], y: [0.5, -0.25])],
            names: ["de", "fr"])
        let lines = TableFormat().text(Reply([.chart(chart)])).split(separator: "\n")
        #expect(lines.last?.contains("de") == true && lines.last?.contains("fr") == true)
        #expect(CSVFormat().text(Reply([.chart(chart)])) == ",r\nde,0.5\nfr,-0.25")
    }
}
