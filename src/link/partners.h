/*
 * partners.h: do the same accounts meet again on another object, more often than their activity explains?
 *
 * Model: two cells of a grid that share an account are candidates. Given that one, how many more do they share? Null: each other
 *   act of an account of cell A, among those in the slices of time that cell B touches, falls into B with the probability that any
 *   act of these slices does; so by chance they share m = (such acts) * |B| / (acts of the slices), or the same with A and B
 *   exchanged, whichever is more. An object that is hot then, a large cell and active accounts all raise m. Accounts have interests
 *   in common: m is multiplied by how often candidates share a second account against what m says, over a sample of them, 4 at least and 100
 *   at most; twice that over all of the time, because interests last. Evidence: evalue_excess of the further accounts; a cell's is the mean over its candidates, and with 1.
 * Source: windows and objects in common as in Cao, Yang, Yu, Palow, "Uncovering large groups of active malicious accounts in online
 *   social networks", CCS 2014 (SynchroTrap), and Beutel, Xu, Guruswami, Palow, Faloutsos, "CopyCatch", WWW 2013; the null is ours
 *   (docs/decisions/014-linking-bare-sightings.md).
 * Memory: 16 bytes a pair of candidates, at most PAIRS_MAX pairs an account brings; beyond they are left out and counted. An account's
 *   32 smallest cells count: the popular ones that it adds as camouflage go first.
 * Errors: STATUS_NOMEM.
 * Cost: O(acts + candidates).
 * Benign look-alikes: a circle of friends, subscribers of one newsletter on small objects; over all of the time, collectors of one rare thing.
 * Evasion: never using two accounts on two objects in common.
 */
#ifndef LINK_PARTNERS_H
#define LINK_PARTNERS_H

#include "link/grid.h"

/* Two cells that share two accounts or more. */
struct meeting {
    uint32_t a, b; /* a < b */
    uint32_t shared;
    float by_chance;
    float log_e;
};

struct partners {
    struct meeting *items; /* by a, then b */
    size_t n, capacity;
    uint64_t left_out; /* pairs of cells, by account */
    double taste;
};

/* Fills partners and candidates of every cell. To partners_fini whatever it returns. */
MUST_CHECK enum status partners_find(
    struct partners *partners, const struct era *era, struct grid *grid, size_t pairs_max);
void partners_fini(struct partners *partners);

#endif
