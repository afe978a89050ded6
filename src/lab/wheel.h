/*
 * wheel.h: what is due when: one timer for each of many actors, in event time.
 *
 * Model: slots of one tick for the near future, and a second ring of long slots (a turn of the first) that are poured into the
 *   first when their turn comes; what is due beyond both waits in the last long slot and is poured again. Within a tick
 *   the due actors come in the order of their time, then of their number, so that the order never depends on history.
 * Source: Varghese, Lauck, "Hashed and hierarchical timing wheels", 1987.
 * Shapes: an actor is a number below n_max; it has one timer at most; setting it again moves it.
 * Memory: 20 bytes an actor, allocated by doubling.
 * Cost: O(1) a timer, and the sort of each tick.
 */
#ifndef LAB_WHEEL_H
#define LAB_WHEEL_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

enum { WHEEL_SLOTS = 1024, WHEEL_LONG = 1024 };

struct wheel_timer {
    int64_t due_ms;
    uint32_t next, previous; /* actor + 1 in the slot's list; 0: none */
    uint32_t slot;           /* 1 + index in slots; 0: not set */
};

struct due {
    int64_t time_ms;
    uint32_t actor;
};

struct wheel {
    int64_t tick_ms, now; /* now: ticks passed */
    uint32_t slots[WHEEL_SLOTS + WHEEL_LONG];
    struct wheel_timer *timers;
    size_t n, capacity;
    struct due *due;
    size_t n_due, due_capacity;
};

void wheel_init(struct wheel *wheel, int64_t tick_ms, int64_t start_ms);
void wheel_fini(struct wheel *wheel);
/* Makes room for one more actor, whose number is the count before. */
MUST_CHECK enum status wheel_add(struct wheel *wheel, uint32_t *ret_actor);
/* A time that has passed already is due in the next tick, as far into it as it was into its own. */
void wheel_set(struct wheel *wheel, uint32_t actor, int64_t due_ms);
void wheel_clear(struct wheel *wheel, uint32_t actor);
/* Ends the current tick: wheel->due has what was due in it, taken out. */
MUST_CHECK enum status wheel_turn(struct wheel *wheel);

#endif
