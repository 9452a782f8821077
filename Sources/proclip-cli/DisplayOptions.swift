public import ArgumentParser
public import Rendering
import Shell

/// How results are written.
struct DisplayOptions: ParsableArguments {
    @Option(
        help: "How results are written: table, md, csv, html (one page) or json (one object a line for each statement)."
    )
    var format: OutputFormat = .table

    @Flag(name: .customLong("no-color"), help: "Write no colour; NO_COLOR in the environment does the same.")
    var hasNoColour = false

    var terminal: Terminal { Terminal(noColour: hasNoColour) }
}

extension OutputFormat: ExpressibleByArgument {}
