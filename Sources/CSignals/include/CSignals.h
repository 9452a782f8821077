// Signals as counters that are polled. The handlers write a volatile sig_atomic_t and do nothing else.
#pragma once

// Installs the handlers of SIGINT and SIGTERM.
void csignals_install(void);
// While `on`, Ctrl-Z is counted instead of stopping the process at once.
void csignals_count_suspensions(int on);
// Stops the process now, as Ctrl-Z does by default; returns when it is continued.
void csignals_suspend(void);

// How many of each have arrived.
int csignals_interrupts(void);
int csignals_terminations(void);
int csignals_suspensions(void);
