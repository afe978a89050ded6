/*
 * mixture.h: of which hands is a group the work, where customers show it as well?
 *
 * Model: hands of several accounts (hands.h), each with n accounts that sent enough to tell, of which k are in the group.
 *   They are of two kinds: the operator's, whose accounts are in it with chance p, and customers', with chance q. Both
 *   chances, and how many there are of each kind, are estimated from the hands themselves, by EM from two beginnings, of
 *   which the likelier end is taken, with what is taken for known before any hand as part of the likelihood. The odds that a hand is the operator's are its likelihood ratio times the kinds' numbers.
 *   So where hardly a customer shows the group five of nine are enough; where every fourth does, a family of three
 *   that shows it altogether is none of his.
 *   On the customers' side: their chance is taken to be 0.02 + 1.5 q, as their kinds differ (evidence.h), though no more
 *   than one half or q itself; before any is known q is 0.05, or the group's share of all accounts, as if twelve accounts had said so. Hands of one or two
 *   accounts are the operator's altogether, by k and n, or customers', whichever is likelier. The numbers count as one to
 *   one at most, and without the operator's hands of which one or two are inside, which may be anybody's. So the more
 *   customers share cards the more it takes: with 30 of their hands for one of his, a third of what three of three say.
 * Source: Dempster, Laird, Rubin, "Maximum likelihood from incomplete data via the EM algorithm", 1977.
 * Shapes: hands of more than MIXTURE_MOST accounts count as so many, in proportion. Odds in decades, log10.
 * Memory: 1.2 KiB.
 * Benign look-alikes: colleagues who all say what an operator says.
 * Evasion: hands of which few accounts ever show the group, also beside decoys that all show it: they look like customers';
 *   hands of which two in eight do, bought for customers' chance to rise.
 */
#ifndef CAMPAIGN_MIXTURE_H
#define CAMPAIGN_MIXTURE_H

#include <stdbool.h>
#include <stdint.h>

enum { MIXTURE_MOST = 16, MIXTURE_LEAST = 3 };

struct mixture {
    uint32_t hands[MIXTURE_MOST + 1][MIXTURE_MOST + 1]; /* by k, n */
    double p_operator, p_customer, share;               /* share: of all hands, the operator's */
    double customers_before;                            /* what is taken of customers before any is known */
    double log10_prior; /* the operator's hands to the others', one to one at most */
};

/* share: of all accounts that are in the group, for customers of whom nothing is known. */
void mixture_init(struct mixture *mixture, double share);
/* Of a hand of which nobody sent enough nothing is known: it does not count. */
void mixture_add(struct mixture *mixture, uint32_t inside, uint32_t n);
/* After the last hand was added. */
void mixture_fit(struct mixture *mixture);
/* Of a hand being the operator's, log10; -INFINITY for fewer than MIXTURE_LEAST inside: two are one person. */
double mixture_log10_odds(const struct mixture *mixture, uint32_t inside, uint32_t n);

#endif
