/*
 * rate.c: a rate limit an account, by its tier; who keeps running into it is suspended.
 *
 * Model: two cells an account, requests in an hour and in a day, by the generic cell rate algorithm: a request at t conforms if
 *   TAT - t <= W - T, and then TAT = max(t, TAT) + T, with T = W / limit, so that `limit` requests may come at once and
 *   then one every T. The first that does not conform begins an *episode*: the account is throttled for the window that
 *   it overran, and released after it. Five episodes, none more than seven days after the last: it is suspended.
 * Source: ITU-T I.371, "Traffic control and congestion control in B-ISDN" (GCRA, virtual scheduling). Limits: Google, "Rate
 *   limits", Gemini API documentation, 2025 (free: 15 a minute and 1,500 a day; first paid tier 10,000 a day); Anthropic,
 *   "Rate limits", Claude API documentation, 2025 and 2026 (50 a minute in the first tier, 1,000 in Start, 4,000 in Scale).
 *   A minute's limit times 60 is taken for the hour. Five strikes: maxretry of fail2ban. The day's limit for verified
 *   accounts and the seven days are ours.
 * Threshold: factor on all limits.
 * Shapes: requests that the provider refused with 429 consume nothing. Times in the cells in microseconds.
 * Memory: 48 bytes an account and its index, at most accounts_max accounts; more are not limited.
 * Cost: O(1) a record.
 * Benign look-alikes: batch jobs, evaluations, a product's one key. Evasion: more accounts.
 */
#include "rival/ids.h"
#include "rival/kinds.h"

#include <stdlib.h>

enum { WINDOW_HOUR, WINDOW_DAY, WINDOWS };
static const int64_t window_ms[WINDOWS] = { INT64_C(3600000), INT64_C(86400000) };
static const int64_t forgiven_ms = INT64_C(7) * 86400000;

enum { STRIKES = 5, STATUS_REFUSED = 429, ACCOUNTS_DEFAULT = 1000000 };

/* 0: no limit */
static const uint32_t limits[TIER_COUNT][WINDOWS] = {
    [TIER_UNKNOWN] = { 900, 1500 },
    [TIER_FREE] = { 900, 1500 },
    [TIER_PAID] = { 3000, 10000 },
    [TIER_VERIFIED] = { 60000, 100000 },
    [TIER_ENTERPRISE] = { 240000, 0 },
};

struct metered {
    int64_t tat_us[WINDOWS];
    int64_t until_ms; /* throttled until then; 0: not */
    int64_t episode_ms;
    uint8_t tier, episodes;
    bool suspended;
};

struct detector {
    struct detector_sink sink;
    struct ids accounts;
    struct metered *metered; /* by account */
    size_t capacity;
    double scale;
    int64_t release_ms; /* no throttle ends before */
};

static void rate_close(struct detector *d)
{
    if (!d)
        return;
    ids_fini(&d->accounts);
    free(d->metered);
    free(d);
}

static enum status rate_open(
    const struct detector_config *config, const struct detector_sink *sink, struct detector **ret_detector)
{
    enum status st = STATUS_OK;
    struct detector *d = calloc(1, sizeof *d);
    REQUIRE(d, STATUS_NOMEM);
    d->sink = *sink;
    d->scale = config->threshold > 0 ? config->threshold : 1;
    d->release_ms = INT64_MAX;
    ids_init(&d->accounts, config->accounts_max ? config->accounts_max : ACCOUNTS_DEFAULT);
    *ret_detector = d;
fail:
    return st;
}

/* The window that the request overruns, the longest of several; WINDOWS if it conforms to all, which are then charged. */
static int charge(const struct detector *d, struct metered *m, int64_t time_ms)
{
    int over = WINDOWS;
    int64_t next_us[WINDOWS];
    for (int w = 0; w < WINDOWS; w++) {
        int64_t now_us = time_ms * 1000;
        double limit = limits[m->tier][w] * d->scale;
        int64_t step_us = limit > 0 ? (int64_t)((double)window_ms[w] * 1000 / limit) : 0;
        if (step_us > 0 && m->tat_us[w] - now_us > window_ms[w] * 1000 - step_us)
            over = w;
        next_us[w] = (m->tat_us[w] > now_us ? m->tat_us[w] : now_us) + step_us;
    }
    for (int w = 0; w < WINDOWS && over == WINDOWS; w++)
        m->tat_us[w] = next_us[w];
    return over;
}

