import Glibc

/// The program that shows long texts: `$PAGER`, by default `less`.
struct Pager {
    /// Shows a text and waits for the user to leave it; false where the program cannot be started.
    func show(_ text: String) -> Bool {
        // `less` leaves a text that fits and keeps colours; without it the text is written as it is.
        let command = Terminal.variable("PAGER") ?? "less -FRX 2> /dev/null || cat"
        guard let pipe = popen(command, "w") else { return false }
        // Who leaves early does not want the rest.
        let earlier = signal(SIGPIPE, SIG_IGN)
        defer { signal(SIGPIPE, earlier) }
        fputs(text, pipe)
        return pclose(pipe) == 0
    }
}
