#include "lab/judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum status room(void *items, size_t *capacity, size_t n, size_t size)
{
    void *old;
    if (n < *capacity)
        return STATUS_OK;
    memcpy(&old, items, sizeof old); /* items points to a pointer of any type */
    size_t more = 2 * n + 64;
    void *grown = realloc(old, more * size);
    if (!grown)
        return STATUS_NOMEM;
    memcpy(items, &grown, sizeof grown);
    *capacity = more;
    return STATUS_OK;
}

enum status judge_account(struct judge *judge, uint32_t account, uint64_t hash)
{
    enum status st = STATUS_OK;
    TRY(room(&judge->hashes, &judge->hashes_capacity, account, sizeof *judge->hashes));
    while (judge->n_hashes <= account)
        judge->hashes[judge->n_hashes++] = 0;
    judge->hashes[account] = hash;
fail:
    return st;
}

enum status judge_extraction(struct judge *judge, uint64_t hash, int64_t time_ms)
{
    enum status st = STATUS_OK;
    TRY(room(
        &judge->extraction, &judge->extraction_capacity, judge->n_extraction, sizeof *judge->extraction));
    judge->extraction[judge->n_extraction++] = (struct score_extraction){ hash, time_ms };
fail:
    return st;
}

enum status judge_decision(struct judge *judge, const struct detection *detection, int64_t not_before_ms)
{
    enum status st = STATUS_OK;
    TRY(room(&judge->decisions, &judge->decisions_capacity, judge->n_decisions, sizeof *judge->decisions));
    judge->decisions[judge->n_decisions++] = (struct score_decision){
        .account = detection->account,
        .campaign = detection->group,
        .time_ms = detection->time_ms > not_before_ms ? detection->time_ms : not_before_ms,
        .action = detection->action,
    };
fail:
    return st;
}

/* Memberships come group by group. */
enum status judge_member(struct judge *judge, const struct detector_group *membership)
{
    enum status st = STATUS_OK;
    if (judge->n_groups == 0 || judge->groups[judge->n_groups - 1] != membership->group) {
        TRY(room(&judge->groups, &judge->groups_capacity, judge->n_groups, sizeof *judge->groups));
        TRY(room(
            &judge->detected_ms, &judge->detected_capacity, judge->n_groups, sizeof *judge->detected_ms));
        judge->groups[judge->n_groups] = membership->group;
        judge->detected_ms[judge->n_groups++] = membership->detected_ms;
    }
    TRY(room(&judge->members, &judge->members_capacity, judge->n_members, sizeof *judge->members));
    judge->members[judge->n_members++] =
        (struct score_member){ membership->account, (uint32_t)(judge->n_groups - 1), 1 };
fail:
    return st;
}

/* Names of populations and campaigns, and the accounts; the names outlive the call with the result. */
struct facts {
    struct score_account *accounts;
    size_t n_accounts;
    const char **names; /* populations, "operator", then campaigns */
    struct score_cost *costs;
};

static uint32_t population_index(const struct customer_kinds *kinds, const char *name)
{
    for (uint32_t i = 0; i < kinds->n; i++)
        if (kinds->items[i]->name == name)
            return i;
    return (uint32_t)kinds->n;
}

static void list_accounts(const struct judge *judge, const struct world *world,
    const struct customer_kinds *kinds, struct facts *facts)
{
    for (uint32_t i = 0; i < judge->n_hashes; i++) {
        struct account_truth truth;
        if (judge->hashes[i] == 0)
            continue;
        world_truth(world, i, &truth);
        facts->accounts[facts->n_accounts++] = (struct score_account){
            .account = judge->hashes[i],
            .organization = truth.organization == UINT32_MAX ? 0 : 1 + (uint64_t)truth.organization,
            .since_ms = truth.since_ms,
            .population = population_index(kinds, truth.population),
            .campaign = truth.campaign,
        };
    }
}

static enum status gather(const struct judge *judge, const struct world *world,
    const struct world_config *config, struct prove_result *result, struct facts *facts)
{
    enum status st = STATUS_OK;
    const struct scenario *scenario = config->scenario;
    size_t n_kinds = config->populations->n, n_campaigns = scenario->n_campaigns;
    facts->accounts = malloc((judge->n_hashes + 1) * sizeof *facts->accounts);
    facts->names = malloc((n_kinds + 1 + n_campaigns) * sizeof *facts->names);
    facts->costs = malloc((n_campaigns + 1) * sizeof *facts->costs);
    result->costs = malloc((n_campaigns + 1) * sizeof *result->costs);
    REQUIRE(facts->accounts && facts->names && facts->costs && result->costs, STATUS_NOMEM);
    for (size_t i = 0; i < n_kinds; i++)
        facts->names[i] = config->populations->items[i]->name;
    facts->names[n_kinds] = "operator";
    for (uint32_t i = 0; i < n_campaigns; i++) {
        struct campaign_cost *cost = &result->costs[i];
        facts->names[n_kinds + 1 + i] = scenario->campaigns[i].name;
        world_cost(world, i, cost);
        facts->costs[i] = (struct score_cost){ cost->accounts_bought, (uint64_t)llround(cost->spent * 100),
            cost->attempts, cost->refused };
        result->campaign_exchanges += cost->attempts;
    }
    list_accounts(judge, world, config->populations, facts);
fail:
    return st;
}

enum status judge_score(const struct judge *judge, const struct world *world,
    const struct world_config *config, struct prove_result *result, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct facts facts = { 0 };
    size_t n_kinds = config->populations->n;
    TRY(gather(judge, world, config, result, &facts));
    const char *const *names = facts.names;
    result->kept = facts.names; /* the score borrows them */
    facts.names = NULL;
    const struct score_truth truth = {
        .accounts = facts.accounts,
        .n_accounts = facts.n_accounts,
        .extraction = judge->extraction,
        .n_extraction = judge->n_extraction,
        .populations = names,
        .n_populations = n_kinds + 1,
        .campaigns = names + n_kinds + 1,
        .n_campaigns = config->scenario->n_campaigns,
        .costs = facts.costs,
        .start_ms = world_start_ms(world),
        .end_ms = world_end_ms(world),
    };
    const struct score_run run = {
        .decisions = judge->decisions,
        .n_decisions = judge->n_decisions,
        .detected_ms = judge->detected_ms,
        .n_groups = judge->n_groups,
        .members = judge->members,
        .n_members = judge->n_members,
    };
    TRY(score_compute(&truth, &run, &result->score, diag));
fail:
    free(facts.accounts);
    free(facts.costs);
    free(facts.names);
    return st;
}

void judge_fini(struct judge *judge)
{
    free(judge->decisions);
    free(judge->extraction);
    free(judge->hashes);
    free(judge->members);
    free(judge->groups);
    free(judge->detected_ms);
}
