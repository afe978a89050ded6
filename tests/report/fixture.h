/*
 * fixture.h: a run made by hand: one contained campaign of 213 accounts, one suspected, one successor.
 */
#ifndef TESTS_REPORT_FIXTURE_H
#define TESTS_REPORT_FIXTURE_H

#include "report/report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define HOUR INT64_C(3600000)
#define FIRST INT64_C(1777600800000) /* 2026-05-01T02:00:00Z */

enum { FAKE_CAMPAIGNS = 3, FAKE_MEMBERS = 213 };

struct fake {
    struct campaign campaigns[FAKE_CAMPAIGNS];
    struct campaign_member members[FAKE_MEMBERS], few[7], next[24];
    const struct campaign *listed[FAKE_CAMPAIGNS];
    struct timeline timelines[FAKE_CAMPAIGNS];
    struct decision_tally decisions;
    struct log_stats log;
    char name[64];
    const char *hostile; /* every account is called so, when set */
    struct report_input input;
};

/* Account hashes are 1, 2, 3, ...; the 13th is not known any more. */
static inline struct span fake_name(void *context, uint64_t account)
{
    struct fake *fake = context;
    if (fake->hostile)
        return span_of(fake->hostile);
    if (account == 13)
        return (struct span){ 0 };
    snprintf(fake->name, sizeof fake->name, "acct_%04x%02u", (unsigned)(account * 40503 & 0xffff),
        (unsigned)account % 100);
    return span_of(fake->name);
}

static inline const struct timeline *fake_timeline(void *context, struct campaign_id campaign)
{
    struct fake *fake = context;
    for (size_t i = 0; i < FAKE_CAMPAIGNS; i++) {
        if (fake->campaigns[i].id.value == campaign.value)
            return &fake->timelines[i];
    }
    return NULL;
}

static inline enum action fake_in_force(void *context, uint64_t account)
{
    (void)context;
    return account <= 150 ? ACTION_SUSPEND : account <= 200 ? ACTION_RESTRICT : ACTION_VERIFY;
}

static inline void fake_members(struct campaign_member *members, size_t n, uint64_t first)
{
    for (size_t i = 0; i < n; i++)
        members[i] = (struct campaign_member){
            .account = first + i,
            .since_ms = FIRST + (int64_t)i * HOUR / 7,
            .until_ms = i == n - 1 ? FIRST + 90 * HOUR : -1,
            .confidence = (float)(0.995 - 0.002 * (double)i),
            .membership = i < n * 7 / 10   ? MEMBER_CORE
                          : i < n * 9 / 10 ? MEMBER_LIKELY
                                           : MEMBER_HALO,
            .objects = (uint8_t)(1 + (n - i) * 5 / n),
        };
}

static inline void fake_links(struct campaign *campaign, uint64_t first, size_t n)
{
    static const uint8_t kinds[] = { OBJECT_PAYMENT, OBJECT_PAYMENT, OBJECT_DEVICE, OBJECT_LEAD12,
        OBJECT_SYSTEM, OBJECT_CLIENT, OBJECT_NET, OBJECT_REFUSED, OBJECT_TURN, OBJECT_SIGNUP_BURST };
    for (size_t i = 0; i < n; i++) {
        struct campaign_link *link = &campaign->links[i];
        *link = (struct campaign_link){ .object = (i + 1) * UINT64_C(0x9E3779B97F4A7C15),
            .kind = kinds[i % sizeof kinds],
            .inside = (uint32_t)(150 / (i + 1) + 3),
            .members = (uint32_t)(150 / (i + 1) + 3 + i % 3),
            .first_ms = FIRST + (int64_t)i * HOUR };
        for (size_t j = 0; j < 4; j++)
            link->example[j] = link->kind == OBJECT_TURN && j > 1 ? 0 : first + (i * 3 + j * j) % 19;
    }
    campaign->n_links = n;
}

