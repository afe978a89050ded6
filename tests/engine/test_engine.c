#include "engine/engine.h"

#include "support/alloc_sweep.h"
#include "world.h"

static struct policy *policy;
static struct world world;
static struct engine *engine;
static struct outcome outcome;

static int set_up(void **state)
{
    (void)state;
    assert_ok(policy_default(NULL, &policy));
    world_init(&world, 100000);
    engine = NULL;
    outcome = (struct outcome){ 0 };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    engine_free(engine);
    outcome_fini(&outcome);
    world_fini(&world);
    policy_free(policy);
    return 0;
}

/* Small tables; ticks of two hours, so that a tick is worth several threads. */
static struct engine_config config_of(unsigned n_threads)
{
    return (struct engine_config){ .n_threads = n_threads,
        .accounts_max = 4000,
        .issued_bytes = 1 << 20,
        .pending_max = 8192,
        .tick_ms = 2 * HOUR,
        .policy = policy };
}

static void start(const struct engine_config *config, bool observe)
{
    struct engine_sink sink = {
        .context = &outcome, .decision = outcome_decision, .observe = observe ? outcome_observe : NULL
    };
    assert_ok(engine_new(config, &sink, &engine));
}

static void run(struct engine_config config, bool observe, uint64_t most, uint64_t seed)
{
    struct test_random random = { seed };
    start(&config, observe);
    assert_ok(world_feed(&world, engine, most, &random));
}

static void fill(uint64_t seed)
{
    struct test_random random = { seed };
    world_fill(&world, &random, 40, 400, 9000);
}

static void a_team_is_found_and_only_the_team_is_contained(void **state)
{
    (void)state;
    fill(1);
    run(config_of(1), false, 0, 0);
    assert_int_equal(engine_campaigns(engine), 1);
    const struct campaign *c = engine_campaign_at(engine, 0);
    assert_true(c->confirmed);
    assert_int_equal(c->n_active, 40);
    for (uint64_t account = 1; account <= 440; account++) {
        assert_int_equal(engine_campaign_of(engine, hashed(account)) == c, account <= 40);
        assert_int_equal(engine_in_force(engine, hashed(account)) >= ACTION_RESTRICT, account <= 40);
    }
    struct engine_stats stats;
    engine_stats(engine, &stats);
    assert_int_equal(stats.accounts_contained, 40);
    assert_int_equal(stats.exchanges, 9000);
    assert_int_equal(stats.records, 9440);
    assert_int_equal(stats.accounts.accounts, 440);
    assert_int_equal(stats.late, 0);
    assert_non_null(engine_timeline(engine, c->id));
}

/* The same text, whatever the threads, the cuts, and whether somebody looks on. */
static void neither_threads_nor_cuts_change_a_decision(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        static const uint64_t cuts[] = { 1, 7, 300, 5000, 0 };
        struct outcome first = { 0 };
        print_message("seed %llu\n", (unsigned long long)seed);
        world.n = 0;
        fill(seed);
        for (size_t i = 0; i < 5; i++)
            for (unsigned threads = 1; threads <= 4; threads *= 2) {
                run(config_of(threads), false, cuts[i], seed);
                engine_free(engine);
                engine = NULL;
                if (!first.text) {
                    first = outcome;
                    outcome = (struct outcome){ 0 };
                    assert_true(first.decisions >= 40);
                    continue;
                }
                assert_string_equal(outcome.text, first.text);
                outcome_fini(&outcome);
            }
        outcome_fini(&first);
    }
}

/* Records from..to-1, in batches of one to `most`. */
static void feed(size_t from, size_t to, uint64_t most, struct test_random *random)
{
    struct record_batch *batch;
    assert_ok(record_batch_new(&batch));
    for (size_t i = from; i < to;) {
        record_batch_reset(batch);
        for (size_t take = 1 + test_random_below(random, most); take > 0 && i < to; take--, i++) {
            struct record *record;
            assert_ok(record_batch_next(batch, &record));
            *record = world.records[i];
            record_batch_commit(batch);
        }
        assert_ok(engine_batch(engine, batch));
    }
    record_batch_free(batch);
}

