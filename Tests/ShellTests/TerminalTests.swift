import Testing

/// The shell as a user meets it; the scenarios are described in `drive_terminal.py`.
@Suite(.enabled(if: Program.python != nil, "PROCLIP_PYTHON names no Python with pexpect"))
struct TerminalTests {
    @Test(arguments: [
        "prompt_and_end_of_input", "quit_leaves", "errors_point_at_the_word", "completion", "help_fits_the_terminal",
        "history_persists",
        "arrows_search", "habits_of_other_prompts", "continuation", "interrupt_drops_a_line",
        "interrupt_on_an_empty_line", "interrupt_during_a_run",
        "paste_of_200_lines", "paste_of_a_megabyte", "unicode_editing", "suspension", "termination", "no_colour",
        "notebook", "initial_file", "lesson_and_guess", "a_heat_map_is_drawn_again",
        "signals_off_a_terminal", "full_disk", "unwritable_results", "out_of_memory", "exported_embeddings",
        "broken_model",
        "pause_and_resume", "termination_during_a_run", "abandon_and_resume", "a_long_step_is_left_at_once",
        "judging_stops",
        "other_locale", "end_of_input_in_a_block", "resize", "start_up_time",
    ])
    func scenario(name: String) throws {
        let result = try Program.drive(name)
        #expect(result.status == 0, "\(result.output)\(result.error)")
    }
}
