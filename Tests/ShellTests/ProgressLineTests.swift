import Testing

import Sessions
@testable import Shell

@Suite struct ProgressLineTests {
    /// Collects what a progress line writes while the test moves the clock.
    private final class Recorder {
        var time = 0.0
        var text = ""

        func line(canRedraw: Bool, width: Int = 200) -> ProgressLine {
            ProgressLine(
                canRedraw: canRedraw, width: { width }, clock: { self.time }, emit: { self.text += $0 })
        }
    }

    private func point(_ step: Int) -> Progress {
        Progress(
            label: "tune", step: step, total: 40, terms: [("L_info", 4.21), ("L_reg", 0.0123)], learningRate: 9.2e-4,
            samplesPerStep: 256)
    }

    @Test func writesALineEveryTenSecondsOffATerminal() {
        let recorder = Recorder()
        let line = recorder.line(canRedraw: false)
        for step in 1...40 {
            line.show(point(step))
            recorder.time += 1
        }
        line.finish()
        let lines = recorder.text.split(separator: "\n")
        #expect(lines.count == 5)
        #expect(lines[0].hasPrefix("tune 1/40  L_info 4.21  L_reg 0.0123  lr 0.00092"))
        #expect(lines[1].contains("tune 11/40  L_info 4.21  L_reg 0.0123  lr 0.00092  256 samples/s  ETA 0:29"))
        #expect(lines[1].hasSuffix(" MiB"))
        #expect(lines[4].hasPrefix("tune 40/40"))
    }

    @Test func redrawsOneLineOnATerminalAndTakesItAway() {
        let recorder = Recorder()
        let line = recorder.line(canRedraw: true, width: 26)
        line.show(point(1))
        recorder.time += 0.01
        line.show(point(2))
        recorder.time += 1
        line.show(point(3))
        line.finish()
        line.finish()
        #expect(recorder.text == "\r\u{1B}[Ktune 1/40  L_info 4.21…\r\u{1B}[Ktune 3/40  L_info 4.21…\r\u{1B}[K")
    }

    @Test func aDrawingTakesThePlaceOfTheOneBefore() {
        let recorder = Recorder()
        let line = recorder.line(canRedraw: true, width: 26)
        line.show(drawing: ["a", "1"])
        line.show(point(1))
        line.show(drawing: ["b", "2", "3"])
        #expect(
            recorder.text
                == "a\n1\n\r\u{1B}[Ktune 1/40  L_info 4.21…\r\u{1B}[K\u{1B}[2A\u{1B}[Jb\n2\n3\n")
        // What is written below it stays below it.
        recorder.text = ""
        line.makeRoom()
        line.show(drawing: ["c"])
        line.finish()
        line.finish()
        #expect(recorder.text == "c\n\u{1B}[1A\u{1B}[J")
        let plain = Recorder()
        plain.line(canRedraw: false).show(drawing: ["a"])
        #expect(plain.text.isEmpty)
    }

    @Test func beginsAnewForAnotherRun() {
        let recorder = Recorder()
        let line = recorder.line(canRedraw: false)
        line.show(point(30))
        recorder.time += 1
        line.show(point(1))
        #expect(recorder.text.split(separator: "\n").count == 2)
        #expect(!recorder.text.contains("ETA"))
    }

    /// Several models embed the same pictures one after the other: each has a rate of its own.
    @Test func beginsAnewBehindTheLastStep() {
        let recorder = Recorder()
        let line = recorder.line(canRedraw: false)
        for _ in 1...3 {
            recorder.time += 60
            line.show(point(20))
            recorder.time += 1
            line.show(point(40))
        }
        let lines = recorder.text.split(separator: "\n")
        #expect(lines.count == 6 && lines[5].contains("5120 samples/s"), "\(recorder.text)")
        #expect(!lines[4].contains("samples/s"))
    }

    @Test(arguments: [(0.2, "0:01"), (59, "0:59"), (61, "1:01"), (3723, "1:02:03")])
    func writesDurations(seconds: Double, text: String) {
        #expect(ProgressLine.duration(seconds) == text)
    }

    @Test func knowsItsMemory() throws {
        #expect(try #require(residentBytes()) > 1 << 20)
    }
}
