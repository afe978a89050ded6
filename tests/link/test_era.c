#include "link/era.h"

#include "crowd.h"

static void fill(struct acts *acts, int64_t unit_ms, int64_t span_ms)
{
    struct test_random random = { 3 };
    char name[16];
    acts_init(acts, &(struct acts_limits){ 10000, 10, 10000 });
    for (unsigned i = 0; i < 5000; i++) {
        snprintf(name, sizeof name, "%u", i);
        int64_t units = (int64_t)test_random_below(&random, (uint64_t)(span_ms / unit_ms));
        assert_ok(
            acts_add(acts, span_of(name), SPAN("x"), (struct span){ 0 }, CROWD_START_MS + units * unit_ms));
    }
    assert_ok(acts_settle(acts));
}

static void windows_are_no_finer_than_times_are_told_and_fit_the_span(void **state)
{
    (void)state;
    static const struct {
        int64_t unit_ms, span_ms, first_ms;
        size_t n;
    } cases[] = {
        { 1, 100 * CROWD_DAY_MS, 60000, 6 },
        { 1000, 1000 * CROWD_DAY_MS, 60000, 7 },
        { 3600000, 100 * CROWD_DAY_MS, 3600000, 4 },
        { CROWD_DAY_MS, 100 * CROWD_DAY_MS, CROWD_DAY_MS, 3 },
        { 1, 100000, 60000, 2 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct acts acts;
        struct era era;
        fill(&acts, cases[i].unit_ms, cases[i].span_ms);
        assert_ok(era_init(&era, &acts));
        assert_int_equal(era.resolution_ms, cases[i].unit_ms);
        assert_int_equal(era.windows_ms[0], cases[i].first_ms);
        assert_int_equal(era.n_windows, cases[i].n);
        assert_int_equal(era.windows_ms[era.n_windows - 1], ALL_TIME_MS);
        era_fini(&era);
        acts_fini(&acts);
    }
}

static void slices_and_accounts_add_up_to_all_acts(void **state)
{
    (void)state;
    struct crowd c;
    struct era era;
    crowd_init(&c, 4);
    assert_ok(acts_settle(&c.acts));
    assert_ok(era_init(&era, &c.acts));
    assert_true(era.n_slices > 2);
    struct share all = era_share(&era, c.acts.first_ms, c.acts.last_ms);
    assert_int_equal(all.n, c.acts.n);
    uint64_t by_accounts = 0;
    uint64_t of_one = 0;
    for (uint32_t account = 0; account < c.acts.accounts.n; account++) {
        of_one += acts_of(&c.acts, account) == 1;
        for (size_t slice = 0; slice < SLICES; slice++)
            by_accounts += era.account_slices[account][slice];
    }
    assert_int_equal(by_accounts, c.acts.n);
    assert_int_equal(all.by_level[0], of_one);
    for (size_t slice = 0; slice < era.n_slices; slice++) {
        assert_int_equal(era_slice(&era, era.slice_ms[slice]), slice);
        assert_int_equal(era_slice(&era, era.slice_ms[slice + 1] - 1), slice);
        assert_true(era.slices[slice].n * era.n_slices < 2 * c.acts.n);
    }
    era_fini(&era);
    crowd_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_are_no_finer_than_times_are_told_and_fit_the_span),
        cmocka_unit_test(slices_and_accounts_add_up_to_all_acts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
