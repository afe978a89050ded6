/*
 * recur.h: do those who say it say it again?
 *
 * Model: who copies a model repeats its wording every day; of what many people happen to say, most say it once. On its
 *   first day that can hardly be told, so that little is asked; what is asked for stops rising, as accounts come and go
 *   and an object's age is not theirs.
 * Source: our own; docs/decisions/022-what-is-said-once-is-no-frame.md.
 */
#ifndef OBJECT_RECUR_H
#define OBJECT_RECUR_H

#include <stdbool.h>
#include <stdint.h>

/*
 * sightings: at most one an account and hour; accounts: distinct ones that showed it; age_ms: since strangers share it.
 */
bool object_recurs(double sightings, double accounts, int64_t age_ms);

#endif
