import ArgumentParser
import Language
import Sessions
import Shell

/// What sets the parameters of a recipe.
struct ParameterOptions: ParsableArguments {
    @Option(
        name: .customShort("p"), parsing: .singleValue,
        help: ArgumentHelp("Set a parameter of the recipe; may be repeated.", valueName: "key=value"))
    var parameters: [String] = []

    /// Ends the program at the first that is none.
    func apply(to session: Session, _ shell: Shell) throws {
        do throws(Diagnostic) {
            for assignment in parameters { try session.override(assignment) }
        } catch {
            shell.show(error)
            try leave(ExitStatus(error.code))
        }
    }
}
