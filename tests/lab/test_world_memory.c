/* world.c and what it is made of without memory: the n-th allocation fails, wherever that is. */
#include "lab/fixture.h"

#include "support/alloc_sweep.h"

static struct lab lab;

static int open_lab(void **state)
{
    (void)state;
    lab_open(&lab);
    return 0;
}

static int close_lab(void **state)
{
    (void)state;
    lab_close(&lab);
    return 0;
}

/* An operator that loses accounts, buys others, is raided and has a stand-by pool: everything grows while it runs. */
#define SCENARIO                                                                                             \
    LAB_HEAD("0.2")                                                                                          \
    "benign: [{population: teams, accounts: 60}, {population: failover, accounts: 30}]\n"                    \
    "releases: [{day: 0.1, model: m-2}]\n" LAB_CAMPAIGN("one", "70", "300") LAB_JOBS                         \
        "    raids: [{day: 0.05, share: 0.9}]\n"                                                             \
        "    reaction: {replace_hours: 0.1, handoff: 0.5, standby: 70, switch_at: 0.2}\n"

static void read_scenario(void)
{
    struct diag diag;
    lab_world_end(&lab);
    assert_ok(scenario_read(span_of(SCENARIO), "test", &lab.scenario, &diag));
}

static void without_memory_no_world_is_made_and_nothing_is_left(void **state)
{
    (void)state;
    read_scenario();
    struct world_config config = lab_config(&lab, 5, 1);
    bool failed = true;
    long nth = 0;
    for (; failed; nth++) {
        struct world *world = NULL;
        struct diag diag = { 0 };
        alloc_sweep_arm(nth);
        enum status st = world_new(&config, &world, &diag);
        failed = alloc_sweep_disarm();
        assert_int_equal(st, failed ? STATUS_NOMEM : STATUS_OK);
        assert_true(failed == !world);
        world_free(world);
    }
    assert_true(nth > 8);
}

/* Runs with every allocation after the world's making failing in turn. */
static void without_memory_a_step_says_so_and_the_world_can_be_freed(void **state)
{
    (void)state;
    read_scenario();
    struct world_config config = lab_config(&lab, 6, 1);
    bool failed = true;
    long nth = 0;
    for (; failed; nth++) {
        struct world *world;
        struct diag diag;
        const struct happening *happenings;
        size_t n, all = 0;
        enum status st;
        assert_ok(world_new(&config, &world, &diag));
        alloc_sweep_arm(nth);
        while ((st = world_step(world, &happenings, &n)) == STATUS_OK)
            all += n;
        failed = alloc_sweep_disarm();
        assert_int_equal(st, failed ? STATUS_NOMEM : STATUS_END);
        assert_true(failed || all > 1000);
        world_free(world);
    }
    assert_true(nth > 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_memory_no_world_is_made_and_nothing_is_left),
        cmocka_unit_test(without_memory_a_step_says_so_and_the_world_can_be_freed),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
