#include "engine/stages.h"

#include "support/alloc_sweep.h"
#include "world.h"

enum { RECORDS = 2000 };

static struct policy *policy;
static struct world world;
static struct order order;

static int set_up(void **state)
{
    (void)state;
    assert_ok(policy_default(NULL, &policy));
    world_init(&world, 2 * RECORDS);
    assert_ok(order_init(&order, 2 * RECORDS, HOUR, HOUR));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    order_fini(&order);
    world_fini(&world);
    policy_free(policy);
    return 0;
}

static struct engine_config config_of(unsigned n_threads)
{
    return (struct engine_config){
        .n_threads = n_threads, .accounts_max = 2000, .issued_bytes = 1 << 18, .policy = policy
    };
}

/* Everything the world has, within one tick. */
static size_t put_all(void)
{
    for (size_t i = 0; i < world.n; i++) {
        world.records[i].time_ms = T0 + (int64_t)i;
        order_put(&order, &world.records[i]);
    }
    int64_t end_ms;
    size_t n = order_tick(&order, true, &end_ms);
    assert_int_equal(n, world.n);
    return n;
}

static size_t run(struct stages *stages, unsigned n_threads, const struct engine_sink *sink)
{
    struct engine_config config = config_of(n_threads);
    assert_ok(stages_init(stages, &config, sink));
    assert_ok(stages_run(stages, &order, order.n_waiting));
    size_t ties = 0;
    for (unsigned i = 0; i < ENGINE_PARTITIONS; i++)
        ties += stages->objects[i].ties.n;
    return ties;
}

static void fill(uint64_t seed)
{
    struct test_random random = { seed };
    print_message("seed %llu\n", (unsigned long long)seed);
    world_fill(&world, &random, 40, 300, RECORDS - 340);
}

static void threads_change_no_sighting_and_no_tie(void **state)
{
    (void)state;
    struct engine_sink sink = { .context = NULL };
    fill(1);
    put_all();
    struct stages one;
    struct stages four;
    assert_true(run(&one, 1, &sink) > 40);
    run(&four, 4, &sink);
    for (unsigned i = 0; i < ENGINE_PARTITIONS; i++) {
        const struct object_partition *a = &one.objects[i];
        const struct object_partition *b = &four.objects[i];
        assert_int_equal(a->sightings.n, b->sightings.n);
        for (size_t j = 0; j < a->sightings.n; j++) {
            assert_int_equal(a->sightings.items[j].account, b->sightings.items[j].account);
            assert_int_equal(a->sightings.items[j].object, b->sightings.items[j].object);
            assert_int_equal(a->sightings.items[j].time_ms, b->sightings.items[j].time_ms);
        }
        assert_int_equal(a->ties.n, b->ties.n);
        for (size_t j = 0; j < a->ties.n; j++) {
            assert_int_equal(a->ties.items[j].a, b->ties.items[j].a);
            assert_int_equal(a->ties.items[j].object, b->ties.items[j].object);
        }
    }
    stages_fini(&one);
    stages_fini(&four);
}

static void every_account_and_object_has_one_partition(void **state)
{
    (void)state;
    struct engine_sink sink = { .context = NULL };
    fill(2);
    put_all();
    struct stages stages;
    run(&stages, 1, &sink);
    size_t records = 0;
    for (unsigned i = 0; i < ENGINE_PARTITIONS; i++) {
        const struct account_partition *a = &stages.accounts[i];
        const struct object_partition *o = &stages.objects[i];
        assert_true(a->n_records > 0 && o->sightings.n > 0);
        records += a->n_records;
        for (size_t j = 0; j < a->n_records; j++)
            assert_int_equal(account_partition_of(a->records[j]->account), i);
        for (size_t j = 0; j < o->sightings.n; j++)
            assert_int_equal(object_partition_of(o->sightings.items[j].object), i);
    }
    assert_int_equal(records, world.n);
    stages_fini(&stages);
}

static void a_release_reaches_every_partition(void **state)
{
    (void)state;
    struct engine_sink sink = { .context = NULL };
    struct record *release = world_next(&world, 0, T0);
    release->account = 0;
    release->kind = RECORD_RELEASE;
    release->release.model = 77;
    for (uint64_t account = 1; account <= 40; account++) {
        world_exchange(&world, account, T0, 1, account);
        world.records[world.n - 1].exchange.model = 77;
    }
    put_all();
    struct stages stages;
    run(&stages, 1, &sink);
    for (uint64_t account = 1; account <= 40; account++) {
        struct account_profile profile;
        uint64_t id = hashed(account);
        assert_ok(account_profile(stages.accounts[account_partition_of(id)].table, id, T0 + HOUR, &profile));
        assert_true(profile.release_lag_hours >= 0 && profile.release_lag_hours < 1);
    }
    stages_fini(&stages);
}

static void an_observer_sees_every_record_with_its_sightings(void **state)
{
    (void)state;
    struct outcome outcome = { 0 };
    struct engine_sink sink = { .context = &outcome, .observe = outcome_observe };
    fill(3);
    put_all();
    struct stages stages;
    run(&stages, 4, &sink);
    assert_int_equal(outcome.observed, world.n);
    stages_fini(&stages);
}

