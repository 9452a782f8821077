internal import ProCLIP
internal import Rendering

/// A recorded run.
struct RunContent: HandleContent, LossCourses {
    let kind = HandleKind.run
    let run: RecordedRun

    /// What the run's named results said, and the run's own numbers.
    var fields: Fields {
        var fields: Fields = [
            "seconds": .number(run.seconds), "exit_status": .integer(run.status),
            "peak_memory_bytes": .integer(run.peakMemory),
        ]
        for (name, value) in run.parameters { fields["param.\(name)"] = .text(value) }
        fields.append(run.results)
        return fields
    }
    var summary: String {
        "run of \(run.started), \(NumberStyle.significant(3).text(run.seconds)) s, exit status \(run.status)"
    }
    var shape: String { "\(run.results.names.count) numbers, \(run.courses.count) courses" }
    /// Losses alone; learning rates and norms of gradients have other units.
    var lossCourses: [LossCourse] {
        run.courses.filter { course in
            !["/lr", "/gradient_norm", "/chance"].contains(where: course.name.hasSuffix)
                && !course.name.contains(CanaryReading.mark)
        }
    }
    var canaryCourses: [LossCourse] { run.courses.filter { $0.name.contains(CanaryReading.mark) } }
}