static inline void fake_first(struct fake *fake)
{
    struct campaign *campaign = &fake->campaigns[0];
    *campaign = (struct campaign){
        .id = { UINT64_C(0x3f9a12c4de5b7781) },
        .kind = CAMPAIGN_PIPELINE,
        .status = CAMPAIGN_CONTAINED,
        .first_exchange_ms = FIRST,
        .detected_ms = FIRST + 29 * HOUR,
        .contained_ms = FIRST + 31 * HOUR,
        .exchanges = 20412,
        .input_tok = 9481233,
        .output_tok = 31877021,
        .found_by = FAMILY_CONTENT,
        .log10_e = 31.4,
        .threshold = 8.2,
        .two_keys = true,
        .confirmed = true,
        .members = fake->members,
        .n_members = FAKE_MEMBERS,
        .n_active = FAKE_MEMBERS - 1,
    };
    campaign->capability[CAP_CODING] = 0.52;
    campaign->capability[CAP_MATH] = 0.31;
    campaign->capability[CAP_AGENTIC] = 0.125;
    campaign->capability[CAP_SYNTHESIS] = 0.04;
    campaign->capability[CAP_VISION] = 0.005;
    campaign->evidence[FAMILY_IDENTITY] = (struct evidence){ 17.8, 148, 151, 0.05, OBJECT_PAYMENT, true, 0 };
    campaign->evidence[FAMILY_NETWORK] = (struct evidence){ 4.1, 61, 140, 0.05, OBJECT_CLIENT, false, 0 };
    campaign->evidence[FAMILY_CONTENT] = (struct evidence){ 3, 40, 44, 0.05, OBJECT_TOOLSET, false, 0 };
    campaign->evidence[FAMILY_TIMING] = (struct evidence){ 5.2, 12, 12, 0.05, OBJECT_REFUSED, false, 0 };
    campaign->evidence[FAMILY_VOLUME] = (struct evidence){ 1.3, 180, 213, 0.8, 0, false, 0 };
    fake_members(fake->members, FAKE_MEMBERS, 1);
    fake_links(campaign, 1, 10);
}

static inline void fake_others(struct fake *fake)
{
    fake->campaigns[1] = (struct campaign){ .id = { 77 },
        .kind = CAMPAIGN_UNKNOWN,
        .status = CAMPAIGN_SUSPECTED,
        .first_exchange_ms = FIRST + 50 * HOUR,
        .detected_ms = FIRST + 70 * HOUR,
        .contained_ms = -1,
        .exchanges = 391,
        .input_tok = 102333,
        .output_tok = 88121,
        .found_by = FAMILY_IDENTITY,
        .log10_e = 2.2,
        .threshold = 8.9,
        .members = fake->few,
        .n_members = 7,
        .n_active = 6 };
    fake->campaigns[1].evidence[FAMILY_NETWORK] = (struct evidence){ 2.2, 5, 8, 0.05, OBJECT_NET, false, 0 };
    fake_members(fake->few, 7, 300);
    fake->campaigns[2] = fake->campaigns[0];
    fake->campaigns[2].id.value = 4242424242;
    fake->campaigns[2].successor_of = fake->campaigns[0].id;
    fake->campaigns[2].status = CAMPAIGN_CONFIRMED;
    fake->campaigns[2].contained_ms = -1;
    fake->campaigns[2].first_exchange_ms = FIRST + 60 * HOUR;
    fake->campaigns[2].detected_ms = FIRST + 66 * HOUR;
    fake->campaigns[2].members = fake->next;
    fake->campaigns[2].n_members = 24;
    fake->campaigns[2].exchanges = 1204;
    fake_members(fake->next, 24, 400);
    fake_links(&fake->campaigns[2], 400, 3);
}

static inline void fake_checks(struct fake *fake)
{
    for (size_t i = 0; i < FAKE_CAMPAIGNS; i++) {
        for (size_t id = 0; id < CHECK_COUNT; id++)
            fake->campaigns[i].checks[id] = (struct check){ 0.01 + 0.03 * (double)id, 0.5, false };
        fake->campaigns[i].checks[CHECK_CLASS].measured = NAN;
    }
    fake->campaigns[1].checks[CHECK_OPEN_TEAM] = (struct check){ 0.86, 0.6, true };
}

