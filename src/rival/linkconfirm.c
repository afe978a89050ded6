/*
 * linkconfirm.c: link, then confirm: accounts that are alike beyond what is usual, whose traffic together is unusual too.
 *
 * Model: every account's windows of 30 requests (a new one every 15) are held against what is usual; an anomalous one
 *   suspends the account. Twice a day pairs of accounts with at least REQUESTS_LEAST requests are linked where two of
 *   four features say so; connected accounts are suspended together if some window of their requests, pooled in time
 *   order, is anomalous. Two agents of one firm share words: the second stage clears them.
 * Source: adwaitm0106/extraction-detector, 2026 (utterance.h, party.h, usual.h name what was taken from where).
 *   Deviations: candidates from an index, not all pairs (meeting.h); pools of the newest WINDOW requests of up to
 *   POOL_MEMBERS members; its later eleventh signal (edits of earlier queries) is not in it. The original looks at a whole
 *   log at once; here a link stands until either side has sent FRESH_LEAST more requests, and is then looked at anew.
 * Calibration: windows and pairs of the first day of all traffic (longer where there are fewer than
 *   USUAL_WINDOWS_LEAST windows), whoever sent it; medians do not move with a minority. Nobody is suspended before.
 * Threshold: the cut in z, of windows and pairs.
 * Memory: 9 KiB an account, at most 65,536 accounts.
 * Cost: about 3 us a request; a pass 20 us an account with new requests.
 * Benign look-alikes: programs, where most customers are people, and the other way round; whoever is unlike the median.
 *   Evasion: parts of a campaign that share neither words nor templates; jitter; imitation of the usual.
 */
#include "rival/ids.h"
#include "rival/kinds.h"
#include "rival/ledger.h"
#include "rival/meeting.h"
#include "rival/sets.h"
#include "rival/usual.h"

#include <stdlib.h>

enum {
    REQUESTS_LEAST = 10,
    FRESH_LEAST = STRIDE,
    POOL_MEMBERS = 24,
    LINKS_EACH = 16,
    PARTIES_LEAST = 3,
};
static const double default_cut = 3.5;
#define DAY_MS INT64_C(86400000)
#define PASS_MS (DAY_MS / 2)

struct standing {  /* of an account, beside its party */
    uint32_t news; /* requests since it was last fresh in a pass */
    bool passed;   /* was in a pass */
    bool caught;
};

struct pooled {
    const struct utterance *said;
    size_t order;
};

struct detector {
    struct detector_sink sink;
    struct ids accounts;
    struct party *parties;      /* by account */
    struct standing *standings; /* by account */
    size_t parties_capacity, standings_capacity;
    uint64_t said_bytes;
    struct usual usual;
    bool ready;
    int64_t first_ms, pass_ms; /* pass_ms 0: no record yet */
    struct meeting *links;
    size_t n_links, links_capacity;
    struct ledger ledger;
    struct window_scratch *scratch;
    struct pooled *pool;
};

static void linkconfirm_close(struct detector *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->parties_capacity; i++)
        party_fini(&d->parties[i]);
    free(d->parties);
    free(d->standings);
    free(d->links);
    free(d->scratch);
    free(d->pool);
    ids_fini(&d->accounts);
    usual_fini(&d->usual);
    ledger_fini(&d->ledger);
    free(d);
}

static enum status linkconfirm_open(
    const struct detector_config *config, const struct detector_sink *sink, struct detector **ret_detector)
{
    enum status st = STATUS_OK;
    size_t most = config->accounts_max && config->accounts_max < MEETING_PARTIES_MAX ? config->accounts_max
                                                                                     : MEETING_PARTIES_MAX;
    struct detector *d = calloc(1, sizeof *d);
    REQUIRE(d, STATUS_NOMEM);
    d->sink = *sink;
    ids_init(&d->accounts, most);
    ledger_init(&d->ledger, most);
    d->scratch = calloc(1, sizeof *d->scratch);
    d->pool = calloc(POOL_MEMBERS * WINDOW, sizeof *d->pool);
    REQUIRE(d->scratch && d->pool, STATUS_NOMEM);
    TRY(usual_init(&d->usual, config->threshold > 0 ? config->threshold : default_cut));
    *ret_detector = d;
    return st;
fail:
    linkconfirm_close(d);
    return st;
}

/* Accounts by themselves */

static enum status judge_window(struct detector *d, uint32_t account, int64_t time_ms)
{
    enum status st = STATUS_OK;
    const struct utterance *window[WINDOW];
    double features[WINDOW_FEATURES];
    party_said(&d->parties[account], window);
    window_features(window, d->scratch, features);
    if (!d->ready) {
        usual_note(&d->usual, features);
        return STATUS_OK;
    }
    if (!usual_is_anomalous(&d->usual, features))
        return STATUS_OK;
    d->standings[account].caught = true;
    if (ledger_knows(&d->ledger, d->accounts.hashes[account]))
        return STATUS_OK;
    TRY(d->sink.detection(d->sink.context,
        &(struct detection){
            .time_ms = time_ms, .account = d->accounts.hashes[account], .action = ACTION_SUSPEND }));
fail:
    return st;
}

