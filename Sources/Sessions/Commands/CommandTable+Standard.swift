extension CommandTable {
    /// The verbs of the program.
    public static let standard = CommandTable([
        LoadCommand(), FetchCommand(), PrepareCommand(), EmbedCommand(), SearchCommand(), ClassifyCommand(),
        PretrainCommand(), AlignCommand(), DistillCommand(), TuneCommand(), ResumeCommand(), EvalCommand(),
        CompareCommand(), SaveCommand(),
        ListCommand(), ShowCommand(), DropCommand(), PrintCommand(), SetCommand(), IncludeCommand(), HelpCommand(),
        QuitCommand(),
    ])
}
