#include "campaign/assess.h"

#include "campaign/tied.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int64_t month_ms = 30LL * 24 * 3600 * 1000;

void assessor_init(struct assessor *assessor, const struct campaign_config *config,
    const struct campaign_source *source, struct graph *graph)
{
    memset(assessor, 0, sizeof *assessor);
    assessor->config = config;
    assessor->source = source;
    assessor->graph = graph;
    assessor->first_ms = -1;
    recall_init(&assessor->recall, source);
    map_init(&assessor->tested, config->edges_max);
}

void assessor_fini(struct assessor *assessor)
{
    map_fini(&assessor->tested);
    free(assessor->inside);
    free(assessor->count);
    free(assessor->last_s);
    free(assessor->tied);
    free(assessor->scratch.count);
    free(assessor->scratch.parent);
    free(assessor->profiles);
}

/* Scratch for the graph as it was just built: zeroed, by account and by object. */
static enum status scratch_reserve(struct assessor *assessor)
{
    enum status st = STATUS_OK;
    uint8_t *inside = realloc(assessor->inside, assessor->graph->n_rows + 1);
    REQUIRE(inside, STATUS_NOMEM);
    assessor->inside = inside;
    uint32_t *count = realloc(assessor->count, (assessor->graph->n_columns + 1) * sizeof *count);
    REQUIRE(count, STATUS_NOMEM);
    assessor->count = count;
    uint32_t *last_s = realloc(assessor->last_s, (assessor->graph->n_rows + 1) * sizeof *last_s);
    REQUIRE(last_s, STATUS_NOMEM);
    assessor->last_s = last_s;
    memset(last_s, 0, (assessor->graph->n_rows + 1) * sizeof *last_s);
    uint8_t *tied = realloc(assessor->tied, assessor->graph->n_rows + 1);
    REQUIRE(tied, STATUS_NOMEM);
    assessor->tied = tied;
    memset(tied, 0, assessor->graph->n_rows + 1);
    uint32_t *words = realloc(assessor->scratch.count, (assessor->graph->n_rows + 1) * sizeof *words);
    REQUIRE(words, STATUS_NOMEM);
    assessor->scratch.count = words;
    memset(words, 0, (assessor->graph->n_rows + 1) * sizeof *words);
    words = realloc(assessor->scratch.parent, (assessor->graph->n_rows + 1) * sizeof *words);
    REQUIRE(words, STATUS_NOMEM);
    assessor->scratch.parent = words;
    memset(words, 0, (assessor->graph->n_rows + 1) * sizeof *words);
    memset(inside, 0, assessor->graph->n_rows + 1);
    memset(count, 0, (assessor->graph->n_columns + 1) * sizeof *count);
fail:
    return st;
}

enum status assessor_begin(struct assessor *assessor, int64_t first_ms, int64_t now_ms, double accounts)
{
    enum status st = STATUS_OK;
    TRY(scratch_reserve(assessor));
    assessor->first_ms = first_ms;
    assessor->now_ms = now_ms;
    recall_begin(&assessor->recall, now_ms);
    assessor->accounts = accounts;
fail:
    return st;
}

void assessor_take_rings(struct assessor *assessor, struct rings *identity, struct rings *provenance)
{
    assessor->identity = identity;
    assessor->provenance = provenance;
    hands_note_firms(assessor->graph, identity);
    hands_population(assessor->graph, identity, provenance, &assessor->population);
    double others = assessor->accounts - (double)assessor->graph->n_watched;
    assessor->population.accounts = others > 0 ? (uint32_t)fmin(others, UINT32_MAX) : 0;
}

enum status assessor_reserve(struct assessor *assessor, size_t n)
{
    enum status st = STATUS_OK;
    if (n <= assessor->profiles_capacity)
        return STATUS_OK;
    struct account_profile *grown = realloc(assessor->profiles, n * sizeof *grown);
    REQUIRE(grown, STATUS_NOMEM);
    assessor->profiles = grown;
    assessor->profiles_capacity = n;
fail:
    return st;
}

size_t assessor_bytes(const struct assessor *assessor)
{
    return sizeof assessor->recall + sizeof assessor->memos + map_bytes(&assessor->tested) +
           assessor->profiles_capacity * sizeof *assessor->profiles;
}

