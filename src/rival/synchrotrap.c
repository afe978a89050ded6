/*
 * synchrotrap.c: accounts that act on the same objects at about the same time, day after day, are one hand.
 *
 * Model: four applications side by side, each with one kind of object: system prompt, user frame (first 24 masked tokens, 12 in
 *   shorter texts), address, network. At the end of every day (UTC) pairs that are similar over the last week (comatch.h) are
 *   linked, and linked accounts are clusters (single linkage). Clusters of at least five are suspended whole.
 * Source: Cao, Yang, Yu, Palow, "Uncovering large groups of active malicious accounts in online social networks", CCS 2014
 *   (SynchroTrap). From there: tuples (user, object, time), the matching window within an hour, Jaccard over matched
 *   actions, daily comparison summed up over a week, clusters by single linkage, one application for each kind of object.
 *   The paper sets window and threshold for each application; similarity 0.5, five matches and five accounts are ours.
 * Threshold: similarity from which a pair is linked, 0 to 1.
 * Memory: 16 edges an account, kind and day; pairs as comatch.h has it. Objects of over 1,000 accounts a day count for nobody.
 * Benign look-alikes: users of one tool in one time zone, a class in its lesson, jobs that start by the clock.
 * Evasion: jitter beyond an hour, sessions that take turns, a frame and an address an account.
 */
#include "rival/comatch.h"
#include "rival/daily.h"
#include "rival/kinds.h"

#include <stdlib.h>

enum { BY_SYSTEM, BY_FRAME, BY_ADDRESS, BY_NETWORK, APPLICATIONS };
enum { EDGES_EACH = 16 };
enum { USERS_MAX = 1000, COMPARISONS_MAX = 500000, PAIRS_MAX = 1000000, MATCHES_MIN = 5, CLUSTER_MIN = 5 };
static const double similarity = 0.5;

struct detector {
    struct daily daily;
    struct comatch applications[APPLICATIONS];
};

static void synchrotrap_close(struct detector *d)
{
    if (!d)
        return;
    daily_fini(&d->daily);
    for (size_t i = 0; i < APPLICATIONS; i++)
        comatch_fini(&d->applications[i]);
    free(d);
}

static enum status synchrotrap_open(
    const struct detector_config *config, const struct detector_sink *sink, struct detector **ret_detector)
{
    enum status st = STATUS_OK;
    struct detector *d = calloc(1, sizeof *d);
    REQUIRE(d, STATUS_NOMEM);
    size_t accounts_max = daily_init(&d->daily, config, sink);
    for (size_t i = 0; i < APPLICATIONS; i++)
        comatch_init(
            &d->applications[i], &(struct comatch_config){ .edges_max = accounts_max * EDGES_EACH,
                                     .pairs_max = PAIRS_MAX,
                                     .comparisons_max = COMPARISONS_MAX,
                                     .users_max = USERS_MAX,
                                     .matches_min = MATCHES_MIN,
                                     .similarity = config->threshold > 0 ? config->threshold : similarity });
    *ret_detector = d;
fail:
    return st;
}

static enum status take_record(struct detector *d, const struct record *record)
{
    enum status st = STATUS_OK;
    const struct exchange_record *exchange = &record->exchange;
    uint32_t account;
    if (record->kind != RECORD_EXCHANGE)
        return STATUS_OK;
    const uint64_t objects[APPLICATIONS] = {
        [BY_SYSTEM] = exchange->system.id,
        [BY_FRAME] = exchange->lead[2] ? exchange->lead[2] : exchange->lead[1],
        [BY_ADDRESS] = exchange->ip,
        [BY_NETWORK] = exchange->net,
    };
    TRY(ids_add(&d->daily.accounts, record->account, &account));
    for (size_t i = 0; i < APPLICATIONS && account != MAP_NONE; i++)
        TRY(comatch_act(&d->applications[i], objects[i], account, record->time_ms));
fail:
    return st;
}

static enum status report_cluster(void *context, const uint32_t *numbers, size_t n)
{
    struct detector *d = context;
    return daily_report(&d->daily, numbers, n);
}

static enum status end_day(struct detector *d, struct comatch *application)
{
    enum status st = STATUS_OK;
    struct sets sets = { 0 };
    TRY(comatch_end_day(application, d->daily.day, d->daily.accounts.n));
    TRY(sets_init(&sets, d->daily.accounts.n));
    comatch_link(application, &sets);
    TRY(sets_list(&sets, CLUSTER_MIN, d, report_cluster));
fail:
    sets_fini(&sets);
    return st;
}

static enum status synchrotrap_batch(struct detector *d, const struct detector_batch *batch)
{
    return daily_batch(&d->daily, batch, d, take_record);
}

static enum status synchrotrap_tick(struct detector *d, int64_t now_ms)
{
    enum status st = STATUS_OK;
    while (daily_is_over(&d->daily, now_ms) && d->daily.day < now_ms / DAILY_MS) {
        for (size_t i = 0; i < APPLICATIONS; i++)
            TRY(end_day(d, &d->applications[i]));
        d->daily.day++;
    }
fail:
    return st;
}

static enum status synchrotrap_finish(struct detector *d)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < APPLICATIONS && d->daily.day >= 0; i++)
        TRY(end_day(d, &d->applications[i]));
fail:
    return st;
}

static enum status synchrotrap_groups(const struct detector *d, void *context, detector_group_each each)
{
    return ledger_groups(&d->daily.ledger, context, each);
}

static uint64_t synchrotrap_state_bytes(const struct detector *d)
{
    uint64_t bytes = sizeof *d + daily_bytes(&d->daily);
    for (size_t i = 0; i < APPLICATIONS; i++)
        bytes += comatch_bytes(&d->applications[i]);
    return bytes;
}

const struct detector_kind synchrotrap_kind = {
    .name = "synchrotrap",
    .summary =
        "loosely synchronised actions (Cao et al., SynchroTrap, 2014); threshold: similarity of a pair",
    .open = synchrotrap_open,
    .batch = synchrotrap_batch,
    .tick = synchrotrap_tick,
    .finish = synchrotrap_finish,
    .groups = synchrotrap_groups,
    .state_bytes = synchrotrap_state_bytes,
    .close = synchrotrap_close,
};
