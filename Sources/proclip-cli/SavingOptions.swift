import ArgumentParser

/// Where a replayed recipe goes with its answers.
struct SavingOptions: ParsableArguments {
    @Option(
        name: .customLong("save"), parsing: .singleValue,
        help: ArgumentHelp(
            "Write the recipe with its answers to a file: .pcl, .md, .ipynb or .html; may be repeated.",
            valueName: "file"))
    var files: [String] = []
}
