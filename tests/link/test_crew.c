#include "link/crew.h"

#include "crowd.h"
#include "support/alloc_sweep.h"

static const struct link_config config = { .least = 0.5, .pairs_max = 1 << 22 };

static uint32_t crew_of(const struct crowd *c, const struct crews *crews, const char *name)
{
    for (uint32_t i = 0; i < c->acts.accounts.n; i++)
        if (span_is(roll_name(&c->acts.accounts, i), name))
            return crews->crew_of[i];
    fail_msg("no account %s", name);
    return MAP_NONE;
}

static void two_crews_stay_two_though_one_account_serves_both(void **state)
{
    (void)state;
    struct crowd c;
    struct link link;
    struct crews crews;
    crowd_init(&c, 1);
    crowd_crew(&c, 0, 20, 8, 5);
    crowd_crew(&c, 19, 20, 8, 5); /* c19 is in both */
    assert_ok(acts_settle(&c.acts));
    assert_ok(link_run(&link, &c.acts, &config));
    assert_ok(crews_make(&crews, &link));
    assert_true(crew_of(&c, &crews, "c1") != MAP_NONE);
    assert_true(crew_of(&c, &crews, "c30") != MAP_NONE);
    assert_int_equal(crew_of(&c, &crews, "c1"), crew_of(&c, &crews, "c2"));
    assert_int_equal(crew_of(&c, &crews, "c30"), crew_of(&c, &crews, "c31"));
    assert_true(crew_of(&c, &crews, "c1") != crew_of(&c, &crews, "c30"));
    crews_fini(&crews);
    link_fini(&link);
    crowd_fini(&c);
}

/* Two crews of thirty come to so many objects each, of which some are those of both, at times of their own. */
static void stay_two(uint64_t seed, unsigned n_objects, unsigned n_both)
{
    struct crowd c;
    struct link link;
    struct crews crews;
    crowd_init(&c, seed);
    for (unsigned crew = 0; crew < 2; crew++)
        for (unsigned object = 0; object < n_objects; object++)
            for (unsigned i = 0; i < 30; i++)
                crowd_act(
                    &c, 'c', 100 * crew + i, 1000 + (n_objects - n_both) * crew + object, crowd_time(&c));
    assert_ok(acts_settle(&c.acts));
    assert_ok(link_run(&link, &c.acts, &config));
    assert_ok(crews_make(&crews, &link));
    uint32_t first = crew_of(&c, &crews, "c0"), second = crew_of(&c, &crews, "c100");
    assert_true(first != MAP_NONE && second != MAP_NONE && first != second);
    assert_true(crews.items[first].n_cells >= n_objects && crews.items[second].n_cells >= n_objects);
    for (unsigned i = 1; i < 30; i++) {
        char name[32];
        snprintf(name, sizeof name, "c%u", i);
        assert_int_equal(crew_of(&c, &crews, name), first);
        snprintf(name, sizeof name, "c%u", 100 + i);
        assert_int_equal(crew_of(&c, &crews, name), second);
    }
    crews_fini(&crews);
    link_fini(&link);
    crowd_fini(&c);
}

static void crews_that_came_to_an_object_at_times_of_their_own_stay_two(void **state)
{
    (void)state;
    stay_two(4, 8, 2);
    stay_two(5, 2, 1);
}

/* Each of forty comes to twelve of twenty objects. */
static void a_crew_of_which_no_object_has_all_is_one(void **state)
{
    (void)state;
    struct crowd c;
    struct link link;
    struct crews crews;
    crowd_init(&c, 5);
    for (unsigned i = 0; i < 40; i++)
        for (unsigned object = 0; object < 12; object++)
            crowd_act(&c, 'c', i, 1000 + (7 * i + object) % 20, crowd_time(&c));
    assert_ok(acts_settle(&c.acts));
    assert_ok(link_run(&link, &c.acts, &config));
    assert_ok(crews_make(&crews, &link));
    for (unsigned i = 0; i < 40; i++) {
        char name[32];
        snprintf(name, sizeof name, "c%u", i);
        assert_int_equal(crew_of(&c, &crews, name), 0);
    }
    crews_fini(&crews);
    link_fini(&link);
    crowd_fini(&c);
}

static void a_crew_is_described_by_its_own_acts(void **state)
{
    (void)state;
    struct crowd c;
    struct link link;
    struct crews crews;
    const int64_t at_ms = CROWD_START_MS + 40 * CROWD_DAY_MS;
    crowd_init(&c, 2);
    crowd_drop(&c, 0, 40, 391, at_ms, CROWD_DAY_MS / 4);
    assert_ok(acts_settle(&c.acts));
    assert_ok(link_run(&link, &c.acts, &config));
    assert_ok(crews_make(&crews, &link));
    uint32_t number = crew_of(&c, &crews, "c0");
    assert_int_equal(number, 0); /* the best odds */
    const struct crew *crew = &crews.items[number];
    assert_in_range(crew->n_accounts, 40, 42);
    assert_true(span_is(roll_name(&c.acts.objects, crew->top[0]), "o391"));
    assert_in_range(crew->top_accounts[0], 40, 42);
    assert_true(crew->first_ms >= at_ms - 28 * CROWD_DAY_MS && crew->first_ms < at_ms + CROWD_DAY_MS / 4);
    assert_true(crew->n_acts >= 40 && crew->n_cells > 0);
    crews_fini(&crews);
    link_fini(&link);
    crowd_fini(&c);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct crowd c;
    struct link link;
    crowd_init(&c, 3);
    crowd_crew(&c, 0, 20, 6, 5);
    crowd_scattered_crew(&c, 100, 30, 8, 3);
    crowd_scattered_crew(&c, 200, 30, 8, 3);
    assert_ok(acts_settle(&c.acts));
    assert_ok(link_run(&link, &c.acts, &config));
    enum status st = STATUS_NOMEM;
    for (long nth = 0; st == STATUS_NOMEM; nth++) {
        struct crews crews;
        alloc_sweep_arm(nth);
        st = crews_make(&crews, &link);
        alloc_sweep_disarm();
        crews_fini(&crews);
    }
    assert_ok(st);
    link_fini(&link);
    crowd_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_crews_stay_two_though_one_account_serves_both),
        cmocka_unit_test(crews_that_came_to_an_object_at_times_of_their_own_stay_two),
        cmocka_unit_test(a_crew_of_which_no_object_has_all_is_one),
        cmocka_unit_test(a_crew_is_described_by_its_own_acts),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
