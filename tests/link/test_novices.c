#include "link/novices.h"

#include "crowd.h"

#include <math.h>

enum { OBJECT = 390 };

/* Of the object's cells of a day the one with most evidence; and how much all cells have on average, as e-values. */
static double most_of(struct crowd *c, const char *object, double *ret_mean)
{
    struct era era;
    struct grid grid;
    uint32_t number;
    double most = -INFINITY;
    double sum = 0;
    double taste[LEVELS];
    assert_ok(acts_settle(&c->acts));
    assert_ok(era_init(&era, &c->acts));
    assert_ok(grid_init(&grid, &era, CROWD_DAY_MS, 0));
    assert_ok(novices_taste(&era, taste));
    assert_ok(novices_weigh(&era, taste, &grid));
    assert_ok(roll_add(&c->acts.objects, span_of(object), (struct span){ 0 }, &number));
    for (size_t i = 0; i < grid.n; i++) {
        double log_e = (double)grid.cells[i].novices;
        sum += pow(10, log_e);
        if (c->acts.items[grid.cells[i].from].object == number)
            most = fmax(most, log_e);
    }
    if (ret_mean)
        *ret_mean = sum / (double)grid.n;
    grid_fini(&grid);
    era_fini(&era);
    crowd_fini(c);
    return most;
}

static void e_values_of_a_crowd_have_mean_one_at_most(void **state)
{
    (void)state;
    double mean;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct crowd c;
        crowd_init(&c, seed);
        most_of(&c, "o1", &mean);
        if (!(mean <= 1))
            fail_msg("seed %u: %g", (unsigned)seed, mean);
    }
}

static void evidence_grows_with_the_newcomers_of_a_day(void **state)
{
    (void)state;
    double before = 0;
    for (unsigned n = 5; n <= 80; n *= 2) {
        struct crowd c;
        crowd_init(&c, 6);
        crowd_drop(&c, 0, n, OBJECT, CROWD_START_MS + 30 * CROWD_DAY_MS, CROWD_DAY_MS / 2);
        double log_e = most_of(&c, "o390", NULL);
        assert_true(log_e > before);
        before = log_e;
    }
    assert_true(before > 20);
}

static void people_on_a_day_that_is_everybodys_are_no_evidence(void **state)
{
    (void)state;
    struct crowd c;
    crowd_init(&c, 7);
    crowd_hot_day(&c, OBJECT, 200);
    assert_true(most_of(&c, "o390", NULL) < 1);
}

static void a_steady_audience_of_newcomers_takes_the_evidence_away(void **state)
{
    (void)state;
    double log_e[2];
    for (unsigned steady = 0; steady < 2; steady++) {
        struct crowd c;
        crowd_init(&c, 8);
        crowd_drop(&c, 0, 30, OBJECT, CROWD_START_MS + 30 * CROWD_DAY_MS, CROWD_DAY_MS / 2);
        for (unsigned day = 0; steady && day < CROWD_DAYS; day++)
            crowd_drop(&c, 1000 + day * 10, 5, OBJECT, CROWD_START_MS + day * CROWD_DAY_MS, CROWD_DAY_MS);
        log_e[steady] = most_of(&c, "o390", NULL);
    }
    assert_true(log_e[0] > 10);
    assert_true(log_e[1] < 2);
}

static void audiences_that_differ_are_measured_and_few_that_are_bought_are_not(void **state)
{
    (void)state;
    double taste[3];
    for (unsigned round = 0; round < 3; round++) {
        struct crowd c;
        struct era era;
        double by_level[LEVELS];
        crowd_init(&c, 9);
        /* Half of the objects draw newcomers all the time; or one of twenty do. */
        for (unsigned object = 0; round > 0 && object < CROWD_OBJECTS; object += round == 1 ? 2 : 20)
            for (unsigned day = 0; day < CROWD_DAYS; day += 2)
                crowd_drop(&c, object * 1000 + day * 10, 2, object, CROWD_START_MS + day * CROWD_DAY_MS,
                    CROWD_DAY_MS);
        assert_ok(acts_settle(&c.acts));
        assert_ok(era_init(&era, &c.acts));
        assert_ok(novices_taste(&era, by_level));
        taste[round] = by_level[0];
        era_fini(&era);
        crowd_fini(&c);
    }
    if (!(taste[0] < 6 && taste[1] > 20 && taste[2] < 8))
        fail_msg("%g, %g, %g", taste[0], taste[1], taste[2]);
}

/* Newcomers become more common everywhere; a steady object's audience with them. */
static void a_crowd_that_changes_is_no_evidence_against_a_steady_object(void **state)
{
    (void)state;
    struct crowd c;
    crowd_init(&c, 10);
    for (unsigned day = 0; day < CROWD_DAYS; day++) {
        for (unsigned i = 0; i < day * 4; i++)
            crowd_drop(&c, day * 1000 + i, 1, i % 40, CROWD_START_MS + day * CROWD_DAY_MS, CROWD_DAY_MS);
        for (unsigned i = 0; i < 12; i++)
            crowd_act(&c, 'u', (unsigned)test_random_below(&c.random, CROWD_PEOPLE), 1 + i % 3,
                CROWD_START_MS + day * CROWD_DAY_MS + i);
    }
    assert_true(most_of(&c, "o1", NULL) < 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e_values_of_a_crowd_have_mean_one_at_most),
        cmocka_unit_test(evidence_grows_with_the_newcomers_of_a_day),
        cmocka_unit_test(people_on_a_day_that_is_everybodys_are_no_evidence),
        cmocka_unit_test(audiences_that_differ_are_measured_and_few_that_are_bought_are_not),
        cmocka_unit_test(a_crowd_that_changes_is_no_evidence_against_a_steady_object),
        cmocka_unit_test(a_steady_audience_of_newcomers_takes_the_evidence_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
