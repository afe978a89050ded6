#include "engine/world.h"

#include "rival/kinds.h"
#include "support/alloc_sweep.h"

/* Decisions of the engine itself, to be compared with what the adapter says. */
struct told {
    struct detection items[4096];
    size_t n;
    struct detector_group groups[4096];
    size_t n_groups;
};

static enum status tell_decision(void *context, const struct decision *decision, struct span account)
{
    (void)account;
    struct told *told = context;
    assert_true(told->n < 4096);
    told->items[told->n++] = (struct detection){ decision->time_ms, decision->account,
        decision->campaign.value, decision->action };
    return STATUS_OK;
}

static enum status tell_detection(void *context, const struct detection *detection)
{
    struct told *told = context;
    assert_true(told->n < 4096);
    told->items[told->n++] = *detection;
    return STATUS_OK;
}

static enum status tell_group(void *context, const struct detector_group *membership)
{
    struct told *told = context;
    assert_true(told->n_groups < 4096);
    told->groups[told->n_groups++] = *membership;
    return STATUS_OK;
}

static struct world a_team_among_people(void)
{
    struct test_random random = { 3 };
    struct world world;
    world_init(&world, 20000);
    world_fill(&world, &random, 60, 300, 15000);
    /* Texts of their own; without this everybody's would have the same empty sketch. */
    for (size_t i = 0; i < world.n; i++)
        for (size_t bin = 0; bin < MINHASH_BINS && world.records[i].kind == RECORD_EXCHANGE; bin++)
            world.records[i].exchange.user.minhash[bin] = (uint16_t)test_random_u64(&random);
    return world;
}

static enum status run_kind(const struct detector_kind *kind, const struct world *world,
    const struct policy *policy, double threshold, struct told *told)
{
    enum status st = STATUS_OK;
    struct detector *d = NULL;
    struct record_batch records = { .records = world->records, .n = world->n };
    struct detector_config config = { .accounts_max = 1000, .policy = policy, .threshold = threshold };
    TRY(kind->open(&config, &(struct detector_sink){ told, tell_detection }, &d));
    TRY(kind->batch(d, &(struct detector_batch){ .records = &records }));
    TRY(kind->finish(d));
    TRY(kind->groups(d, told, tell_group));
    assert_true(kind->state_bytes(d) > 100000);
fail:
    kind->close(d);
    return st;
}

static enum status run_adapter(
    const struct world *world, const struct policy *policy, double threshold, struct told *told)
{
    return run_kind(&stillwatch_kind, world, policy, threshold, told);
}

static void every_decision_of_the_engine_is_passed_on(void **state)
{
    (void)state;
    struct world world = a_team_among_people();
    struct test_random random = { 4 };
    struct told *by_engine = calloc(1, sizeof *by_engine);
    struct told *by_adapter = calloc(1, sizeof *by_adapter);
    struct policy *policy;
    struct engine *engine;
    struct key key;
    key_init(&key, key_default_secret);
    assert_ok(policy_default(&key, &policy));
    assert_ok(engine_new(&(struct engine_config){ .accounts_max = 1000, .policy = policy },
        &(struct engine_sink){ .context = by_engine, .decision = tell_decision }, &engine));
    assert_ok(world_feed(&world, engine, 500, &random));
    assert_ok(run_adapter(&world, NULL, 0, by_adapter));
    assert_true(by_engine->n > 0);
    assert_int_equal(by_adapter->n, by_engine->n);
    for (size_t i = 0; i < by_engine->n; i++) {
        assert_int_equal(by_adapter->items[i].time_ms, by_engine->items[i].time_ms);
        assert_int_equal(by_adapter->items[i].account, by_engine->items[i].account);
        assert_int_equal(by_adapter->items[i].group, by_engine->items[i].group);
        assert_int_equal(by_adapter->items[i].action, by_engine->items[i].action);
    }
    engine_free(engine);
    policy_free(policy);
    free(by_engine);
    free(by_adapter);
    world_fini(&world);
}