/* Profiles of the firm members that are still tracked, in the group's order. */
static enum status fetch_profiles(struct assessor *assessor, const struct group *group, size_t *ret_n)
{
    enum status st = STATUS_OK;
    size_t n = 0;
    TRY(assessor_reserve(assessor, group->n_firm));
    for (size_t i = 0; i < group->n_members; i++) {
        if (group->members[i].membership < MEMBER_LIKELY)
            continue;
        uint64_t account = assessor->graph->accounts[group->members[i].account].account;
        if (recall_account(&assessor->recall, account, &assessor->profiles[n]) == STATUS_OK)
            n++;
    }
    *ret_n = n;
fail:
    return st;
}

/* Most of it is held already: another view of a campaign that was paid for. */
static bool is_paid_for(const struct assessor *assessor, const struct group *group)
{
    size_t held = 0;
    for (size_t i = 0; i < group->n_members; i++)
        held += group->members[i].membership >= MEMBER_LIKELY &&
                assessor->graph->accounts[group->members[i].account].watched;
    return held * 2 > group->n_firm;
}

/*
 * The share of the budget for this test: the k-th group that strong ties let be tested gets 1/(k(k+1)) of it. A
 * group that was tested before is charged again only when what speaks for it has doubled.
 */
static enum status charge_test(struct assessor *assessor, const struct group *group, uint32_t inside)
{
    enum status st = STATUS_OK;
    uint32_t before = map_find(&assessor->tested, group->root);
    if (inside < 3 || group->n_firm < assessor->config->min_contain_accounts)
        return STATUS_OK;
    if ((before != MAP_NONE && inside < 2 * before) || is_paid_for(assessor, group))
        return STATUS_OK;
    assessor->tests++;
    st = map_put(&assessor->tested, group->root, inside);
    return st == STATUS_FULL ? STATUS_OK : st; /* not remembered: charged again, which only costs power */
}

static double threshold(const struct assessor *assessor, const struct group *group)
{
    double months = fmax(1, (double)(assessor->now_ms - assessor->first_ms) / (double)month_ms);
    double allowed = assessor->config->budget_per_million_months / 1e6 * fmax(assessor->accounts, 1) * months;
    double k = (double)(assessor->tests ? assessor->tests : 1);
    return fmax(assessor->config->min_log10_e, log10((double)group->n_firm * k * (k + 1) / allowed));
}

static uint32_t strong_inside(const struct evidence evidence[static FAMILY_COUNT])
{
    uint32_t inside = 0;
    for (unsigned family = 0; family < FAMILY_COUNT; family++)
        if (family != FAMILY_VOLUME && object_kind_info[evidence[family].top_kind].strong)
            inside += evidence[family].inside;
    return inside;
}

/* Seconds of the log, from 2 on: 0 and 1 say something else in last_s. */
static uint32_t log_seconds(const struct assessor *assessor, int64_t time_ms)
{
    return time_ms > assessor->first_ms ? 2 + (uint32_t)((time_ms - assessor->first_ms) / 1000) : 2;
}

/*
 * Whether it has sent enough, with text, and some of it since the group's frame came up: who has not could not have
 * shown it.
 */
static bool is_active(void *context, uint32_t account)
{
    enum { EXCHANGES = 3, NOT_ASKED = 0, TOO_FEW = 1 };
    struct assessor *assessor = context;
    if (assessor->last_s[account] == NOT_ASKED) {
        struct account_brief brief;
        uint64_t name = assessor->graph->accounts[account].account;
        bool enough = assessor->source->brief(assessor->source->context, name, &brief) == STATUS_OK &&
                      brief.with_text >= EXCHANGES;
        assessor->last_s[account] = enough ? log_seconds(assessor, brief.last_seen_ms) : TOO_FEW;
    }
    return assessor->last_s[account] >= assessor->since_s;
}

/* When the first of what found the group was seen. */
static int64_t first_shown_ms(const struct graph *graph, const struct group *group)
{
    int64_t first_ms = INT64_MAX;
    for (size_t i = 0; i < group->n_objects; i++)
        if (graph->objects[group->objects[i]].first_ms < first_ms)
            first_ms = graph->objects[group->objects[i]].first_ms;
    return group->n_objects > 0 ? first_ms : 0;
}

