/*
 * evidence.h: what the families that did not find a group say about it.
 *
 * Model: for each kind of object: of the partners that firm members have through it (accounts of another
 *   organisation that show the same object), how many are firm members too? e by evalue_binomial against
 *   p0 = min(1/2, homophily + |G| / N). One object counts for at most EVIDENCE_PER_OBJECT trials,
 *   because partners through one card are one coincidence told several times. A family's e-value is the mean over its
 *   kinds, which is an e-value whatever their dependence. Direct ties count each pair once.
 * Source: Vovk, Wang 2021 (the mean of e-values is an e-value). The homophily term is ours: people who share a
 *   card may share their tools as well; it is the chance that the null allows them for it, however rare the tool.
 * Benign look-alikes: a firm without a declared organisation, whose people share a card and an in-house frame.
 * Evasion: a card, a device and a queue of one's own for each account.
 */
#ifndef CAMPAIGN_EVIDENCE_H
#define CAMPAIGN_EVIDENCE_H

#include "campaign/find.h"

enum { EVIDENCE_PER_OBJECT = 6, EVIDENCE_MEMOS = 1024 };

/* An e-value that was computed before: tallies and chance are often those of the last epoch, or of another group. */
struct evidence_memo {
    double p0, log10_e;
    uint32_t inside, trials; /* 0: none */
};

struct evidence_input {
    const struct graph *graph;
    const struct group *group;
    uint8_t *inside; /* scratch, by account index: all 0 on entry and exit */
    uint32_t *count; /* scratch, by object index: all 0 on entry and exit */
    double accounts; /* of the population */
    double homophily;
    struct evidence_memo
        *memos; /* EVIDENCE_MEMOS of them, zeroed before the first use; NULL: nothing is kept */
    /* Whether the account has sent enough to have shown the frame if it had one; others are no partners yet. */
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
