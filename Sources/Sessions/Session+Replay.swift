import Foundation
import Language
public import Rendering

/// Recipes from files, as `proclip run` replays them.
extension Session {
    /// Runs a recipe from beginning to end, in a folder of records when one is given. Parameters that the command line sets
    /// (`override`) must be declared in the recipe.
    /// - `reusing`: take trainings that an earlier recorded run has done, with the same options on the same
    ///   inputs, from there.
    @discardableResult
    public func replay(
        _ path: String, recordingTo folder: String? = nil, reusing: Bool = false,
        report: @escaping (StatementResult) -> Void = { _ in }
    ) -> [StatementResult] {
        let source: Source
        let checked: CheckResult
        do throws(Diagnostic) {
            source = try Session.recipe(path)
            checked = try checkReplay(source)
        } catch {
            return refuse([error], report)
        }
        guard checked.diagnostics.isEmpty else { return refuse(checked.diagnostics, report) }
        do {
            if let folder {
                record = try RunRecord(
                    folder: context.absolute(folder), recipe: source, parameters: checked.parameters,
                    workingDirectory: workingDirectory)
                trainedStore = TrainedStore(folder: places.trained, isReading: reusing)
            }
            let results = execute(source, report: report)
            try record?.finish(
                results, parameters: parameters, transcript: transcript, status: results.exitStatus)
            record = nil
            return results
        } catch {
            return refuse([Diagnostic(error, at: Span(0, 0), in: source)], report)
        }
    }

    /// Checks a recipe without running it.
    /// - `expectingFiles`: whatever is missing is taken as there.
    public func check(recipe path: String, expectingFiles: Bool = false) -> CheckResult {
        do throws(Diagnostic) {
            return try checkReplay(try Session.recipe(path), expectingFiles: expectingFiles)
        } catch {
            return CheckResult(diagnostics: [error], parameters: [])
        }
    }

    /// The parameters of a recipe (`--params`).
    public static func table(of parameters: [ParameterDeclaration]) -> Table {
        let rows = parameters.map { parameter in
            [
                Scalar.text(parameter.name), .text(parameter.value.canonical), .text(parameter.default.canonical),
                .text(parameter.description ?? ""),
            ]
        }
        return Table(columns: ["parameter", "value", "default", "meaning"], rows: rows)
    }

    private func checkReplay(_ source: Source, expectingFiles: Bool = false) throws(Diagnostic) -> CheckResult {
        let checked = check(source, expectingFiles: expectingFiles)
        let known = checked.parameters.map(\.name)
        for (name, text) in overrides.sorted(by: { $0.key < $1.key })
        where !known.contains(name) && checked.diagnostics.isEmpty {
            throw Diagnostic(
                .unknownParameter, "\(source.name) has no parameter \"\(name)\"", at: Span(0, name.utf8.count),
                in: text,
                suggestions: Nearest.words(to: name, among: known),
                help: known.isEmpty ? "it has none" : "there is \(known.joined(separator: ", "))")
        }
        return checked
    }

    private func refuse(_ diagnostics: [Diagnostic], _ report: @escaping (StatementResult) -> Void) -> [StatementResult]
    {
        var run = Run(session: self, report: report)
        run.refuse(diagnostics)
        return run.results
    }
}

extension [StatementResult] {
    /// What the program ends with: the first status that is not ok.
    public var exitStatus: ExitStatus { lazy.map(\.status).first { $0 != .ok } ?? .ok }
}