static enum status take_query(struct detector *d, const struct record *record, const struct query *query)
{
    enum status st = STATUS_OK;
    uint32_t account;
    struct utterance utterance;
    TRY(ids_add(&d->accounts, record->account, &account));
    if (account == MAP_NONE)
        return STATUS_OK;
    TRY(ids_widen((void **)&d->parties, &d->parties_capacity, account + (size_t)1, sizeof *d->parties));
    TRY(ids_widen((void **)&d->standings, &d->standings_capacity, account + (size_t)1, sizeof *d->standings));
    struct party *party = &d->parties[account];
    utterance_of(record, query, &utterance);
    d->said_bytes -= party->capacity * sizeof utterance;
    TRY(party_add(party, &utterance));
    d->said_bytes += party->capacity * sizeof utterance;
    d->standings[account].news++;
    bool full = party->requests >= WINDOW && (party->requests - WINDOW) % STRIDE == 0;
    if (full && !d->standings[account].caught)
        TRY(judge_window(d, account, record->time_ms));
fail:
    return st;
}

/* Accounts together */

struct pass {
    struct detector *detector;
    int64_t now_ms;
    uint32_t *numbers; /* of accounts with enough requests */
    bool *fresh;       /* by account */
    uint64_t *cluster; /* scratch */
    size_t n;
    struct sets sets;
};

static enum status pass_init(struct detector *d, int64_t now_ms, struct pass *pass)
{
    enum status st = STATUS_OK;
    size_t n = d->accounts.n;
    *pass = (struct pass){ .detector = d, .now_ms = now_ms };
    pass->numbers = calloc(n + 1, sizeof *pass->numbers);
    pass->fresh = calloc(n + 1, sizeof *pass->fresh);
    pass->cluster = calloc(n + 1, sizeof *pass->cluster);
    REQUIRE(pass->numbers && pass->fresh && pass->cluster, STATUS_NOMEM);
    TRY(sets_init(&pass->sets, n));
    for (size_t i = 0; i < n; i++) {
        if (d->parties[i].requests < REQUESTS_LEAST)
            continue;
        pass->fresh[i] = !d->standings[i].passed || d->standings[i].news >= FRESH_LEAST;
        pass->numbers[pass->n++] = (uint32_t)i;
    }
fail:
    return st;
}

static void pass_fini(struct pass *pass)
{
    free(pass->numbers);
    free(pass->fresh);
    free(pass->cluster);
    sets_fini(&pass->sets);
}

/* Links that stand join at once. */
static void keep_links(struct pass *pass)
{
    struct detector *d = pass->detector;
    size_t kept = 0;
    for (size_t i = 0; i < d->n_links; i++) {
        struct meeting link = d->links[i];
        if (pass->fresh[link.a] || pass->fresh[link.b])
            continue;
        sets_join(&pass->sets, link.a, link.b);
        d->links[kept++] = link;
    }
    d->n_links = kept;
}

static enum status find_links(struct pass *pass)
{
    enum status st = STATUS_OK;
    struct detector *d = pass->detector;
    struct meeting *meetings = NULL;
    size_t n = 0;
    TRY(meeting_find(d->parties, pass->fresh, pass->numbers, pass->n, &meetings, &n));
    for (size_t i = 0; i < n && d->n_links < LINKS_EACH * d->accounts.n; i++) {
        struct meeting pair = meetings[i];
        if (sets_find(&pass->sets, pair.a) == sets_find(&pass->sets, pair.b) ||
            !usual_is_linked(&d->usual, &d->parties[pair.a], &d->parties[pair.b]))
            continue;
        TRY(ids_widen((void **)&d->links, &d->links_capacity, d->n_links + 1, sizeof *d->links));
        d->links[d->n_links++] = pair;
        sets_join(&pass->sets, pair.a, pair.b);
    }
fail:
    free(meetings);
    return st;
}