/* Watched at first, then contained, and limited in requests. */
static void another_policy_takes_hold_at_its_place_whatever_the_cuts(void **state)
{
    (void)state;
    static const uint64_t cuts[] = { 1, 50, 4000 };
    struct policy other = *policy;
    struct outcome first = { 0 };
    other.mode = MODE_ENFORCED;
    other.account[TIER_UNKNOWN].requests_per_day = 5;
    policy->mode = MODE_SHADOW;
    fill(1);
    for (size_t i = 0; i < 3; i++) {
        struct engine_config config = config_of(1 + (unsigned)i);
        struct test_random random = { i };
        start(&config, false);
        feed(0, 6000, cuts[i], &random);
        engine_take_policy(engine, &other);
        feed(6000, world.n, cuts[i], &random);
        assert_ok(engine_finish(engine));
        struct engine_stats stats;
        engine_stats(engine, &stats);
        assert_true(stats.decisions[ACTION_THROTTLE] > 0);
        engine_free(engine);
        engine = NULL;
        if (!first.text) {
            first = outcome;
            outcome = (struct outcome){ 0 };
            continue;
        }
        assert_string_equal(outcome.text, first.text);
        outcome_fini(&outcome);
    }
    outcome_fini(&first);
}

static void looking_on_changes_no_decision(void **state)
{
    (void)state;
    fill(1);
    run(config_of(1), false, 0, 0);
    engine_free(engine);
    struct outcome first = outcome;
    outcome = (struct outcome){ 0 };
    run(config_of(4), true, 500, 3);
    assert_string_equal(outcome.text, first.text);
    assert_int_equal(outcome.observed, world.n);
    outcome_fini(&first);
}

static void a_sink_that_fails_stops_the_engine(void **state)
{
    (void)state;
    struct test_random random = { 1 };
    struct engine_config config = config_of(1);
    fill(1);
    outcome.answer = STATUS_IO;
    start(&config, false);
    assert_int_equal(world_feed(&world, engine, 100, &random), STATUS_IO);
    assert_int_equal(outcome.decisions, 1);
}

static void a_late_record_is_counted_and_taken_now(void **state)
{
    (void)state;
    world_exchange(&world, 1, T0 + HOUR, 1, 1);
    world_exchange(&world, 2, T0, 1, 2);
    run(config_of(1), false, 0, 0);
    struct engine_stats stats;
    struct account_profile profile;
    engine_stats(engine, &stats);
    assert_int_equal(stats.late, 1);
    assert_int_equal(stats.first_ms, T0 + HOUR);
    assert_ok(engine_account(engine, hashed(2), &profile));
    assert_int_equal(profile.last_seen_ms, T0 + HOUR);
}

static void ticks_that_close_early_are_counted(void **state)
{
    (void)state;
    struct engine_config config = config_of(1);
    config.pending_max = 64;
    fill(1);
    run(config, false, 0, 0);
    struct engine_stats stats;
    engine_stats(engine, &stats);
    assert_true(stats.ticks_forced > 0);
    assert_int_equal(stats.records, world.n);
}

/* Seven thousand accounts in pairs over one card, in a table for a thousand. */
static void evicted_accounts_leave_the_graph(void **state)
{
    (void)state;
    struct engine_config config = config_of(1);
    config.accounts_max = 1000;
    config.tick_ms = 10 * SECOND;
    policy->campaign.accounts_max = policy->campaign.edges_max = 100000;
    for (uint64_t account = 1; account <= 7000; account++) {
        world_facts(&world, account, account / 2);
        world.records[world.n - 1].time_ms = T0 + (int64_t)account * 5 * SECOND;
    }
    run(config, false, 100, 2);
    struct engine_stats stats;
    struct account_profile profile;
    engine_stats(engine, &stats);
    assert_true(stats.accounts.evicted > 5000);
    assert_true(stats.accounts.accounts <= 1000);
    assert_true(
        stats.campaigns.accounts <= 2000); /* those forgotten since the last epoch still stand in it */
    assert_int_equal(engine_account(engine, hashed(1), &profile), STATUS_NOT_FOUND);
    assert_ok(engine_account(engine, hashed(7000), &profile));
}