static void the_lists_of_a_tick_are_those_of_that_tick(void **state)
{
    (void)state;
    struct engine_sink sink = { .context = NULL };
    fill(4);
    put_all();
    struct stages stages;
    run(&stages, 1, &sink);
    assert_ok(stages_run(&stages, &order, 0));
    for (unsigned i = 0; i < ENGINE_PARTITIONS; i++) {
        assert_int_equal(stages.accounts[i].n_records + stages.accounts[i].sightings.n, 0);
        assert_int_equal(stages.accounts[i].usages.n + stages.accounts[i].n_evicted, 0);
        assert_int_equal(stages.objects[i].sightings.n + stages.objects[i].ties.n, 0);
    }
    stages_fini(&stages);
}

static void assert_same_tie(const struct tie *a, const struct tie *b)
{
    assert_int_equal(a->object, b->object);
    assert_int_equal(a->a, b->a);
    assert_int_equal(a->b, b->b);
    assert_int_equal(a->organization, b->organization);
    assert_int_equal(a->time_ms, b->time_ms);
    assert_int_equal(a->op, b->op);
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->lag_s, b->lag_s);
}

/* Ties of the ticks one by one are the parts of the run's. */
static void ticks_of_one_run_are_as_if_they_came_alone(void **state)
{
    (void)state;
    enum { TICKS = 40 };
    struct engine_sink sink = { .context = NULL };
    struct engine_config config = config_of(1);
    struct stages together, alone;
    size_t n_records[TICKS], done = 0;
    fill(7);
    put_all();
    for (size_t i = 0; i < TICKS; i++)
        n_records[i] = world.n / TICKS;
    assert_ok(stages_init(&together, &config, &sink));
    assert_ok(stages_init(&alone, &config, &sink));
    assert_ok(stages_run_ticks(&together, &order, n_records, TICKS));
    for (size_t tick = 0; tick < TICKS; tick++) {
        assert_ok(stages_run(&alone, &order, n_records[tick]));
        order_drop(&order, n_records[tick]);
        for (unsigned i = 0; i < ENGINE_PARTITIONS; i++) {
            const struct object_partition *a = &alone.objects[i], *t = &together.objects[i];
            size_t from = tick ? t->ends.ties[tick - 1] : 0;
            assert_int_equal(t->ends.ties[tick] - from, a->ties.n);
            for (size_t j = 0; j < a->ties.n; j++)
                assert_same_tie(&t->ties.items[from + j], &a->ties.items[j]);
            done += a->ties.n;
        }
    }
    assert_true(done > 40);
    stages_fini(&together);
    stages_fini(&alone);
}

static void evicted_accounts_are_listed(void **state)
{
    (void)state;
    struct engine_sink sink = { .context = NULL };
    struct engine_config config = config_of(1);
    config.accounts_max = 200;
    for (uint64_t account = 1; account <= 1500; account++)
        world_facts(&world, account, account);
    put_all();
    struct stages stages;
    assert_ok(stages_init(&stages, &config, &sink));
    assert_ok(stages_run(&stages, &order, order.n_waiting));
    for (unsigned i = 0; i < ENGINE_PARTITIONS; i++) {
        struct account_stats stats;
        account_stats(stages.accounts[i].table, &stats);
        assert_int_equal(stages.accounts[i].n_evicted, stats.evicted);
        assert_true(stats.evicted > 200);
        for (size_t j = 0; j < stages.accounts[i].n_evicted; j++)
            assert_false(account_tracked(stages.accounts[i].table, stages.accounts[i].evicted[j]));
    }
    stages_fini(&stages);
}

static void the_population_is_that_of_all_partitions(void **state)
{
    (void)state;
    struct engine_sink sink = { .context = NULL };
    fill(5);
    put_all();
    struct stages stages;
    run(&stages, 1, &sink);
    stages_measure_population(&stages);
    assert_true(stages.population.accounts == 340);
    assert_true(stages.population.payer_ratio > 0.8 && stages.population.payer_ratio < 1);
    stages_fini(&stages);
}

static void running_out_of_memory_leaks_nothing(void **state)
{
    (void)state;
    struct engine_sink sink = { .context = NULL };
    struct engine_config config = config_of(2);
    fill(6);
    put_all();
    enum status st = STATUS_NOMEM;
    for (long n = 0; st != STATUS_OK; n++) {
        struct stages stages;
        alloc_sweep_arm(n);
        st = stages_init(&stages, &config, &sink);
        if (st == STATUS_OK) {
            st = stages_run(&stages, &order, order.n_waiting);
            alloc_sweep_disarm();
            stages_fini(&stages);
        }
        alloc_sweep_disarm();
        assert_true(st == STATUS_OK || st == STATUS_NOMEM);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(threads_change_no_sighting_and_no_tie),
        TEST(every_account_and_object_has_one_partition),
        TEST(a_release_reaches_every_partition),
        TEST(an_observer_sees_every_record_with_its_sightings),
        TEST(the_lists_of_a_tick_are_those_of_that_tick),
        TEST(ticks_of_one_run_are_as_if_they_came_alone),
        TEST(evicted_accounts_are_listed),
        TEST(the_population_is_that_of_all_partitions),
        TEST(running_out_of_memory_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
