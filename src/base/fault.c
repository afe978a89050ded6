#define _GNU_SOURCE /* SA_SIGINFO, SA_NODEFER */
#include "base/fault.h"

#include <setjmp.h>
#include <signal.h>
#include <stddef.h>

static const int faults[] = { SIGSEGV, SIGBUS };
enum { FAULTS = sizeof faults / sizeof *faults };

static struct sigaction before[FAULTS];
static _Thread_local sigjmp_buf back;
static _Thread_local volatile sig_atomic_t guarded;

void fault_meet(void)
{
    if (!guarded)
        return;
    guarded = 0;
    siglongjmp(back, 1);
}

static void on_fault(int signo, siginfo_t *info, void *context)
{
    (void)context;
    if (info->si_code > 0)
        fault_meet();
    /* Anything else is a defect: the instruction is run again, and what it meets now ends the process. */
    for (unsigned i = 0; i < FAULTS; i++)
        sigaction(faults[i], &before[i], NULL);
    if (info->si_code <= 0)
        raise(signo); /* from another process: nothing would be run again */
}

void fault_guard_start(void)
{
    /* Not blocked while it is handled, as the handler does not return. */
    struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER };
    for (unsigned i = 0; i < FAULTS; i++)
        sigaction(faults[i], &action, &before[i]);
}

void fault_guard_stop(void)
{
    for (unsigned i = 0; i < FAULTS; i++)
        sigaction(faults[i], &before[i], NULL);
}

bool fault_guarded(void (*read)(void *data), void *data)
{
    if (sigsetjmp(back, 0) != 0)
        return false;
    guarded = 1;
    read(data);
    guarded = 0;
    return true;
}
