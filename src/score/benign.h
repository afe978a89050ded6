/*
 * benign.h: what a run did to accounts that are in no campaign, by population and by organisation.
 *
 * Model: an account counts once for each kind of decision that it ever had. With k of n accounts hit, over m account-
 *   months, the rate is k / m and its bound that of the share k / n, times n / m.
 * Source: Clopper, Pearson, 1934 (sketch/clopper_pearson.h).
 * Cost: O(accounts), and one bound a rate.
 */
#ifndef SCORE_BENIGN_H
#define SCORE_BENIGN_H

#include "score/sanctions.h"

/* Fills populations, benign, operator_cost.appeals and blast. What it allocates is the score's. */
MUST_CHECK enum status benign_measure(
    const struct score_truth *truth, const struct sanctions *sanctions, struct score *score);

#endif