static enum status say(const struct detector *d, size_t account, int64_t time_ms, enum action action)
{
    return d->sink.detection(d->sink.context,
        &(struct detection){ .time_ms = time_ms, .account = d->accounts.hashes[account], .action = action });
}

/* The account may be throttled still, by a tick that was longer than the throttle's rest. */
static enum status begin_episode(struct detector *d, uint32_t account, int64_t time_ms, int window)
{
    struct metered *m = &d->metered[account];
    bool forgiven = m->episodes > 0 && time_ms - m->episode_ms > forgiven_ms;
    m->episodes = (uint8_t)(forgiven ? 1 : m->episodes + 1);
    m->episode_ms = time_ms;
    m->suspended = m->episodes >= STRIKES;
    m->until_ms = m->suspended ? 0 : time_ms + window_ms[window];
    if (!m->suspended && m->until_ms < d->release_ms)
        d->release_ms = m->until_ms;
    return say(d, account, time_ms, m->suspended ? ACTION_SUSPEND : ACTION_THROTTLE);
}

static enum status take_record(struct detector *d, const struct record *record)
{
    enum status st = STATUS_OK;
    bool served = record->kind == RECORD_EXCHANGE && record->exchange.status != STATUS_REFUSED;
    uint32_t account;
    if (!served && record->kind != RECORD_ACCOUNT)
        return STATUS_OK;
    TRY(ids_add(&d->accounts, record->account, &account));
    if (account == MAP_NONE)
        return STATUS_OK;
    TRY(ids_widen((void **)&d->metered, &d->capacity, account + (size_t)1, sizeof *d->metered));
    struct metered *m = &d->metered[account];
    if (!served) {
        m->tier = record->account_facts.tier < TIER_COUNT ? record->account_facts.tier : TIER_UNKNOWN;
        return STATUS_OK;
    }
    int over = m->suspended ? WINDOWS : charge(d, m, record->time_ms);
    if (over != WINDOWS && m->until_ms <= record->time_ms)
        TRY(begin_episode(d, account, record->time_ms, over));
fail:
    return st;
}

static enum status rate_batch(struct detector *d, const struct detector_batch *batch)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < batch->records->n; i++)
        TRY(take_record(d, &batch->records->records[i]));
fail:
    return st;
}

/* Releases those whose window is over, in the order in which they were first seen. */
static enum status rate_tick(struct detector *d, int64_t now_ms)
{
    enum status st = STATUS_OK;
    if (now_ms < d->release_ms)
        return STATUS_OK;
    d->release_ms = INT64_MAX;
    for (size_t i = 0; i < d->accounts.n; i++) {
        struct metered *m = &d->metered[i];
        if (m->until_ms == 0)
            continue;
        if (m->until_ms > now_ms) {
            d->release_ms = m->until_ms < d->release_ms ? m->until_ms : d->release_ms;
            continue;
        }
        m->until_ms = 0;
        TRY(say(d, i, now_ms, ACTION_RELEASE));
    }
fail:
    return st;
}

static uint64_t rate_state_bytes(const struct detector *d)
{
    return sizeof *d + ids_bytes(&d->accounts) + d->capacity * sizeof *d->metered;
}

const struct detector_kind rate_kind = {
    .name = "rate",
    .summary =
        "rate limits an account and tier (GCRA, ITU-T I.371), five strikes; threshold: factor on limits",
    .open = rate_open,
    .batch = rate_batch,
    .tick = rate_tick,
    .state_bytes = rate_state_bytes,
    .close = rate_close,
};