static inline void fake_timelines(struct fake *fake)
{
    uint64_t seed = 9;
    for (size_t i = 0; i < FAKE_CAMPAIGNS; i++) {
        struct timeline *timeline = &fake->timelines[i];
        *timeline = (struct timeline){
            .start_ms = fake->campaigns[i].first_exchange_ms, .bucket_ms = HOUR / 4, .n = 300
        };
        for (size_t j = 0; j < timeline->n; j++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
            size_t quiet = i == 0 && j > 124 ? 14 : 1;
            timeline->counts[j] = (uint32_t)((j < 60 ? j : 60) + (seed >> 58)) / (uint32_t)quiet;
        }
    }
}

static inline enum status fake_decide(struct fake *fake)
{
    struct decision decision = { .account = 1, .mode = MODE_ENFORCED };
    static const enum action actions[] = { ACTION_OBSERVE, ACTION_VERIFY, ACTION_RESTRICT, ACTION_SUSPEND };
    for (size_t i = 0; i < 213; i++) {
        decision.campaign = fake->campaigns[0].id;
        decision.time_ms = FIRST + 29 * HOUR + (int64_t)i * 1000;
        decision.action = actions[i % 4];
        snprintf(decision.reason, sizeof decision.reason,
            "This account is at rung %zu because it appears to be one of 213 accounts that one operator "
            "runs.",
            i % 4);
        enum status st = decision_tally_add(&fake->decisions, &decision);
        if (st != STATUS_OK)
            return st;
    }
    decision.campaign.value = 0;
    decision.action = ACTION_THROTTLE;
    strcpy(decision.reason,
        "This account is slowed down because it went over its plan's limit on requests in an hour.");
    return decision_tally_add(&fake->decisions, &decision);
}

static inline void fake_run(struct fake *fake)
{
    struct report_run *run = &fake->input.run;
    fake->log =
        (struct log_stats){ .lines = 1204388, .events = 1204340, .bytes = 2881922110, .unknown_keys = 2 };
    fake->log.faults[FAULT_NOT_JSON] = 41;
    fake->log.faults[FAULT_BAD_VALUE] = 7;
    fake->log.first[FAULT_NOT_JSON] =
        (struct diag){ .file = "logs/2026-05-01.jsonl.zst", .line = 88121, .reason = "unterminated string" };
    fake->log.first[FAULT_BAD_VALUE] = (struct diag){
        .file = "logs/2026-05-02.jsonl.zst", .line = 4, .field = "time", .reason = "not a time"
    };
    strcpy(fake->log.unknown_key[0], "client.region");
    strcpy(fake->log.unknown_key[1], "request.reasoning<b>");
    *run = (struct report_run){ .version = "0.1.0",
        .policy = "config/policy.yaml",
        .mode = MODE_ENFORCED,
        .n_threads = 2,
        .log = &fake->log,
        .wall_s = 14.23,
        .peak_memory_bytes = 412000000 };
    run->engine.records = 1204340;
    run->engine.exchanges = 1180201;
    run->engine.late = 12;
    run->engine.first_ms = FIRST - 100 * HOUR;
    run->engine.last_ms = FIRST + 140 * HOUR;
    run->engine.accounts.created = 24139;
    run->engine.accounts.state_bytes = 9000000;
    run->engine.objects.issued_evicted = 48211;
    run->engine.objects.issued_bytes = 268435456;
    run->engine.accounts_contained = 200;
    run->engine.decisions[ACTION_SUSPEND] = 150;
    run->engine.decisions[ACTION_RESTRICT] = 50;
    run->engine.decisions[ACTION_VERIFY] = 13;
    run->engine.decisions[ACTION_OBSERVE] = 220;
}

static inline enum status fake_init(struct fake *fake)
{
    memset(fake, 0, sizeof *fake);
    fake_first(fake);
    fake_others(fake);
    fake_checks(fake);
    fake_timelines(fake);
    fake_run(fake);
    decision_tally_init(&fake->decisions, 16);
    for (size_t i = 0; i < FAKE_CAMPAIGNS; i++)
        fake->listed[i] = &fake->campaigns[i];
    fake->input.source = (struct report_source){ .context = fake,
        .campaigns = fake->listed,
        .n_campaigns = FAKE_CAMPAIGNS,
        .name = fake_name,
        .timeline = fake_timeline,
        .in_force = fake_in_force };
    fake->input.decisions = &fake->decisions;
    return fake_decide(fake);
}

static inline void fake_fini(struct fake *fake)
{
    decision_tally_fini(&fake->decisions);
}

#endif
