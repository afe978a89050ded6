#include "engine/engine_state.h"

static void add_accounts(struct account_stats *sum, const struct account_stats *part)
{
    sum->accounts += part->accounts;
    sum->created += part->created;
    sum->evicted += part->evicted;
    sum->content_left_out += part->content_left_out;
    sum->provenance_left_out += part->provenance_left_out;
    sum->state_bytes += part->state_bytes;
}

static void add_objects(struct object_stats *sum, const struct object_stats *part)
{
    sum->singles += part->singles;
    sum->shared += part->shared;
    sum->issued += part->issued;
    sum->publics += part->publics;
    sum->holders += part->holders;
    sum->singles_evicted += part->singles_evicted;
    sum->shared_evicted += part->shared_evicted;
    sum->issued_evicted += part->issued_evicted;
    sum->holders_evicted += part->holders_evicted;
    sum->unlisted += part->unlisted;
    sum->state_bytes += part->state_bytes;
    sum->issued_bytes += part->issued_bytes;
}

static uint64_t count_contained(const struct engine *e)
{
    uint64_t n = 0;
    for (size_t i = 0; i < campaign_count(e->campaigns); i++) {
        const struct campaign *c = campaign_at(e->campaigns, i);
        for (size_t j = 0; j < c->n_members; j++)
            n += c->members[j].until_ms < 0 &&
                 policy_in_force(e->policy, c->members[j].account, e->now_ms) >= ACTION_RESTRICT;
    }
    return n;
}

void engine_stats(const struct engine *engine, struct engine_stats *ret_stats)
{
    *ret_stats = engine->stats;
    for (unsigned i = 0; i < ENGINE_PARTITIONS; i++) {
        struct account_stats accounts;
        struct object_stats objects;
        account_stats(engine->stages.accounts[i].table, &accounts);
        object_stats(engine->stages.objects[i].table, &objects);
        add_accounts(&ret_stats->accounts, &accounts);
        add_objects(&ret_stats->objects, &objects);
    }
    struct policy_stats policy;
    policy_stats(engine->policy, &policy);
    campaign_stats(engine->campaigns, &ret_stats->campaigns);
    ret_stats->policy_bytes = policy.state_bytes;
    ret_stats->names_bytes = names_bytes(&engine->names);
    ret_stats->pending_bytes = order_bytes(&engine->order);
    ret_stats->late = engine->order.late;
    ret_stats->ticks_forced = engine->order.forced;
    ret_stats->accounts_contained = count_contained(engine);
}

size_t engine_campaigns(const struct engine *engine)
{
    return campaign_count(engine->campaigns);
}

const struct campaign *engine_campaign_at(const struct engine *engine, size_t i)
{
    return campaign_at(engine->campaigns, i);
}

const struct campaign *engine_campaign_of(const struct engine *engine, uint64_t account)
{
    return campaign_of(engine->campaigns, account);
}

struct span engine_name(const struct engine *engine, uint64_t account)
{
    return names_find(&engine->names, account);
}

enum status engine_account(const struct engine *engine, uint64_t account, struct account_profile *ret_profile)
{
    return account_profile(
        engine->stages.accounts[account_partition_of(account)].table, account, engine->now_ms, ret_profile);
}

enum status engine_object(const struct engine *engine, uint64_t object, struct object_profile *ret_profile)
{
    return object_profile(engine->stages.objects[object_partition_of(object)].table, object, ret_profile);
}

enum action engine_in_force(const struct engine *engine, uint64_t account)
{
    return policy_in_force(engine->policy, account, engine->now_ms);
}

void engine_population(const struct engine *engine, struct population *ret_population)
{
    *ret_population = engine->stages.population;
}

const struct timeline *engine_timeline(const struct engine *engine, struct campaign_id campaign)
{
    for (size_t i = 0; i < engine->n_timelines; i++)
        if (engine->timelines[i].campaign == campaign.value)
            return &engine->timelines[i];
    return NULL;
}