void assess_links(struct assessor *assessor, const struct group *group, struct assessment *a)
{
    struct evidence_input input = {
        .graph = assessor->graph,
        .group = group,
        .identity = assessor->identity,
        .provenance = assessor->provenance,
        .scratch = assessor->scratch,
        .population = assessor->population,
        .ret_hands = &a->hands,
        .inside = assessor->inside,
        .count = assessor->count,
        .accounts = assessor->accounts,
        .homophily = assessor->config->homophily,
        .memos = assessor->memos,
        .active = is_active,
        .context = assessor,
    };
    assessor->since_s = log_seconds(assessor, first_shown_ms(assessor->graph, group));
    evidence_links(&input, a->evidence);
    a->total = evidence_total(group->found_by, a->evidence, &a->two_keys);
}

/*
 * Tasks sent with the group's frames: of the frame with most, because fixed phrases lie beside it. An object sees an
 * account at most once an hour, so its tasks are those of a sample: they are scaled to the members' exchanges, which is
 * right where tasks are new each time, and errs against the explanation where they repeat.
 */
static void measure_frames(
    struct assessor *assessor, const struct group *group, size_t n_profiles, struct check_input *checks)
{
    double exchanges = 0;
    for (size_t i = 0; i < n_profiles; i++)
        exchanges += (double)assessor->profiles[i].exchanges;
    checks->tasks = NAN;
    for (size_t i = 0; i < group->n_objects; i++) {
        struct object_profile frame;
        const struct graph_object *object = &assessor->graph->objects[group->objects[i]];
        if (object_kind_info[object->kind].family != FAMILY_CONTENT ||
            recall_object(&assessor->recall, object->object, &frame) != STATUS_OK)
            continue; /* no frame, or evicted since: it cannot be measured */
        double tasks = frame.slots * fmax(1, exchanges / fmax(1, (double)frame.sightings));
        checks->tasks = isnan(checks->tasks) || tasks > checks->tasks ? tasks : checks->tasks;
    }
}

static struct grade_input grading_of(
    struct assessor *assessor, struct group *group, const struct assessment *a)
{
    return (struct grade_input){ .graph = assessor->graph,
        .group = group,
        .identity = assessor->identity,
        .tied = assessor->tied,
        .inside = assessor->inside,
        .count = assessor->scratch.count,
        .shown = assessor->count,
        .hands = &a->hands,
        .profiles = assessor->profiles,
        .n_profiles = a->n_profiles,
        .recall = &assessor->recall,
        .active = is_active,
        .context = assessor,
        .accounts = assessor->accounts };
}

enum status assess_members(struct assessor *assessor, struct group *group, struct assessment *a)
{
    enum status st = STATUS_OK;
    TRY(fetch_profiles(assessor, group, &a->n_profiles));
    evidence_volume(assessor->profiles, a->n_profiles, &a->evidence[FAMILY_VOLUME]);
    a->total = evidence_total(group->found_by, a->evidence, &a->two_keys);
    struct check_input checks = { .members = assessor->profiles, .n = a->n_profiles };
    measure_frames(assessor, group, a->n_profiles, &checks);
    checks.open = links_openness(assessor->graph, group, assessor->count);
    const struct grade_input grading = grading_of(assessor, group, a);
    grade_elsewhere(&grading);
    checks.tied = tied_mark(&grading, tied_families(group->found_by, a->evidence));
    REQUIRE(a->n_profiles > 0, STATUS_NOT_FOUND);
    checks_run(&checks, a->checks);
    a->held = checks_hold(a->checks);
    TRY(charge_test(assessor, group, strong_inside(a->evidence)));
    a->threshold = threshold(assessor, group);
    a->n_held = grade_group(&grading);
    a->confirmed = a->two_keys && !a->held && a->total >= a->threshold &&
                   a->n_held >= assessor->config->min_contain_accounts;
fail:
    return st;
}

void assess_clear(struct assessor *assessor, const struct group *group)
{
    tied_clear(group, assessor->tied);
}
