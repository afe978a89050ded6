/*
 * apart.h: are the frames that one pool's hands use those of one operator or of several?
 *
 * Model: cards, devices and networks are the supplier's and tell operators not apart; the work does. Of a merged group
 *   (merge.h) parts that share more accounts than chance (their sizes over the group's) would have it, are one frame
 *   seen from several sides: the smaller follows the largest of them. So are parts that hand work to each other, conversations
 *   and refused tasks, as often as chance would have it. These are *lanes*. An account is of the lane of which it shows most; it is a
 *   *bridge* if it shows another lane's frame as well, or took over work of another lane: an operator's queue
 *   overflows from lane to lane, never into another operator's. Each account is at most one bridge. Lanes with
 *   APART_GLUE bridges between them are one operator.
 *   Null: one operator, whose bridges join lanes at random, every lane with as many ends of bridges as were seen. With M
 *   bridges and D of the 2M ends on one side of a cut, P(x cross) = C(D,x) C(2M-D,x) x! (D-x-1)!! (2M-D-x-1)!! / (2M-1)!!
 *   (x as even or odd as D). An operator is told apart where P(as few or fewer cross) times the 2^(lanes-1) cuts that
 *   there are, is at most 10^-APART_DECADES. Joining an end with one of its own lane, which a bridge never does, is allowed
 *   in the null: it makes the probability larger. So a look errs once in a million; looks are one an epoch.
 * Source: the configuration model, Bollobas, "A probabilistic proof of an asymptotic formula for the number of labelled
 *   regular graphs", 1980; the rest is our own.
 * Shapes: users ascend by account; operator 0 is the one with most accounts, and whoever nothing is known of.
 * Memory: while it runs 12 bytes a member of a part, 32 KiB; of more than APART_PARTS parts the largest.
 * Cost: O(n log n) in the members of the parts; the direct ties of each.
 * Benign look-alikes: none are at stake: whom it divides is contained already, and stays so.
 * Evasion: an operator of a single lane is told apart from nobody: nothing tells it from another lane of the same. An operator whose lanes
 *   fall into two halves that never help each other out counts as two.
 */
#ifndef CAMPAIGN_APART_H
#define CAMPAIGN_APART_H

#include "campaign/find.h"

enum { APART_PARTS = 64, APART_OPERATORS = 8, APART_GLUE = 2, APART_DECADES = 6 };

struct apart_input {
    const struct graph *graph;
    const struct group_list *groups; /* with the parts */
    const struct group *whole;       /* a merged one of them */
    uint32_t min_accounts;           /* an operator with fewer is none */
};

struct apart_user {
    uint32_t account;
    uint8_t lane;  /* a part that leads it */
    uint8_t other; /* another lane whose frame it shows; APART_PARTS: none */
    uint8_t owner; /* index of its operator */
};

struct operators {
    struct apart_user *users;
    size_t n_users;
    uint32_t n; /* 1: nothing tells any apart */
    uint32_t lanes, bridges;
    struct {
        uint32_t accounts, bridges, across; /* bridges: between its own lanes */
        double log10_p;                     /* after the cuts; operator 0: 0 */
    } items[APART_OPERATORS];
};
void operators_fini(struct operators *operators);

/* The caller ends what it gets. */
MUST_CHECK enum status apart_find(const struct apart_input *input, struct operators *ret_operators);

#endif
