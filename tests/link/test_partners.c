#include "link/partners.h"

#include "crowd.h"

#include <math.h>

struct bench {
    struct crowd c;
    struct era era;
    struct grid grid;
    struct partners partners;
};

static void find(struct bench *b, size_t pairs_max)
{
    assert_ok(acts_settle(&b->c.acts));
    assert_ok(era_init(&b->era, &b->c.acts));
    assert_ok(grid_init(&b->grid, &b->era, CROWD_DAY_MS, 0));
    assert_ok(partners_find(&b->partners, &b->era, &b->grid, pairs_max));
}

static void fini(struct bench *b)
{
    partners_fini(&b->partners);
    grid_fini(&b->grid);
    era_fini(&b->era);
    crowd_fini(&b->c);
}

static unsigned shared_slowly(const struct bench *b, const struct meeting *m)
{
    const struct cell *x = &b->grid.cells[m->a];
    const struct cell *y = &b->grid.cells[m->b];
    const struct act *items = b->c.acts.items;
    unsigned n = 0;
    for (uint32_t i = x->from; i < x->from + x->n; i++)
        for (uint32_t j = y->from; j < y->from + y->n; j++)
            n += items[i].account == items[j].account;
    return n;
}

static void e_values_of_a_crowd_have_mean_one_at_most(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct bench b;
        double sum = 0;
        crowd_init(&b.c, seed);
        find(&b, 1 << 22);
        for (size_t i = 0; i < b.grid.n; i++)
            sum += pow(10, (double)b.grid.cells[i].partners);
        if (!(sum <= (double)b.grid.n))
            fail_msg("seed %u: %g", (unsigned)seed, sum / (double)b.grid.n);
        fini(&b);
    }
}

static void a_crew_is_evidence_and_shares_what_an_exact_count_says(void **state)
{
    (void)state;
    struct bench b;
    float most = 0;
    size_t compared = 0;
    crowd_init(&b.c, 11);
    crowd_crew(&b.c, 0, 20, 4, 10);
    find(&b, 1 << 22);
    for (size_t i = 0; i < b.partners.n; i++) {
        const struct meeting *m = &b.partners.items[i];
        assert_true(m->a < m->b);
        most = fmaxf(most, m->log_e);
        if (m->log_e < 5)
            continue;
        assert_int_equal(m->shared, shared_slowly(&b, m));
        compared++;
    }
    assert_true(compared > 0);
    if (!(most > 5))
        fail_msg("%g", (double)most);
    fini(&b);
}

static void the_same_overlap_is_less_evidence_on_an_object_that_is_hot_that_day(void **state)
{
    (void)state;
    float most[2];
    for (unsigned hot = 0; hot < 2; hot++) {
        struct bench b;
        most[hot] = 0;
        crowd_init(&b.c, 12);
        for (unsigned k = 0; k < 2; k++) {
            int64_t at_ms = CROWD_START_MS + (10 + 20 * k) * CROWD_DAY_MS;
            crowd_drop(&b.c, 0, 8, 390 + k, at_ms, CROWD_DAY_MS / 2);
            for (unsigned i = 0; hot && i < 300; i++)
                crowd_act(&b.c, 'u', (unsigned)test_random_below(&b.c.random, CROWD_PEOPLE), 390 + k, at_ms);
        }
        find(&b, 1 << 22);
        for (size_t i = 0; i < b.partners.n; i++)
            most[hot] = fmaxf(most[hot], b.partners.items[i].log_e);
        fini(&b);
    }
    assert_true(most[0] > most[1] + 5);
}

static void pairs_beyond_the_limit_are_counted(void **state)
{
    (void)state;
    struct bench b;
    crowd_init(&b.c, 13);
    find(&b, 100);
    assert_true(b.partners.left_out > 100);
    fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e_values_of_a_crowd_have_mean_one_at_most),
        cmocka_unit_test(a_crew_is_evidence_and_shares_what_an_exact_count_says),
        cmocka_unit_test(the_same_overlap_is_less_evidence_on_an_object_that_is_hot_that_day),
        cmocka_unit_test(pairs_beyond_the_limit_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
