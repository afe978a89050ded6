/*
 * opening.c: accounts that send from the same addresses what begins with the same words are one.
 *
 * Model: of each account the first 50 characters of its prompts, as hashes, and its addresses. Two accounts with at least
 *   PROMPTS_LEAST prompts each are a pair if half the Jaccard similarity of addresses plus half that of openings exceeds
 *   0.7; pairs are looked for every PASS_MS, and unions of pairs are suspended. An account by itself is suspended when in
 *   one hour it sends more than 100 prompts and shows one of two other signs: more than 0.6 of them ask for reasoning, or
 *   it used more than 5 addresses.
 * Source: AegisGate, distillation_detect.go, as described by who read it: these signs and numbers. It alerts, and does
 *   not say how signs become an action; that two of three are needed is ours (volume alone is any batch job), and so
 *   are PROMPTS_LEAST and the use of Jaccard. It compares all pairs; pairing.h gives the same without.
 *   Deviations: of unbounded maps the newest OPENINGS and ADDRESSES are kept; reasoning is what the record's classifier
 *   says (0.5 or more), not a list of phrases.
 * Calibration: none; constants.
 * Threshold: of the pair similarity, above 1/2.
 * Memory: 640 bytes an account; pairing.h's for the time of a pass.
 * Cost: 60 ns a record, 6 us an account and pass.
 * Benign look-alikes: people behind one NAT who begin alike (a course, a support team). Evasion: an address for each account,
 *   which is silent by construction: half of the similarity is missing.
 */
#include "rival/ids.h"
#include "rival/kinds.h"
#include "rival/ledger.h"
#include "rival/pairing.h"
#include "rival/query.h"

#include <stdlib.h>

enum {
    OPENINGS = 64,
    ADDRESSES = 8,
    PROMPTS_HOUR = 100,
    ADDRESSES_MANY = 5,
    PROMPTS_LEAST = 10,
    SURE = 128, /* of 255 */
    ACCOUNTS_DEFAULT = 1000000,
};
static const double default_similarity = 0.7, reasoning_share = 0.6;
#define HOUR_MS INT64_C(3600000)
#define PASS_MS (6 * HOUR_MS)

_Static_assert((int)OPENINGS <= (int)PAIRING_SET_MOST && (int)ADDRESSES <= (int)PAIRING_SET_MOST, "");

struct speaker {
    uint64_t openings[OPENINGS], addresses[ADDRESSES]; /* distinct, the oldest first */
    int64_t hour;
    uint32_t prompts, in_hour, reasoning;
    uint8_t n_openings, n_addresses;
    bool caught;
};

struct detector {
    struct detector_sink sink;
    struct ids accounts;
    struct speaker *speakers; /* by account */
    size_t capacity;
    struct ledger ledger;
    double similarity;
    int64_t pass_ms; /* of the next pass; 0: no record yet */
};

static void opening_close(struct detector *d)
{
    if (!d)
        return;
    ids_fini(&d->accounts);
    free(d->speakers);
    ledger_fini(&d->ledger);
    free(d);
}

static enum status opening_open(
    const struct detector_config *config, const struct detector_sink *sink, struct detector **ret_detector)
{
    enum status st = STATUS_OK;
    struct detector *d = NULL;
    size_t accounts_max = config->accounts_max ? config->accounts_max : ACCOUNTS_DEFAULT;
    double similarity = config->threshold > 0 ? config->threshold : default_similarity;
    REQUIRE(similarity > 0.5, STATUS_BAD);
    d = calloc(1, sizeof *d);
    REQUIRE(d, STATUS_NOMEM);
    d->sink = *sink;
    d->similarity = similarity;
    ids_init(&d->accounts, accounts_max);
    ledger_init(&d->ledger, accounts_max);
    *ret_detector = d;
fail:
    return st;
}

/* A full list forgets its oldest. */
static void keep(uint64_t *hashes, uint8_t *n, size_t most, uint64_t hash)
{
    if (hash == 0)
        return;
    for (size_t i = 0; i < *n; i++)
        if (hashes[i] == hash)
            return;
    if (*n == most)
        memmove(hashes, hashes + 1, --*n * sizeof *hashes);
    hashes[(*n)++] = hash;
}

static void note_prompt(struct speaker *speaker, const struct record *record, const struct query *query)
{
    int64_t hour = record->time_ms / HOUR_MS;
    if (hour != speaker->hour)
        speaker->in_hour = speaker->reasoning = 0;
    speaker->hour = hour;
    speaker->prompts++;
    speaker->in_hour++;
    speaker->reasoning += record->exchange.elicitation[ELICIT_REASONING] >= SURE;
    keep(speaker->openings, &speaker->n_openings, OPENINGS, query->opening);
    keep(speaker->addresses, &speaker->n_addresses, ADDRESSES, record->exchange.ip);
}

static bool is_loud(const struct speaker *speaker)
{
    return speaker->in_hour > PROMPTS_HOUR &&
           (speaker->n_addresses > ADDRESSES_MANY || speaker->reasoning > reasoning_share * speaker->in_hour);
}

