#include "service/metrics.h"

#include "support/test.h"

static void the_page_has_every_count_once_with_its_type(void **state)
{
    (void)state;
    struct service_stats stats = {
        .starts = 3, .ready = true, .engine = { .records = 12345, .last_ms = 5000 }
    };
    struct buffer page = { 0 };
    stats.spool.waiting_bytes = 1;
    stats.published[ACTION_SUSPEND] = 40;
    metrics_page(&stats, 7500, &page);
    buffer_put_char(&page, '\0');
    assert_ok(page.status);
    assert_non_null(strstr(page.data, "# TYPE stillwatch_starts_total counter\nstillwatch_starts_total 3\n"));
    assert_non_null(strstr(page.data, "\nstillwatch_records 12345\n"));
    assert_non_null(strstr(page.data, "\nstillwatch_ready 1\n"));
    assert_non_null(strstr(page.data, "\nstillwatch_lag_seconds 2.5\n"));
    assert_non_null(strstr(page.data, "\nstillwatch_published_total{action=\"suspend\"} 40\n"));
    /* Every line is a comment or name, space, number; no name comes twice. */
    for (char *line = page.data, *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        if (strncmp(line, "# ", 2) == 0)
            continue;
        char *space = strrchr(line, ' ');
        assert_non_null(space);
        assert_true(space[1] >= '0' && space[1] <= '9');
        char *again = strstr(end + 1, line);
        assert_true(again == NULL || again[-1] != '\n' || again[space - line] != ' ');
    }
    buffer_fini(&page);
}

static void there_is_no_lag_while_nothing_waits_or_the_clock_went_back(void **state)
{
    (void)state;
    struct service_stats stats = { .engine = { .last_ms = 5000 } };
    assert_int_equal(metrics_lag_ms(&stats, 7500), 0);
    stats.spool.waiting_bytes = 1;
    assert_int_equal(metrics_lag_ms(&stats, 7500), 2500);
    assert_int_equal(metrics_lag_ms(&stats, 4000), 0);
    stats.engine.last_ms = -1;
    assert_int_equal(metrics_lag_ms(&stats, 7500), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_has_every_count_once_with_its_type),
        cmocka_unit_test(there_is_no_lag_while_nothing_waits_or_the_clock_went_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
