/*
 * recall.h: what an account's or object's partition said in this epoch, without asking it again.
 *
 * Model: groups of an epoch overlap, and several of them speak of one campaign: the same accounts and objects are asked
 *   for again and again, and measuring them costs more than all else that is done with them. What was told last is kept
 *   in the place that the key falls on, until another key falls on it or the epoch ends.
 * Memory: about 700 KiB.
 * Order of calls: recall_begin in every epoch.
 */
#ifndef CAMPAIGN_RECALL_H
#define CAMPAIGN_RECALL_H

#include "campaign/campaign.h"

enum { RECALL_PLACES = 1024 };

struct recalled_account {
    uint64_t account;
    uint64_t epoch; /* 0: none */
    enum status status;
    struct account_profile profile;
};

struct recalled_object {
    uint64_t object;
    uint64_t epoch;
    enum status status;
    struct object_profile profile;
};

struct recall {
    const struct campaign_source *source;
    uint64_t epoch;
    int64_t now_ms;
    struct recalled_account accounts[RECALL_PLACES];
    struct recalled_object objects[RECALL_PLACES];
};

/* The source is borrowed. */
void recall_init(struct recall *recall, const struct campaign_source *source);
void recall_begin(struct recall *recall, int64_t now_ms);
/* As the source tells it at the time that the epoch began. */
MUST_CHECK enum status recall_account(
    struct recall *recall, uint64_t account, struct account_profile *ret_profile);
MUST_CHECK enum status recall_object(
    struct recall *recall, uint64_t object, struct object_profile *ret_profile);

#endif
