/*
 * fault.h: reading files that are mapped and that others may damage or cut off.
 *
 * Model: a read beyond the end of a mapped file, or through pages that lead nowhere, is a fault (SIGBUS, SIGSEGV). Within
 *   fault_guarded it ends the reading and not the process: else a gateway would start one worker after the other, thousands a
 *   second, and a service would end with everything that it had not written down. Any other fault is a defect and ends the
 *   process as it would have without. A library that meets such bytes may want to end the process by itself: what it calls before
 *   calls fault_meet.
 * Ownership: the handlers are the process's, from fault_guard_start to fault_guard_stop; not within each other.
 * Errors: after a fault whatever the reading had begun stays begun: what it had allocated is lost, what it had locked is locked.
 * Threads: each guards its own readings.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdbool.h>

void fault_guard_start(void);
void fault_guard_stop(void);
/* False, if it ended in a fault. Never within itself. */
bool fault_guarded(void (*read)(void *data), void *data);
/* Ends the guarded reading as a fault would; returns where nothing is guarded. */
void fault_meet(void);

#endif
