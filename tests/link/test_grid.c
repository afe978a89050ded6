#include "link/grid.h"

#include "crowd.h"

#define HOUR_MS INT64_C(3600000)

/* Each act's cell, found slowly: all acts of its object in its window. */
static void cells_are_the_acts_of_an_object_in_a_window(void **state)
{
    (void)state;
    struct crowd c;
    struct era era;
    crowd_init(&c, 5);
    assert_ok(acts_settle(&c.acts));
    assert_ok(era_init(&era, &c.acts));
    for (unsigned phase = 0; phase < PHASES; phase++) {
        struct grid grid;
        const int64_t window_ms = 24 * HOUR_MS;
        assert_ok(grid_init(&grid, &era, window_ms, phase));
        assert_int_equal(grid.n, grid_count(&era, window_ms, phase));
        assert_true(grid.n > 100);
        for (size_t i = 0; i < c.acts.n; i += 7) {
            const struct act *act = &c.acts.items[i];
            int64_t window = (act->time_ms + (int64_t)phase * 12 * HOUR_MS) / window_ms;
            size_t n = 0;
            for (size_t j = 0; j < c.acts.n; j++) {
                const struct act *other = &c.acts.items[j];
                n += other->object == act->object &&
                     (other->time_ms + (int64_t)phase * 12 * HOUR_MS) / window_ms == window;
            }
            if (n < CELL_MIN)
                assert_int_equal(grid.cell_of[i], MAP_NONE);
            else
                assert_int_equal(grid.cells[grid.cell_of[i]].n, n);
        }
        grid_fini(&grid);
    }
    era_fini(&era);
    crowd_fini(&c);
}

static void a_window_of_the_resolution_has_one_phase(void **state)
{
    (void)state;
    struct era era = { .resolution_ms = HOUR_MS };
    assert_int_equal(grid_phases(&era, HOUR_MS), 1);
    assert_int_equal(grid_phases(&era, 24 * HOUR_MS), PHASES);
}

/* Before 1970 as well. */
static void no_time_is_outside_of_all_time(void **state)
{
    (void)state;
    struct crowd c = { 0 };
    struct era era;
    struct grid grid;
    acts_init(&c.acts, &(struct acts_limits){ 100, 100, 100 });
    for (unsigned i = 0; i < 10; i++)
        crowd_act(&c, 'u', i, 0, ((int64_t)i - 5) * 40 * 24 * HOUR_MS);
    assert_ok(acts_settle(&c.acts));
    assert_ok(era_init(&era, &c.acts));
    assert_int_equal(grid_phases(&era, ALL_TIME_MS), 1);
    assert_ok(grid_init(&grid, &era, ALL_TIME_MS, 0));
    assert_int_equal(grid.n, 1);
    assert_int_equal(grid.cells[0].n, 10);
    grid_fini(&grid);
    era_fini(&era);
    crowd_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_the_acts_of_an_object_in_a_window),
        cmocka_unit_test(no_time_is_outside_of_all_time),
        cmocka_unit_test(a_window_of_the_resolution_has_one_phase),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
