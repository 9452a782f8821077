internal import Foundation
internal import Language
internal import Rendering
internal import Tensors

/// What the plan comes to, in words.
extension RecipePlan {
    /// Multiplications and additions a second of large matrices on this machine.
    static func measuredSpeed() -> Double {
        let side = 1024
        var generator = RandomGenerator(seed: 0)
        let (a, b) = (Tensor.normal([side, side], using: &generator), Tensor.normal([side, side], using: &generator))
        let (target, clock) = (Tensor.zeros([side, side]), ContinuousClock())
        Tensor.matmul(a, b, into: target)
        var (count, elapsed) = (0, 0.0)
        let start = clock.now
        while elapsed < 0.2 {
            Tensor.matmul(a, b, into: target)
            count += 1
            elapsed = (clock.now - start) / .seconds(1)
        }
        return 2 * Double(side * side * side) * Double(count) / elapsed
    }

    /// A row a statement that takes time; statements of a loop that take the same share one.
    func reply(speed: Double) -> Reply {
        var counted: [(key: String, statement: String, work: Work, times: Int)] = []
        for (step, work) in rows where work.operations > 0 {
            let (arguments, time) = (step.arguments, Self.time(work.operations / speed))
            let key = "\(arguments.source.name) \(arguments.verbSpan.start) \(time) \(work.unknown)"
            if let index = counted.firstIndex(where: { $0.key == key }) {
                counted[index].times += 1
                counted[index].work.bytes = max(counted[index].work.bytes, work.bytes)
            } else {
                counted.append((key, arguments.statement, work, 1))
            }
        }
        let isWhole = counted.allSatisfy(\.work.unknown.isEmpty)
        let table = Table(
            title: "at least, on this machine",
            columns: [
                "statement", "times", Column("time of each", alignment: .trailing),
                Column("memory", alignment: .trailing),
            ] + (isWhole ? [] : ["not counted"]),
            rows: counted.map { _, statement, work, times in
                let cells = [
                    Scalar.text(Self.brief(statement)), .integer(times), .text(Self.time(work.operations / speed)),
                    .text(Memory.text(Int(work.bytes))),
                ]
                return cells + (isWhole ? [] : [.text(work.unknown.joined(separator: ", "))])
            })
        let total = rows.reduce(0) { $0 + $1.work.operations } / speed
        let most = rows.map(\.work.bytes).max() ?? 0
        let all = [
            "in all \(Self.time(total)) at \(NumberStyle.significant(3).text(speed / 1e9)) billion operations a second, the "
                + "speed of large matrix products here, and \(Memory.text(Int(most))) of memory, of which this machine has "
                + Memory.text(Int(Memory.available)),
            "texts are taken as \(Self.tokens) tokens long, benchmarks that are not here as they were published; %estimate "
                + "measures a statement whose data are there",
        ]
        var sentences = counted.isEmpty ? [] : all
        // What is cached takes nothing.
        let others = rows.filter { $0.work.operations == 0 && !$0.work.unknown.isEmpty }
        sentences += Dictionary(grouping: others, by: \.work.unknown).sorted { $0.value.count > $1.value.count }.map {
            unknown, statements in
            "not counted: \(statements.count) statement\(statements.count == 1 ? "" : "s"), of which it is not known here: "
                + unknown.joined(separator: ", ")
        }
        return Reply(
            (counted.isEmpty ? [] : [.table(table)]) + [.note(sentences.joined(separator: "\n"))],
            fields: [
                "seconds": .number(total), "bytes": .number(most),
                "n_statements": .integer(rows.count { $0.work.operations > 0 }), "n_uncounted": .integer(others.count),
            ])
    }

    private static func brief(_ statement: String) -> String {
        statement.count <= 60 ? statement : String(statement.prefix(57)) + "..."
    }

    private static func time(_ seconds: Double) -> String {
        let units: [(limit: Double, size: Double, name: String)] = [
            (120, 1, "s"), (7200, 60, "min"), (172_800, 3600, "h"), (.infinity, 86_400, "days"),
        ]
        let unit = units.first { seconds < $0.limit } ?? units[3]
        return "\(NumberStyle.significant(3).text(seconds / unit.size)) \(unit.name)"
    }
}
