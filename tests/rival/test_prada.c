#include "text_fixture.h"

#include "sketch/shapiro.h"

#include <math.h>

static struct text_traffic traffic;
static struct heard heard;

static int set_up(void **state)
{
    (void)state;
    traffic = text_traffic_new();
    heard = (struct heard){ 0 };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    text_traffic_fini(&traffic);
    heard_fini(&heard);
    return 0;
}

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a;
    float y = *(const float *)b;
    return (x > y) - (x < y);
}

static double uniform(struct test_random *random)
{
    return ((double)(test_random_u64(random) >> 11) + 0.5) * 0x1p-53;
}

/* A vector on the axes of two coordinates, so that distances can be told by hand. */
static void vector_at(unsigned account, size_t i, int x, int y, enum capability class)
{
    struct exchange_record *exchange = text_at(&traffic, account, T0 + (int64_t)i * MINUTE, "a b c");
    struct query *query = &traffic.items[traffic.n - 1].query;
    memset(query->vector, 0, sizeof query->vector);
    query->vector[0] = (int8_t)x;
    query->vector[1] = (int8_t)y;
    exchange->capability[class] = 200;
}

/* The method as it is written down, one account, everything kept. Returns the number of the query that gives the alarm. */
static size_t prada_slowly(double delta)
{
    enum { MOST = 400 };
    double set[2][MOST][2], joined[2][MOST], t[2] = { 0 }, distances[2][MOST];
    size_t n_set[2] = { 0 }, n_distances[2] = { 0 };
    for (size_t q = 0; q < traffic.n; q++) {
        const struct text_item *item = &traffic.items[q];
        size_t c = item->record.exchange.capability[CAP_MATH] > 0;
        double x = item->query.vector[0], y = item->query.vector[1], nearest = 1e9, all[2 * MOST], mean = 0;
        float kept[2 * MOST];
        size_t n = 0, n_kept = 0;
        for (size_t i = 0; i < n_set[c]; i++)
            nearest = fmin(nearest, hypot(set[c][i][0] - x, set[c][i][1] - y) / QUERY_LENGTH);
        if (n_set[c] > 0)
            distances[c][n_distances[c]++] = nearest;
        if (n_set[c] == 0 || nearest > t[c]) {
            double sum = 0, squares = 0;
            joined[c][n_set[c]] = n_set[c] == 0 ? 0 : nearest;
            set[c][n_set[c]][0] = x;
            set[c][n_set[c]++][1] = y;
            for (size_t i = 0; i < n_set[c]; i++)
                sum += joined[c][i] / (double)n_set[c];
            for (size_t i = 0; i < n_set[c]; i++)
                squares += (joined[c][i] - sum) * (joined[c][i] - sum) / (double)n_set[c];
            t[c] = fmax(t[c], sum - sqrt(squares));
        }
        for (size_t k = 0; k < 2; k++)
            for (size_t i = 0; n_distances[k] >= 10 && i < n_distances[k]; i++)
                all[n++] = distances[k][i];
        double squares = 0;
        for (size_t i = 0; i < n; i++)
            mean += all[i] / (double)n;
        for (size_t i = 0; i < n; i++)
            squares += (all[i] - mean) * (all[i] - mean) / (double)n;
        for (size_t i = 0; i < n; i++)
            if (fabs(all[i] - mean) < 3 * sqrt(squares))
                kept[n_kept++] = (float)all[i];
        qsort(kept, n_kept, sizeof *kept, by_value);
        if (q % 10 == 0 && n_kept > 100 && shapiro_w(kept, n_kept) < delta)
            return q;
    }
    return SIZE_MAX;
}

/*
 * Queries scattered over a plane by a law of their own, with a second class of 57, 23 or 7 queries farther out; compared
 * with the slow one for several laws and deltas.
 */
static void alarms_come_when_the_method_written_down_says_so(void **state)
{
    unsigned alarms = 0, silent = 0;
    const size_t every[] = { 4, 10, 33 };
    print_message("seeds 1 to 60\n");
    for (unsigned seed = 1; seed <= 60; seed++) {
        struct test_random random = { seed };
        double delta = 0.55 + 0.007 * seed;
        set_up(state);
        for (size_t i = 0; i < 230; i++) {
            bool second = i % every[seed % 3] == 0;
            double r = seed % 2 ? 60 * uniform(&random) * uniform(&random) : 50, a = 6.28 * uniform(&random);
            r *= second ? 2 : 1;
            vector_at(1, i, (int)(r * cos(a)), (int)(r * sin(a)), second ? CAP_MATH : CAP_CODING);
        }
        size_t expected = prada_slowly(delta);
        assert_ok(text_feed(&prada_kind, &(struct detector_config){ .threshold = delta }, &traffic, &heard));
        assert_int_equal(heard.n, expected != SIZE_MAX);
        if (heard.n > 0)
            assert_int_equal(heard.detections[0].time_ms, T0 + (int64_t)expected * MINUTE);
        alarms += heard.n > 0;
        silent += heard.n == 0;
        tear_down(state);
    }
    set_up(state);
    print_message("alarms %u, silent %u\n", alarms, silent);
    assert_true(alarms >= 10 && silent >= 10);
}

static void distances_of_probes_around_one_text_are_not_normal(void **state)
{
    (void)state;
    struct test_random random = { 5 };
    for (size_t i = 0; i < 300; i++) /* people: distances around 40 */
        vector_at(1, i, (int)(60 * shapiro_normal_quantile(uniform(&random)) / 3),
            (int)(60 * shapiro_normal_quantile(uniform(&random)) / 3), CAP_CODING);
    for (size_t i = 0; i < 300; i++) /* a prober: one of ten is new, the others are the same again */
        vector_at(2, i, i % 10 == 0 ? (int)(uniform(&random) * 120) : 0, 0, CAP_CODING);
    assert_ok(text_feed(&prada_kind, &(struct detector_config){ 0 }, &traffic, &heard));
    assert_int_equal(heard_of(&heard, 2), ACTION_SUSPEND);
    assert_int_equal(heard.detections[0].action, ACTION_SUSPEND);
}

static void a_hundred_distances_are_not_enough(void **state)
{
    (void)state;
    for (size_t i = 0; i < 101; i++)
        vector_at(1, i, i % 10 == 0 ? (int)i : 0, 0, CAP_CODING);
    assert_ok(text_feed(&prada_kind, &(struct detector_config){ .threshold = 1.1 }, &traffic, &heard));
    assert_int_equal(heard.n, 0);
}

static void memory_of_an_account_is_bounded(void **state)
{
    (void)state;
    struct test_random random = { 6 };
    for (size_t i = 0; i < 3000; i++)
        text_at(&traffic, 1, T0 + (int64_t)i * MINUTE, words_of(&random, "", (unsigned)i, 12, 1000));
    assert_ok(text_feed(&prada_kind, &(struct detector_config){ .threshold = 1e-3 }, &traffic, &heard));
    assert_int_equal(heard.n, 0);
    assert_true(heard.state_bytes < 40000);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    for (size_t i = 0; i < 300; i++)
        vector_at(1, i, i % 10 == 0 ? (int)i % 100 : 0, 0, i % 2 ? CAP_CODING : CAP_MATH);
    fail_every_allocation(&prada_kind, &traffic);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(alarms_come_when_the_method_written_down_says_so),
        TEST(distances_of_probes_around_one_text_are_not_normal),
        TEST(a_hundred_distances_are_not_enough),
        TEST(memory_of_an_account_is_bounded),
        TEST(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
