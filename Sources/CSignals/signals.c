#define _GNU_SOURCE
#include "CSignals.h"
#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t interrupts, terminations, suspensions;

static void count(int signal) {
    switch (signal) {
    case SIGINT: interrupts++; break;
    case SIGTERM: terminations++; break;
    case SIGTSTP: suspensions++; break;
    default: break;
    }
}

// System calls are resumed: libraries that read or write while a signal arrives must not see errors.
static void set_action(int signal, void (*handler)(int)) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, NULL);
}

// A parent may have started us with these blocked.
static void unblock(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGTSTP);
    pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
}

void csignals_install(void) {
    unblock();
    set_action(SIGINT, count);
    set_action(SIGTERM, count);
}

void csignals_count_suspensions(int on) { set_action(SIGTSTP, on ? count : SIG_DFL); }
void csignals_suspend(void) { raise(SIGSTOP); }

int csignals_interrupts(void) { return (int)interrupts; }
int csignals_terminations(void) { return (int)terminations; }
int csignals_suspensions(void) { return (int)suspensions; }