/* Two accounts share a card, are evicted by a crowd and send again, all within one tick. */
static void an_account_that_comes_back_in_its_tick_keeps_its_ties(void **state)
{
    (void)state;
    struct engine_config config = config_of(1);
    config.accounts_max = 200;
    world_facts(&world, 1, 7);
    world_facts(&world, 2, 7);
    for (uint64_t account = 3; account <= 2000; account++)
        world_facts(&world, account, account + 100);
    for (int64_t hour = 1; hour <= 7; hour += 2)
        for (uint64_t account = 1; account <= 2; account++)
            world_exchange(&world, account, T0 + hour * HOUR, account, account);
    run(config, false, 0, 0);
    struct engine_stats stats;
    engine_stats(engine, &stats);
    assert_true(stats.accounts.created > 2000); /* the two were evicted, and came back */
    assert_int_equal(stats.campaigns.accounts, 2);
    assert_int_equal(stats.campaigns.edges, 2);
}

static void the_names_of_evicted_accounts_go_in_time(void **state)
{
    (void)state;
    struct engine_config config = config_of(1);
    config.accounts_max = 1000;
    for (uint64_t account = 1; account <= 90000; account++) {
        struct record *record = world_next(&world, account, T0 + (int64_t)account * 10);
        record->kind = RECORD_ENFORCEMENT;
    }
    run(config, false, 1000, 4);
    struct engine_stats stats;
    engine_stats(engine, &stats);
    assert_int_equal(engine_name(engine, hashed(1)).n, 0);
    assert_int_equal(engine_name(engine, hashed(90000)).n, 21);
    assert_true(stats.names_bytes < 70000 * 80);
}

static void the_budget_is_what_is_reserved(void **state)
{
    (void)state;
    struct engine_config config = { .accounts_max = 50000, .issued_bytes = 8 << 20, .policy = policy };
    struct engine_stats stats;
    start(&config, false);
    engine_stats(engine, &stats);
    double reserved = (double)(stats.accounts.state_bytes + stats.objects.state_bytes +
                               stats.objects.issued_bytes + stats.pending_bytes);
    double budget = (double)engine_budget(&config);
    if (!(reserved > 0.95 * budget && reserved < 1.05 * budget))
        fail_msg("%.0f reserved, %.0f planned", reserved, budget);
}

static void running_out_of_memory_makes_no_engine(void **state)
{
    (void)state;
    struct engine_sink sink = { .context = &outcome, .decision = outcome_decision };
    struct engine_config config = {
        .n_threads = 2, .accounts_max = 1000, .issued_bytes = 1 << 16, .pending_max = 64, .policy = policy
    };
    enum status st = STATUS_NOMEM;
    for (long n = 0; st != STATUS_OK; n++) {
        assert_null(engine);
        alloc_sweep_arm(n);
        st = engine_new(&config, &sink, &engine);
        alloc_sweep_disarm();
        assert_true(st == STATUS_OK || st == STATUS_NOMEM);
    }
    assert_non_null(engine);
}

static void running_out_of_memory_in_a_run_leaks_nothing(void **state)
{
    (void)state;
    struct test_random random = { 6 };
    struct engine_config config = {
        .accounts_max = 1000, .issued_bytes = 1 << 16, .pending_max = 512, .tick_ms = HOUR, .policy = policy
    };
    world_fill(&world, &random, 20, 60, 500);
    bool reached = true;
    for (long n = 0; reached; n++) {
        start(&config, false);
        alloc_sweep_arm(n);
        enum status st = world_feed(&world, engine, 100, &(struct test_random){ 9 });
        reached = alloc_sweep_disarm();
        assert_true(st == STATUS_OK || (reached && st == STATUS_NOMEM));
        engine_free(engine);
        engine = NULL;
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_team_is_found_and_only_the_team_is_contained),
        TEST(neither_threads_nor_cuts_change_a_decision),
        TEST(another_policy_takes_hold_at_its_place_whatever_the_cuts),
        TEST(looking_on_changes_no_decision),
        TEST(a_sink_that_fails_stops_the_engine),
        TEST(a_late_record_is_counted_and_taken_now),
        TEST(ticks_that_close_early_are_counted),
        TEST(evicted_accounts_leave_the_graph),
        TEST(an_account_that_comes_back_in_its_tick_keeps_its_ties),
        TEST(the_names_of_evicted_accounts_go_in_time),
        TEST(the_budget_is_what_is_reserved),
        TEST(running_out_of_memory_makes_no_engine),
        TEST(running_out_of_memory_in_a_run_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
