/*
 * evidence.h: what the families that did not find a group say about it.
 *
 * Model: identity and provenance by hands (hands.h), each the mean of the e-values (evalue_binomial) of what is counted:
 *     shared hands, of all hands           chance 0.05 + 1.5 times the population's share outside the group
 *     repeated hands, of all hands         0.03 + that share
 *     partners through a card, inside      min(1/2, homophily + |G| / N); those outside who have sent three exchanges with
 *                                          text, and one since the frame came up: others could not have shown it. Of a group that
 *                                          one frame found only where its hands are shared more than outside (by a strong
 *                                          key's two decades), or work moves between three: families use one tool altogether
 *     chains of two hands, of all chains   0.02 + 1.5 times the share outside
 *     chains of three, of all chains       0.004 + 1.5 times the share outside
 *     hands that hand on, of all hands     0.02 + 1.5 times the share outside (handoffs.h): the family of timing
 *   Where four fifths of a group's hands are shared, cards are asked only if six of its members are in hands of HANDS_LOT
 *   accounts and more, or work moves between three of its hands: all users of some tools are families, classes or small teams.
 *   The factor is what groups of one kind of people may differ from the population, the addend what small populations
 *   do not show. The other families are asked only if one of these is a key of a group that frames found: for each kind of
 *   object: of the partners that firm members have through it (accounts of another organisation that show the same
 *   object), how many are firm members too? e against min(1/2, homophily + |G| / N), at most EVIDENCE_PER_OBJECT trials an
 *   object, because partners through one address are one coincidence told several times; a family's e-value is the mean
 *   over its kinds, which is an e-value whatever their dependence. Direct ties count each pair once. Of each family only a
 *   part of the stake is played, half, or a fifth where no kind is strong: silence costs a factor of 2 or 1.25 at most.
 *   Provenance and timing may tell of the same event, a conversation that moves on: the mean of the two counts.
 * Source: Vovk, Wang 2021 (the mean of e-values is an e-value). The homophily term is ours: people who share a
 *   card may share their tools as well; it is the chance that the null allows them for it, however rare the tool.
 * Benign look-alikes: a firm without a declared organisation, whose people share a card and an in-house frame; a tool all of
 *   whose users are teams of seven and more with a card each, or hand work to each other: not told from lots.
 * Evasion: a card, a device and a queue of one's own for each account; or cards for six at most, devices that do not lead
 *   from card to card, and work that stays where it is.
 */
#ifndef CAMPAIGN_EVIDENCE_H
#define CAMPAIGN_EVIDENCE_H

#include "campaign/hands.h"

enum { EVIDENCE_PER_OBJECT = 6, EVIDENCE_MEMOS = 1024 };

/* An e-value that was computed before: tallies and chance are often those of the last epoch, or of another group. */
struct evidence_memo {
    double p0, log10_e;
    uint32_t inside, trials; /* 0: none */
};

struct evidence_input {
    const struct graph *graph;
    const struct group *group;
    struct rings *identity, *provenance;
    struct hands_scratch scratch; /* by account index: all 0 on entry and exit */
    struct hands_mass population; /* hands_population; accounts: all that are in no confirmed campaign */
    uint8_t *inside;              /* scratch, by account index: all 0 on entry and exit */
    uint32_t *count;              /* scratch, by object index: all 0 on entry and exit */
    struct hands *ret_hands;      /* what was counted */
    double accounts;              /* of the population */
    double homophily;
    struct evidence_memo
        *memos; /* EVIDENCE_MEMOS of them, zeroed before the first use; NULL: nothing is kept */
    /* Whether the account has sent enough, and since the frame came up, to have shown it; others are no partners yet. */
    bool (*active)(void *context, uint32_t account);
    void *context;
};

/* Fills evidence of every family but volume; the finding family by its objects that did not find the group. */
void evidence_links(const struct evidence_input *input, struct evidence ret_evidence[static FAMILY_COUNT]);

/* Even load: firm members' exchanges over their active days. */
void evidence_volume(const struct account_profile *profiles, size_t n, struct evidence *ret_evidence);

/*
 * Sums the families with their caps. ret_two_keys: a family other than the one that found the group speaks through
 * a strong kind. Content is never that key: accounts that are asked the same things also get the same answers.
 */
double evidence_total(
    enum family found_by, const struct evidence evidence[static FAMILY_COUNT], bool *ret_two_keys);

#endif
