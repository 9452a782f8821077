import Glibc
import Rendering
import Sessions

/// Shows how far a long statement is: one line that is drawn again on a terminal, below a drawing that is, else a line every
/// few seconds. It goes to standard error.
final class ProgressLine {
    private let canRedraw: Bool
    private let width: () -> Int
    private let clock: () -> Double
    private let emit: (String) -> Void
    private var start: (time: Double, point: Progress)?
    private var last: Progress?
    private var lastShown: Double?
    private var isDrawn = false
    /// Rows of the drawing right above the line.
    private var drawnRows = 0

    /// - `width`: columns that a redrawn line must fit in.
    /// - `clock`: seconds on a monotonic clock.
    init(
        canRedraw: Bool, width: @escaping () -> Int, clock: @escaping () -> Double = monotonicSeconds,
        emit: @escaping (String) -> Void = Stream.error.write
    ) {
        self.canRedraw = canRedraw
        self.width = width
        self.clock = clock
        self.emit = emit
    }

    /// Shows a point, unless the last one was shown a moment ago. Another label, an earlier step, or any behind the last begins a
    /// new run.
    func show(_ point: Progress) {
        let now = clock()
        if let last, last.label != point.label || last.step > point.step || last.step >= last.total { finish() }
        if start == nil { start = (now, point) }
        last = point
        let interval = canRedraw ? 0.1 : 10
        let isLast = point.step >= point.total
        guard isLast || lastShown.map({ now - $0 >= interval }) ?? true else { return }
        lastShown = now
        let text = self.text(point, now: now)
        // The terminal puts the ^C of an interrupt behind the line.
        emit(canRedraw ? "\r\u{1B}[K\(text.truncated(toWidth: width() - 3))" : text + "\n")
        isDrawn = canRedraw
    }

    /// Puts lines in the place of those drawn last, on a terminal only.
    func show(drawing lines: [String]) {
        guard canRedraw else { return }
        erase()
        emit(lines.joined(separator: "\n") + "\n")
        drawnRows = lines.count
    }

    /// Takes the line away, so that something can be written in its place; what is drawn above stays.
    func makeRoom() {
        pause()
        drawnRows = 0
    }

    /// Takes line and drawing away for good: the next point begins a new run.
    func finish() {
        erase()
        (start, last, lastShown) = (nil, nil, nil)
    }

    private func pause() {
        if isDrawn { emit("\r\u{1B}[K") }
        isDrawn = false
    }

    private func erase() {
        pause()
        if drawnRows > 0 { emit("\u{1B}[\(drawnRows)A\u{1B}[J") }
        drawnRows = 0
    }

    private func text(_ point: Progress, now: Double) -> String {
        var parts = ["\(point.label) \(point.step)/\(point.total)"]
        parts += point.terms.map { "\($0.name) \(NumberStyle.significant(4).text($0.value))" }
        if let rate = point.learningRate { parts.append("lr \(NumberStyle.significant(3).text(rate))") }
        if let start, now > start.time, point.step > start.point.step {
            let stepsPerSecond = Double(point.step - start.point.step) / (now - start.time)
            if let samples = point.samplesPerStep {
                let perSecond = stepsPerSecond * Double(samples)
                parts.append("\(NumberStyle.significant(3).text(perSecond)) samples/s")
            }
            parts.append("ETA \(ProgressLine.duration(Double(point.total - point.step) / stepsPerSecond))")
        }
        if let bytes = residentBytes() { parts.append("\(bytes >> 20) MiB") }
        return parts.joined(separator: "  ")
    }

    /// `0:42`, `1:02:03`
    static func duration(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.up))
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let clock = "\(two(whole / 60 % 60)):\(two(whole % 60))"
        return whole >= 3600 ? "\(whole / 3600):\(clock)" : "\(whole / 60 % 60):\(two(whole % 60))"
    }
}

/// The memory that the process holds in RAM; nil where the system does not say.
func residentBytes() -> Int? {
    guard let file = fopen("/proc/self/statm", "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, Int32(line.count), file) != nil else { return nil }
    let pages = String(decoding: line.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(separator: " ")
    guard pages.count > 1, let resident = Int(pages[1]) else { return nil }
    return resident * sysconf(Int32(_SC_PAGESIZE))
}
