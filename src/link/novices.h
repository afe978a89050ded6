/*
 * novices.h: do too many of those who acted on an object in a window hardly act elsewhere?
 *
 * Model: given how many acted on the object in the window, who they are is drawn from the crowd: accounts of at most D objects
 *   come with a probability p0, whatever makes the object popular that hour. p0 is what the whole crowd shows in the same slices of
 *   time, this cell left out, and what the object itself shows on other occasions: its time is cut into up to 512 units, each
 *   other unit in which it was acted on has one vote, and the crowd has 30; so a steady audience counts and a burst next door does
 *   not. As an object's audience may differ from the crowd's, odds are multiplied by 4 while it has no votes of its own. Evidence:
 *   evalue_binomial of the count against p0, averaged over D = 1, 2, 4, 8, and with 1 so that it can hardly speak against.
 * Source: the null is that of this program (docs/decisions/014-linking-bare-sightings.md).
 * Memory: 48 bytes an act of the largest object, for the call.
 * Errors: STATUS_NOMEM.
 * Cost: O(acts).
 * Benign look-alikes: a class that is sent to one thing on one day; a newspaper that sends newcomers to a quiet object.
 * Evasion: accounts that act on nine unrelated objects each, in a mix like the crowd's; drops that last for a large share of the time.
 */
#ifndef LINK_NOVICES_H
#define LINK_NOVICES_H

#include "link/grid.h"

/* Fills novices, expected, n_novices and level of every cell. */
MUST_CHECK enum status novices_weigh(const struct era *era, struct grid *grid);

#endif
