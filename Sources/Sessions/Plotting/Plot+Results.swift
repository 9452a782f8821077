internal import Language
internal import ProCLIP
internal import Rendering

/// What is drawn of what was trained or judged before.
extension Plot {
    /// Of one training the loss and its terms, of several the loss.
    static func losses(_ arguments: Arguments) throws -> Reply {
        let handles = arguments.handles("handle")
        let all = handles.flatMap { handle -> [Chart.Line] in
            let courses = (handle.content as? any LossCourses)?.lossCourses ?? []
            let totals = courses.filter(\.isTotal)
            let own = handles.count == 1 && totals.count == 1 ? courses : totals
            return own.map { course in
                let name = [handles.count > 1 ? handle.name : nil, course.name].compactMap { $0 }
                return Chart.Line(name: name.joined(separator: " "), x: course.steps, y: course.values)
            }
        }
        guard !all.isEmpty else { throw nothingTrained(arguments) }
        let chart = Chart(
            title: "loss of \(handles.map(\.name).joined(separator: ", "))", xAxis: "step", yAxis: "loss", lines: all)
        return Reply([.chart(chart), .table(chart.ends)])
    }

    /// The terms as they count in the loss: each stands on those before it.
    static func parts(_ arguments: Arguments) throws -> Reply {
        let handle = arguments.handles("handle")[0]
        guard let content = handle.content as? any TrainedContent, let training = content.training,
            let terms = content.history.first?.terms, !terms.isEmpty
        else { throw nothingTrained(arguments) }
        let steps = content.history.map { Double($0.step) }
        let lines = terms.indices.map { index in
            let weight = Double(training.options.weight(of: terms[index].name, in: training.stage))
            return Chart.Line(
                name: terms[index].name, x: steps,
                y: content.history.map { Double($0.terms[index].value) * weight })
        }
        let chart = Chart(
            title: "what the loss of \(handle.name) is made of", xAxis: "step", yAxis: "weighted terms, stacked",
            style: .stacked, lines: lines)
        return Reply([.chart(chart), .table(chart.ends)])
    }

    /// Of one model all that its canary measured, of several one number.
    static func canaries(_ arguments: Arguments) throws -> Reply {
        let (handles, metric) = (arguments.handles("handle"), arguments.text("metric"))
        let lines = handles.flatMap { handle -> [Chart.Line] in
            let courses = (handle.content as? any LossCourses)?.canaryCourses ?? []
            let own = courses.filter { course in
                metric.map { course.name == $0 || course.name.hasSuffix(".\($0)") }
                    ?? (handles.count == 1 || course.isTotal)
            }
            return own.map { course in
                Chart.Line(
                    name: handles.count == 1 ? course.name : "\(handle.name) \(course.name)", x: course.steps,
                    y: course.values)
            }
        }
        guard !lines.isEmpty else {
            throw arguments.diagnostic(
                .contradiction, "there is no canary\(metric.map { "'s \($0)" } ?? "") to draw", at: "handle",
                help: "train with canary=DATA")
        }
        let chart = Chart(
            title: "canary of \(handles.map(\.name).joined(separator: ", "))", xAxis: "step", yAxis: metric ?? "",
            lines: lines)
        return Reply([.chart(chart), .table(chart.ends)])
    }

    /// The heat maps of a training, in the order of its steps.
    static func watched(_ arguments: Arguments) throws -> Reply {
        let handle = arguments.handles("handle")[0]
        let drawings = (handle.content as? any TrainedContent)?.training?.drawings(of: handle.name) ?? []
        guard !drawings.isEmpty else {
            throw arguments.diagnostic(
                .contradiction, "no heat map of it was kept", at: "handle",
                help: "train with canary=DATA watch=\(PairMap.sim.rawValue)")
        }
        return Reply(drawings.spread(arguments.integer("n") ?? 6).map { .matrix($0) })
    }

    private static func nothingTrained(_ arguments: Arguments) -> Diagnostic {
        arguments.diagnostic(
            .contradiction, "there are no steps to draw: nothing was trained here", at: "handle",
            help: "plot what distill, tune, align or pretrain has made, or a run")
    }