static enum status take_query(struct detector *d, const struct record *record, const struct query *query)
{
    enum status st = STATUS_OK;
    uint32_t account;
    TRY(ids_add(&d->accounts, record->account, &account));
    if (account == MAP_NONE)
        return STATUS_OK;
    TRY(ids_widen((void **)&d->speakers, &d->capacity, account + (size_t)1, sizeof *d->speakers));
    struct speaker *speaker = &d->speakers[account];
    note_prompt(speaker, record, query);
    if (speaker->caught || !is_loud(speaker))
        return STATUS_OK;
    speaker->caught = true;
    if (ledger_knows(&d->ledger, record->account))
        return STATUS_OK;
    TRY(d->sink.detection(d->sink.context,
        &(struct detection){
            .time_ms = record->time_ms, .account = record->account, .action = ACTION_SUSPEND }));
fail:
    return st;
}

static int by_hash(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* What pairs are looked for among. */
struct pass {
    struct detector *detector;
    int64_t now_ms;
    struct profile *profiles;
    uint64_t *hashes;   /* of the profiles */
    uint32_t *accounts; /* by profile */
    uint64_t *cluster;  /* scratch */
    size_t n;
};

static enum status pass_init(struct detector *d, struct pass *pass)
{
    enum status st = STATUS_OK;
    size_t n = d->accounts.n;
    pass->profiles = calloc(n + 1, sizeof *pass->profiles);
    pass->hashes = calloc(n + 1, (OPENINGS + ADDRESSES) * sizeof *pass->hashes);
    pass->accounts = calloc(n + 1, sizeof *pass->accounts);
    pass->cluster = calloc(n + 1, sizeof *pass->cluster);
    REQUIRE(pass->profiles && pass->hashes && pass->accounts && pass->cluster, STATUS_NOMEM);
    for (size_t i = 0; i < n; i++) {
        const struct speaker *speaker = &d->speakers[i];
        uint64_t *openings = pass->hashes + pass->n * (OPENINGS + ADDRESSES),
                 *addresses = openings + OPENINGS;
        if (speaker->prompts < PROMPTS_LEAST)
            continue;
        memcpy(openings, speaker->openings, speaker->n_openings * sizeof *openings);
        memcpy(addresses, speaker->addresses, speaker->n_addresses * sizeof *addresses);
        qsort(openings, speaker->n_openings, sizeof *openings, by_hash);
        qsort(addresses, speaker->n_addresses, sizeof *addresses, by_hash);
        pass->accounts[pass->n] = (uint32_t)i;
        pass->profiles[pass->n++] =
            (struct profile){ addresses, openings, speaker->n_addresses, speaker->n_openings };
    }
fail:
    return st;
}

static void pass_fini(struct pass *pass)
{
    free(pass->profiles);
    free(pass->hashes);
    free(pass->accounts);
    free(pass->cluster);
}

/* Who was suspended alone is not suspended again, but his group is known. */
static enum status hear_member(void *context, const struct detection *detection)
{
    struct detector *d = context;
    uint32_t account = map_find(&d->accounts.index, detection->account);
    return account != MAP_NONE && d->speakers[account].caught ? STATUS_OK
                                                              : d->sink.detection(d->sink.context, detection);
}

static enum status report(void *context, const uint32_t *numbers, size_t n)
{
    const struct pass *pass = context;
    struct detector *d = pass->detector;
    for (size_t i = 0; i < n; i++)
        pass->cluster[i] = d->accounts.hashes[pass->accounts[numbers[i]]];
    return ledger_report(&d->ledger, pass->cluster, n, pass->now_ms, ACTION_SUSPEND,
        &(struct detector_sink){ d, hear_member });
}

static enum status look_for_pairs(struct detector *d, int64_t now_ms)
{
    enum status st = STATUS_OK;
    struct pass pass = { .detector = d, .now_ms = now_ms };
    struct sets sets = { 0 };
    TRY(pass_init(d, &pass));
    TRY(sets_init(&sets, pass.n));
    TRY(pairing_join(pass.profiles, pass.n, d->similarity, &sets));
    TRY(sets_list(&sets, 2, &pass, report));
fail:
    sets_fini(&sets);
    pass_fini(&pass);
    return st;
}

static enum status opening_tick(struct detector *d, int64_t now_ms)
{
    if (d->pass_ms == 0 || now_ms < d->pass_ms)
        return STATUS_OK;
    d->pass_ms = (now_ms / PASS_MS + 1) * PASS_MS;
    return look_for_pairs(d, now_ms);
}

static enum status opening_batch(struct detector *d, const struct detector_batch *batch)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < batch->records->n; i++) {
        const struct record *record = &batch->records->records[i];
        if (d->pass_ms == 0)
            d->pass_ms = (record->time_ms / PASS_MS + 1) * PASS_MS;
        if (record->kind == RECORD_EXCHANGE && batch->queries[i].opening)
            TRY(take_query(d, record, &batch->queries[i]));
    }
fail:
    return st;
}

static enum status opening_groups(const struct detector *d, void *context, detector_group_each each)
{
    return ledger_groups(&d->ledger, context, each);
}

static uint64_t opening_state_bytes(const struct detector *d)
{
    return sizeof *d + ids_bytes(&d->accounts) + d->capacity * sizeof *d->speakers + ledger_bytes(&d->ledger);
}

const struct detector_kind opening_kind = {
    .name = "opening",
    .summary = "pairs by address and first 50 characters (AegisGate, 2026); threshold: pair similarity",
    .wants_queries = true,
    .open = opening_open,
    .batch = opening_batch,
    .tick = opening_tick,
    .groups = opening_groups,
    .state_bytes = opening_state_bytes,
    .close = opening_close,
};
