// GNU readline: line editing and history. Imported by Shell only. Its global variables are functions here, since
// Swift does not let unprotected globals be touched.
#pragma once
#include <stdio.h>
#include <readline/history.h>
#include <readline/readline.h>
#include <unistd.h>

// Before the first line: our own reading of keys, signals left to us, Ctrl-C and Tab bound to our commands.
static inline void creadline_start(
    const char *program, int (*get_key)(FILE *), int (*interrupt)(int, int), int (*complete)(int, int)) {
    rl_readline_name = program;
    rl_catch_signals = 0;
    rl_change_environment = 0;
    rl_getc_function = get_key;
    // Where results go to a file, the prompt still goes to the terminal.
    if (!isatty(STDOUT_FILENO)) rl_outstream = stderr;
    rl_initialize();
    rl_bind_key(3, interrupt);
    rl_bind_key('\t', complete);
    // The arrows go to the earlier lines that begin as the present one does.
    rl_bind_keyseq("\033[A", rl_history_search_backward);
    rl_bind_keyseq("\033[B", rl_history_search_forward);
    rl_bind_keyseq("\033OA", rl_history_search_backward);
    rl_bind_keyseq("\033OB", rl_history_search_forward);
    using_history();
}

static inline const char *creadline_line(void) { return rl_line_buffer; }
static inline int creadline_point(void) { return rl_point; }
static inline int creadline_end(void) { return rl_end; }
static inline int creadline_input(void) { return fileno(rl_instream); }

// Ends the line at once with the text that it has.
static inline void creadline_finish(void) { rl_done = 1; }

// Leaves the text on the screen, marked as dropped, and ends the line.
static inline void creadline_drop(void) {
    rl_point = rl_end;
    rl_redisplay();
    fputs("^C\n", rl_outstream);
    fflush(rl_outstream);
    creadline_finish();
}

static inline void creadline_replace(int start, int end, const char *text) {
    rl_begin_undo_group();
    rl_delete_text(start, end);
    rl_point = start;
    rl_insert_text(text);
    rl_end_undo_group();
}

// The prompt and the line once more, below what was printed in between.
static inline void creadline_redraw(void) {
    rl_on_new_line();
    rl_forced_update_display();
}

static inline void creadline_leave_terminal(void) { (*rl_deprep_term_function)(); }
static inline void creadline_enter_terminal(void) {
    (*rl_prep_term_function)(1);
    creadline_redraw();
}