    /// Bars of recall@1 a language, a colour a result.
    static func languages(_ arguments: Arguments) throws -> Reply {
        let suffix = ".recall@1"
        let groups = arguments.handles("handle").map { handle in
            let own = numbers(handle).filter { $0.name.hasSuffix(suffix) }
            return (
                name: handle.name, values: own.map { (name: String($0.name.dropLast(suffix.count)), value: $0.value) }
            )
        }
        let names = groups.flatMap { $0.values.map(\.name) }.uniqued
        guard !names.isEmpty else {
            throw arguments.diagnostic(
                .contradiction, "there are no languages in it", at: "handle",
                help: "plot what eval E on=D task=languages as r answers")
        }
        let lines = groups.map { group in
            Chart.Line(
                name: group.name, x: names.indices.map(Double.init),
                y: names.map { name in group.values.first { $0.name == name }?.value ?? .nan })
        }
        let chart = Chart(
            title: "recall@1 by language", xAxis: "", yAxis: "recall@1", style: .bars, lines: lines, names: names)
        return Reply([.chart(chart), .table(chart.table)])
    }

    /// Mean recall of each model and set less that of the first model.
    static func forgotten(_ arguments: Arguments) throws -> Reply {
        let fields = numbers(arguments.handles("handle")[0])
        let suffix = ".mean_recall"
        let own = fields.filter { $0.name.hasSuffix(suffix) }.map { name, value in
            let parts = name.dropLast(suffix.count).split(separator: ".").map(String.init)
            return (
                model: parts.first ?? "", set: parts.count > 1 ? parts.dropFirst().joined(separator: ".") : "all",
                value: value
            )
        }
        let models = own.map(\.model).uniqued
        // What eval answers has a mean over its sets, and the sets before the dot.
        let isOfOne = fields.contains { $0.name == "mean_recall" }
        guard let reference = models.first, models.count > 1, !isOfOne else {
            throw arguments.diagnostic(
                .contradiction, "\"\(arguments.handles("handle")[0].name)\" compares no models by retrieval",
                at: "handle",
                help: "plot what compare M1 M2 on=D as c answers")
        }
        let sets = own.map(\.set).uniqued
        func value(_ model: String, _ set: String) -> Double {
            own.first { $0.model == model && $0.set == set }?.value ?? .nan
        }
        let lines = models.dropFirst().map { model in
            Chart.Line(
                name: model, x: sets.indices.map(Double.init), y: sets.map { value(model, $0) - value(reference, $0) })
        }
        let chart = Chart(
            title: "mean recall against \(reference)", xAxis: "set", yAxis: "difference", style: .bars, lines: lines,
            names: sets)
        return Reply([.chart(chart), .table(chart.table)])
    }

    private static func numbers(_ handle: Handle) -> [(name: String, value: Double)] {
        (handle.content?.fields ?? [:]).compactMap { name, value in
            if case .number(let number) = value { (name, number) } else { nil }
        }
    }
}

/// The course of a loss or of one of its terms.
struct LossCourse {
    let name: String
    let isTotal: Bool
    let steps, values: [Double]
}

/// What has losses to draw.
protocol LossCourses {
    var lossCourses: [LossCourse] { get }
    /// What the canary measured, the watched number first.
    var canaryCourses: [LossCourse] { get }
}

extension [StepRecord] {
    /// The loss, then its terms.
    var lossCourses: [LossCourse] {
        let steps = map { Double($0.step) }
        let terms = (first?.terms ?? []).indices.map { index in
            LossCourse(
                name: self[0].terms[index].name, isTotal: false, steps: steps,
                values: map { Double($0.terms[index].value) })
        }
        return isEmpty
            ? [] : [LossCourse(name: "loss", isTotal: true, steps: steps, values: map { Double($0.loss) })] + terms
    }
}

extension Sequence where Element: Hashable {
    /// Each element once, in the order of their first appearance.
    var uniqued: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
