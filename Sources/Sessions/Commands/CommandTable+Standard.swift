extension CommandTable {
    /// The verbs of the program.
    public static let standard = CommandTable([
        LoadCommand(), FetchCommand(), PrepareCommand(), EmbedCommand(), SearchCommand(), ClassifyCommand(),
        PretrainCommand(), AlignCommand(), DistillCommand(), TuneCommand(), ResumeCommand(), EvalCommand(),
        CompareCommand(), CollectCommand(), PlotCommand(), SaveCommand(), ExplainCommand(), GuessCommand(),
        LessonCommand(),
        ListCommand(), ShowCommand(), DropCommand(), PrintCommand(), SetCommand(), IncludeCommand(), HelpCommand(),
        QuitCommand(),
        SaveSessionCommand(), LogCommand(), CheckCommand(), RunCommand(), HistoryCommand(), RerunCommand(),
        EditCommand(),
        TimeCommand(), EstimateCommand(), WhoCommand(), PagerCommand(), ResetCommand(),
    ])
}