static int by_time(const void *a, const void *b)
{
    const struct pooled *x = a;
    const struct pooled *y = b;
    if (x->said->time_ms != y->said->time_ms)
        return x->said->time_ms < y->said->time_ms ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

/* The requests of the members, or of as many of them, evenly chosen, as a pool takes; in time order. */
static size_t fill_pool(struct detector *d, const uint32_t *numbers, size_t n)
{
    size_t members = n < POOL_MEMBERS ? n : POOL_MEMBERS, pooled = 0;
    for (size_t i = 0; i < members; i++) {
        const struct utterance *said[WINDOW];
        size_t n_said = party_said(&d->parties[numbers[i * n / members]], said);
        for (size_t j = 0; j < n_said; j++, pooled++)
            d->pool[pooled] = (struct pooled){ said[j], pooled };
    }
    qsort(d->pool, pooled, sizeof *d->pool, by_time);
    return pooled;
}

static bool pool_is_anomalous(struct detector *d, const uint32_t *numbers, size_t n)
{
    size_t pooled = fill_pool(d, numbers, n);
    for (size_t from = 0; from + WINDOW <= pooled; from += STRIDE) {
        const struct utterance *window[WINDOW];
        double features[WINDOW_FEATURES];
        for (size_t i = 0; i < WINDOW; i++)
            window[i] = d->pool[from + i].said;
        window_features(window, d->scratch, features);
        if (usual_is_anomalous(&d->usual, features))
            return true;
    }
    return false;
}

/* Who was suspended alone is not suspended again, but his group is known. */
static enum status hear_member(void *context, const struct detection *detection)
{
    struct detector *d = context;
    uint32_t account = map_find(&d->accounts.index, detection->account);
    return account != MAP_NONE && d->standings[account].caught
               ? STATUS_OK
               : d->sink.detection(d->sink.context, detection);
}

static enum status confirm(void *context, const uint32_t *numbers, size_t n)
{
    const struct pass *pass = context;
    struct detector *d = pass->detector;
    bool news = false;
    for (size_t i = 0; i < n; i++)
        news |= pass->fresh[numbers[i]];
    if (!news || !pool_is_anomalous(d, numbers, n))
        return STATUS_OK;
    for (size_t i = 0; i < n; i++)
        pass->cluster[i] = d->accounts.hashes[numbers[i]];
    return ledger_report(&d->ledger, pass->cluster, n, pass->now_ms, ACTION_SUSPEND,
        &(struct detector_sink){ d, hear_member });
}

/* What is usual is known once the first day is over and there is enough of it. */
static enum status calibrate(struct detector *d, const struct pass *pass)
{
    enum status st = STATUS_OK;
    if (d->ready || pass->now_ms - d->first_ms < DAY_MS || d->usual.n_windows < USUAL_WINDOWS_LEAST ||
        pass->n < PARTIES_LEAST)
        return STATUS_OK;
    TRY(usual_fit(&d->usual, d->parties, pass->numbers, pass->n));
    d->ready = true;
fail:
    return st;
}

static enum status run_pass(struct detector *d, int64_t now_ms)
{
    enum status st = STATUS_OK;
    struct pass pass;
    TRY(pass_init(d, now_ms, &pass));
    TRY(calibrate(d, &pass));
    if (d->ready) {
        keep_links(&pass);
        TRY(find_links(&pass));
        TRY(sets_list(&pass.sets, 2, &pass, confirm));
        for (size_t i = 0; i < d->accounts.n; i++)
            if (pass.fresh[i])
                d->standings[i] = (struct standing){ .passed = true, .caught = d->standings[i].caught };
    }
fail:
    pass_fini(&pass);
    return st;
}

static enum status linkconfirm_tick(struct detector *d, int64_t now_ms)
{
    if (d->pass_ms == 0 || now_ms < d->pass_ms)
        return STATUS_OK;
    d->pass_ms += ((now_ms - d->pass_ms) / PASS_MS + 1) * PASS_MS;
    return run_pass(d, now_ms);
}

static enum status linkconfirm_batch(struct detector *d, const struct detector_batch *batch)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < batch->records->n; i++) {
        const struct record *record = &batch->records->records[i];
        if (d->pass_ms == 0) {
            d->first_ms = record->time_ms;
            d->pass_ms = record->time_ms + PASS_MS;
        }
        if (record->kind == RECORD_EXCHANGE && batch->queries[i].n_words > 0)
            TRY(take_query(d, record, &batch->queries[i]));
    }
fail:
    return st;
}

static enum status linkconfirm_groups(const struct detector *d, void *context, detector_group_each each)
{
    return ledger_groups(&d->ledger, context, each);
}

static uint64_t linkconfirm_state_bytes(const struct detector *d)
{
    return sizeof *d + sizeof *d->scratch + POOL_MEMBERS * WINDOW * sizeof *d->pool +
           ids_bytes(&d->accounts) + d->parties_capacity * sizeof *d->parties +
           d->standings_capacity * sizeof *d->standings + d->said_bytes +
           d->links_capacity * sizeof *d->links + ledger_bytes(&d->ledger) +
           (d->usual.windows ? USUAL_WINDOWS_MOST * sizeof *d->usual.windows : 0);
}

const struct detector_kind linkconfirm_kind = {
    .name = "linkconfirm",
    .summary = "alike accounts, unusual together, by robust z (extraction-detector, 2026); threshold: z",
    .wants_queries = true,
    .open = linkconfirm_open,
    .batch = linkconfirm_batch,
    .tick = linkconfirm_tick,
    .groups = linkconfirm_groups,
    .state_bytes = linkconfirm_state_bytes,
    .close = linkconfirm_close,
};
