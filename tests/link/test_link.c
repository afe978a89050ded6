#include "link/link.h"

#include "crowd.h"
#include "support/alloc_sweep.h"

#include <math.h>

struct tally {
    unsigned people, crew; /* accounts of at least even score */
};

static struct tally run(struct crowd *c)
{
    struct link link;
    struct tally tally = { 0 };
    assert_ok(acts_settle(&c->acts));
    assert_ok(link_run(&link, &c->acts, &(struct link_config){ .least = 0.5, .pairs_max = 1 << 22 }));
    for (uint32_t i = 0; i < c->acts.accounts.n; i++) {
        assert_true(link.scores[i] >= 0 && link.scores[i] <= 1);
        if (link.scores[i] < 0.5)
            continue;
        if (roll_name(&c->acts.accounts, i).data[0] == 'c')
            tally.crew++;
        else
            tally.people++;
    }
    link_fini(&link);
    crowd_fini(c);
    return tally;
}

static void a_crowd_is_not_linked_even_on_days_that_are_everybodys(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct crowd c;
        crowd_init(&c, seed);
        for (unsigned i = 0; i < 10; i++)
            crowd_hot_day(&c, 300 + i, 60);
        struct tally tally = run(&c);
        if (tally.people > 4) /* of 4,000 */
            fail_msg("seed %u: %u people", (unsigned)seed, tally.people);
    }
}

static void a_crew_that_meets_on_several_objects_is_found_under_its_camouflage(void **state)
{
    (void)state;
    for (uint64_t seed = 11; seed <= 14; seed++) {
        struct crowd c;
        crowd_init(&c, seed);
        crowd_crew(&c, 0, 20, 8, 20);
        struct tally tally = run(&c);
        if (tally.crew < 19 || tally.people > 4)
            fail_msg("seed %u: %u of 20, %u people", (unsigned)seed, tally.crew, tally.people);
    }
}

static void a_crew_whose_accounts_come_at_any_time_is_found_by_its_objects(void **state)
{
    (void)state;
    for (uint64_t seed = 51; seed <= 54; seed++) {
        struct crowd c;
        crowd_init(&c, seed);
        crowd_scattered_crew(&c, 0, 30, 8, 3);
        struct tally tally = run(&c);
        if (tally.crew < 29 || tally.people > 4)
            fail_msg("seed %u: %u of 30, %u people", (unsigned)seed, tally.crew, tally.people);
    }
}

/* It meets the crew wherever that is. */
static void who_comes_everywhere_is_less_sure_to_be_of_a_crew_than_the_crew(void **state)
{
    (void)state;
    struct crowd c;
    struct link link;
    crowd_init(&c, 61);
    for (unsigned object = 1000; object < 1004; object++) {
        for (unsigned i = 0; i < 40; i++)
            crowd_act(&c, 'c', i, object, crowd_time(&c));
        crowd_act(&c, 'e', 0, object, crowd_time(&c));
    }
    for (unsigned object = 0; object < CROWD_OBJECTS; object++)
        crowd_act(&c, 'e', 0, object, crowd_time(&c));
    assert_ok(acts_settle(&c.acts));
    assert_ok(link_run(&link, &c.acts, &(struct link_config){ .least = 0.5, .pairs_max = 1 << 22 }));
    double crew = 1;
    double others = 0;
    for (uint32_t i = 0; i < c.acts.accounts.n; i++) {
        char who = roll_name(&c.acts.accounts, i).data[0];
        if (who == 'c' && link.scores[i] < crew)
            crew = link.scores[i];
        if (who == 'e' && link.scores[i] > others)
            others = link.scores[i];
    }
    if (!(crew > 0.8 && others < 0.5))
        fail_msg("crew %g, others %g", crew, others);
    link_fini(&link);
    crowd_fini(&c);
}

static void accounts_of_one_act_are_found_on_a_quiet_object_on_one_day(void **state)
{
    (void)state;
    for (uint64_t seed = 21; seed <= 24; seed++) {
        struct crowd c;
        crowd_init(&c, seed);
        crowd_drop(&c, 0, 40, 390, CROWD_START_MS + 50 * CROWD_DAY_MS, CROWD_DAY_MS / 2);
        struct tally tally = run(&c);
        if (tally.crew < 40 || tally.people > 4)
            fail_msg("seed %u: %u of 40, %u people", (unsigned)seed, tally.crew, tally.people);
    }
}

/* Forty who come within a minute explain why an object had so many that week: those who came by themselves are not of them. */
static void who_comes_on_other_days_is_not_of_those_who_came_in_a_minute(void **state)
{
    (void)state;
    unsigned people = 0;
    for (uint64_t seed = 61; seed <= 66; seed++) {
        struct crowd c;
        crowd_init(&c, seed);
        for (unsigned k = 0; k < 6; k++)
            crowd_drop(&c, 0, 40, 200 + 7 * k, crowd_time(&c), 50000);
        struct tally tally = run(&c);
        if (tally.crew < 40)
            fail_msg("seed %u: %u of 40", (unsigned)seed, tally.crew);
        people += tally.people;
    }
    if (people > 30) /* of 24,000 */
        fail_msg("%u people", people);
}

