extension CommandTable {
    /// The verbs of the program.
    public static let standard = CommandTable(groups: [
        ("models and data", [LoadCommand(), FetchCommand(), PrepareCommand(), SaveCommand()]),
        (
            "learning",
            [PretrainCommand(), AlignCommand(), DistillCommand(), TuneCommand(), ResumeCommand()]
        ),
        ("use", [EmbedCommand(), SearchCommand(), ClassifyCommand()]),
        ("judging", [EvalCommand(), CompareCommand(), CollectCommand()]),
        ("seeing", [PlotCommand(), ListCommand(), ShowCommand(), PrintCommand()]),
        ("understanding", [ExplainCommand(), GuessCommand(), LessonCommand()]),
        ("session", [DropCommand(), CacheCommand(), SetCommand(), IncludeCommand(), HelpCommand(), QuitCommand()]),
        (
            "at the prompt only",
            [
                SaveSessionCommand(), LogCommand(), CheckCommand(), RunCommand(), HistoryCommand(), RerunCommand(),
                EditCommand(), TimeCommand(), EstimateCommand(), WhoCommand(), PagerCommand(), ResetCommand(),
            ]
        ),
    ])
}
