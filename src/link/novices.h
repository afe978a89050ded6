/*
 * novices.h: do too many of those who acted on an object in a window hardly act elsewhere?
 *
 * Model: given how many acted on the object in the window, who they are is drawn from the crowd: accounts of at most D objects
 *   come with a probability p0, whatever makes the object popular that hour. p0 is what the whole crowd shows in the same slices of
 *   time, this cell left out, and what the object itself shows on other occasions: its time is cut into up to 512 units, each
 *   other unit in which it was acted on has one vote (its audience against the crowd of that time), and the crowd has 30; so a
 *   steady audience counts and a burst next door does not. Audiences differ, so odds are multiplied by what they differ by to the
 *   power sqrt(30 / (30 + votes)): exp(3 q), with q the upper quartile of the log odds ratio to the crowd over objects of 50 acts in 10
 *   units at least (about the 98th percentile of a normal spread; a quarter may be bought), between 4 and 100. Evidence:
 *   evalue_binomial of the count against p0, averaged over D = 1, 2, 4, 8, and with 1 so that it can hardly speak against.
 * Source: the null is that of this program (docs/decisions/014-linking-bare-sightings.md).
 * Memory: 80 bytes an act of the largest object, for the call.
 * Errors: STATUS_NOMEM.
 * Cost: O(acts).
 * Benign look-alikes: a class that is sent to one thing on one day; a newspaper that sends newcomers to a quiet object.
 * Evasion: accounts that act on nine unrelated objects each, in a mix like the crowd's; drops that last for a large share of the time.
 */
#ifndef LINK_NOVICES_H
#define LINK_NOVICES_H

#include "link/grid.h"

/* By what audiences' odds differ from the crowd's, of each level. */
MUST_CHECK enum status novices_taste(const struct era *era, double ret_taste[static LEVELS]);
/* Fills novices, expected, n_novices and level of every cell. */
MUST_CHECK enum status novices_weigh(
    const struct era *era, const double taste[static LEVELS], struct grid *grid);

#endif