static void the_reported_group_is_the_team(void **state)
{
    (void)state;
    struct world world = a_team_among_people();
    struct told *told = calloc(1, sizeof *told);
    assert_ok(run_adapter(&world, NULL, 0, told));
    size_t of_team = 0;
    for (size_t i = 0; i < told->n_groups; i++) {
        assert_int_equal(told->groups[i].group, told->groups[0].group);
        assert_true(told->groups[i].detected_ms > T0);
        for (uint64_t account = 1; account <= 60; account++)
            of_team += told->groups[i].account == hashed(account);
    }
    assert_int_equal(of_team, told->n_groups);
    assert_in_range(of_team, 50, 60);
    free(told);
    world_fini(&world);
}

/* Cards and devices are the only strong key that this team has. */
static void without_the_identity_family_nobody_of_the_team_is_contained(void **state)
{
    (void)state;
    struct world world = a_team_among_people();
    struct told *told = calloc(1, sizeof *told);
    assert_ok(run_kind(&no_identity_kind, &world, NULL, 0, told));
    for (size_t i = 0; i < told->n; i++)
        assert_true(told->items[i].action < ACTION_RESTRICT || told->items[i].action == ACTION_RELEASE);
    told->n = told->n_groups = 0;
    assert_ok(run_kind(&no_provenance_kind, &world, NULL, 0, told));
    assert_in_range(told->n_groups, 50, 60);
    free(told);
    world_fini(&world);
}

/* Evidence beyond any team's: nothing is confirmed, and so nothing is reported. */
static void beyond_the_threshold_nobody_is_touched(void **state)
{
    (void)state;
    struct world world = a_team_among_people();
    struct told *told = calloc(1, sizeof *told);
    assert_ok(run_adapter(&world, NULL, 100000, told));
    for (size_t i = 0; i < told->n; i++)
        assert_true(told->items[i].action == ACTION_OBSERVE || told->items[i].action == ACTION_RELEASE);
    assert_int_equal(told->n_groups, 0);
    free(told);
    world_fini(&world);
}

/* A policy that only observes: the campaign is confirmed all the same, and so reported. */
static void what_is_confirmed_is_reported_whatever_is_done_about_it(void **state)
{
    (void)state;
    struct world world = a_team_among_people();
    struct told *told = calloc(1, sizeof *told);
    struct policy *policy;
    assert_ok(policy_default(NULL, &policy));
    policy->ladder = (struct ladder){ 0 };
    assert_ok(run_adapter(&world, policy, 0, told));
    for (size_t i = 0; i < told->n; i++)
        assert_true(told->items[i].action == ACTION_OBSERVE || told->items[i].action == ACTION_RELEASE);
    assert_in_range(told->n_groups, 50, 60);
    policy_free(policy);
    free(told);
    world_fini(&world);
}

static void running_out_of_memory_at_the_start_leaves_nothing(void **state)
{
    (void)state;
    struct told told = { .n = 0 };
    enum status st = STATUS_NOMEM;
    for (long n = 0; st != STATUS_OK; n++) {
        struct detector *d = NULL;
        alloc_sweep_arm(n);
        st = stillwatch_kind.open(&(struct detector_config){ .accounts_max = 100 },
            &(struct detector_sink){ &told, tell_detection }, &d);
        assert_int_equal(alloc_sweep_disarm(), st != STATUS_OK);
        assert_int_equal(d != NULL, st == STATUS_OK);
        stillwatch_kind.close(d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_decision_of_the_engine_is_passed_on),
        cmocka_unit_test(the_reported_group_is_the_team),
        cmocka_unit_test(without_the_identity_family_nobody_of_the_team_is_contained),
        cmocka_unit_test(beyond_the_threshold_nobody_is_touched),
        cmocka_unit_test(what_is_confirmed_is_reported_whatever_is_done_about_it),
        cmocka_unit_test(running_out_of_memory_at_the_start_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
