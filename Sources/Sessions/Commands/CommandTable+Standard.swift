extension CommandTable {
    /// The verbs of the program.
    public static let standard = CommandTable([
        ListCommand(), ShowCommand(), DropCommand(), PrintCommand(), SetCommand(), IncludeCommand(), HelpCommand(),
        QuitCommand(),
    ])
}