static void newcomers_of_a_steady_object_are_not_linked(void **state)
{
    (void)state;
    struct crowd c;
    crowd_init(&c, 31);
    for (unsigned day = 0; day < CROWD_DAYS; day++)
        crowd_drop(&c, 100 * day, 6, 390, CROWD_START_MS + day * CROWD_DAY_MS, CROWD_DAY_MS);
    crowd_drop(&c, 90000, 20, 390, CROWD_START_MS + 50 * CROWD_DAY_MS, CROWD_DAY_MS);
    struct tally tally = run(&c);
    assert_int_equal(tally.crew, 0);
}

static void times_that_are_days_are_linked_too(void **state)
{
    (void)state;
    struct crowd c;
    crowd_init(&c, 41);
    crowd_crew(&c, 0, 25, 8, 5);
    for (size_t i = 0; i < c.acts.n; i++)
        c.acts.items[i].time_ms -= c.acts.items[i].time_ms % CROWD_DAY_MS;
    struct tally tally = run(&c);
    if (tally.crew < 24 || tally.people > 4)
        fail_msg("%u of 25, %u people", tally.crew, tally.people);
}

static void the_order_of_the_file_changes_no_score(void **state)
{
    (void)state;
    struct crowd c;
    struct crowd other;
    struct link link;
    struct link again;
    crowd_init(&c, 51);
    crowd_crew(&c, 0, 20, 6, 5);
    acts_init(&other.acts, &(struct acts_limits){ 100000, 100000, 1000000 });
    for (size_t i = c.acts.n; i-- > 0;) {
        const struct act *act = &c.acts.items[i];
        assert_ok(acts_add(&other.acts, roll_name(&c.acts.accounts, act->account),
            roll_name(&c.acts.objects, act->object), (struct span){ 0 }, act->time_ms));
    }
    assert_ok(acts_settle(&c.acts));
    assert_ok(acts_settle(&other.acts));
    const struct link_config config = { .least = 0.5, .pairs_max = 1 << 22 };
    assert_ok(link_run(&link, &c.acts, &config));
    assert_ok(link_run(&again, &other.acts, &config));
    for (uint32_t i = 0; i < c.acts.accounts.n; i++) {
        uint32_t number;
        assert_ok(
            roll_add(&other.acts.accounts, roll_name(&c.acts.accounts, i), (struct span){ 0 }, &number));
        if (fabs(link.scores[i] - again.scores[number]) > 1e-3)
            fail_msg("account %u: %g and %g", i, link.scores[i], again.scores[number]);
    }
    link_fini(&link);
    link_fini(&again);
    crowd_fini(&c);
    crowd_fini(&other);
}

static void nothing_gives_nothing(void **state)
{
    (void)state;
    struct acts acts;
    struct link link;
    acts_init(&acts, &(struct acts_limits){ 10, 10, 10 });
    assert_ok(acts_settle(&acts));
    assert_ok(link_run(&link, &acts, &(struct link_config){ .least = 0.5, .pairs_max = 10 }));
    assert_int_equal(link.cells, 0);
    assert_int_equal(link.n_found, 0);
    link_fini(&link);
    acts_fini(&acts);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct crowd c;
    crowd_init(&c, 61);
    crowd_crew(&c, 0, 20, 6, 5);
    assert_ok(acts_settle(&c.acts));
    enum status st = STATUS_NOMEM;
    for (long nth = 0; st == STATUS_NOMEM; nth++) {
        struct link link;
        alloc_sweep_arm(nth);
        st = link_run(&link, &c.acts, &(struct link_config){ .least = 0.5, .pairs_max = 1 << 22 });
        alloc_sweep_disarm();
        link_fini(&link);
    }
    assert_ok(st);
    crowd_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crowd_is_not_linked_even_on_days_that_are_everybodys),
        cmocka_unit_test(a_crew_that_meets_on_several_objects_is_found_under_its_camouflage),
        cmocka_unit_test(a_crew_whose_accounts_come_at_any_time_is_found_by_its_objects),
        cmocka_unit_test(who_comes_everywhere_is_less_sure_to_be_of_a_crew_than_the_crew),
        cmocka_unit_test(accounts_of_one_act_are_found_on_a_quiet_object_on_one_day),
        cmocka_unit_test(who_comes_on_other_days_is_not_of_those_who_came_in_a_minute),
        cmocka_unit_test(newcomers_of_a_steady_object_are_not_linked),
        cmocka_unit_test(times_that_are_days_are_linked_too),
        cmocka_unit_test(the_order_of_the_file_changes_no_score),
        cmocka_unit_test(nothing_gives_nothing),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
