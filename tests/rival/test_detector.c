#include "text_fixture.h"

static void every_kind_is_found_by_its_name_and_complete(void **state)
{
    (void)state;
    size_t n = 0;
    for (; detector_kind_at(n); n++) {
        const struct detector_kind *kind = detector_kind_at(n);
        assert_ptr_equal(detector_kind_find(span_of(kind->name)), kind);
        assert_true(strlen(kind->summary) > 20 && !strchr(kind->summary, '\n'));
        assert_true(kind->open && kind->batch && kind->state_bytes && kind->close);
    }
    assert_true(n > 0);
    assert_null(detector_kind_at(n + 7));
    assert_null(detector_kind_find(SPAN("no such detector")));
    assert_null(detector_kind_find((struct span){ 0 }));
}

/* Thirty accounts by themselves, and a ring of eight with one card, one address and one frame. */
static struct traffic a_busy_day(void)
{
    struct test_random random = { 5 };
    struct traffic traffic = { 0 };
    for (uint64_t account = 1; account <= 38; account++)
        facts_at(&traffic, account, T0)->payment = hash_of(OF_PAYMENT, account > 30 ? 31 : account);
    for (size_t i = 0; i < 4000; i++) {
        uint64_t account = 1 + test_random_below(&random, 38);
        uint64_t own = account > 30 ? 31 : account;
        struct exchange_record *exchange =
            exchange_at(&traffic, account, T0 + (int64_t)(i * (uint64_t)(2 * DAY) / 4000));
        exchange->ip = hash_of(OF_IP, own);
        exchange->net = hash_of(OF_NET, own);
        exchange->client = hash_of(OF_CLIENT, own);
        exchange->lead[2] = exchange->user.id = hash_of(OF_FRAME, own);
        exchange->slot = hash_of(OF_SLOT, i + 1);
    }
    return traffic;
}

static void every_kind_says_the_same_in_every_run(void **state)
{
    (void)state;
    struct traffic traffic = a_busy_day();
    for (size_t i = 0; detector_kind_at(i); i++) {
        const struct detector_kind *kind = detector_kind_at(i);
        struct heard first = { 0 };
        struct heard second = { 0 };
        if (kind->wants_queries)
            continue;
        assert_ok(feed(kind, &(struct detector_config){ .accounts_max = 1000 }, &traffic, 0, &first));
        assert_ok(feed(
            kind, &(struct detector_config){ .accounts_max = 1000, .n_threads = 2 }, &traffic, 0, &second));
        assert_int_equal(first.n, second.n);
        assert_int_equal(first.n_groups, second.n_groups);
        for (size_t j = 0; j < first.n; j++) {
            assert_int_equal(first.detections[j].time_ms, second.detections[j].time_ms);
            assert_int_equal(first.detections[j].account, second.detections[j].account);
            assert_int_equal(first.detections[j].group, second.detections[j].group);
            assert_int_equal(first.detections[j].action, second.detections[j].action);
        }
        for (size_t j = 0; j < first.n_groups; j++) {
            assert_int_equal(first.groups[j].account, second.groups[j].account);
            assert_int_equal(first.groups[j].group, second.groups[j].group);
            assert_int_equal(first.groups[j].detected_ms, second.groups[j].detected_ms);
        }
        heard_fini(&first);
        heard_fini(&second);
    }
    traffic_fini(&traffic);
}

/* Two days of people, and a ring with one frame and one address that is regular and repeats itself. */
static struct text_traffic days_of_text(void)
{
    struct test_random random = { 6 };
    struct text_traffic traffic = text_traffic_new();
    for (unsigned i = 0; i < 9000; i++) {
        unsigned account = 1 + i % 30;
        bool ring = account > 24;
        struct exchange_record *exchange = text_at(&traffic, account, T0 + (int64_t)i * 20 * SECOND,
            ring ? words_of(&random, "solve this step by step and put the answer in a box:", 1, 2, 50)
                 : words_of(&random, "", account + (unsigned)test_random_below(&random, 30), 9, 400));
        exchange->capability[ring ? CAP_MATH : test_random_below(&random, 6)] = 200;
        exchange->ip = hash_of(OF_IP, ring ? 99 : account);
    }
    return traffic;
}

static void every_kind_that_reads_text_says_the_same_in_every_run(void **state)
{
    (void)state;
    struct text_traffic traffic = days_of_text();
    size_t said = 0;
    for (size_t i = 0; detector_kind_at(i); i++) {
        const struct detector_kind *kind = detector_kind_at(i);
        struct heard first = { 0 };
        struct heard second = { 0 };
        if (!kind->wants_queries)
            continue;
        assert_ok(text_feed(kind, &(struct detector_config){ .accounts_max = 1000 }, &traffic, &first));
        assert_ok(text_feed(kind, &(struct detector_config){ .n_threads = 2 }, &traffic, &second));
        assert_int_equal(first.n, second.n);
        assert_int_equal(first.n_groups, second.n_groups);
        for (size_t j = 0; first.detections && second.detections && j < first.n; j++) {
            assert_int_equal(first.detections[j].time_ms, second.detections[j].time_ms);
            assert_int_equal(first.detections[j].account, second.detections[j].account);
            assert_int_equal(first.detections[j].group, second.detections[j].group);
        }
        said += first.n > 0;
        heard_fini(&first);
        heard_fini(&second);
    }
    assert_true(said >= 4);
    text_traffic_fini(&traffic);
}

static void an_empty_run_says_nothing(void **state)
{
    (void)state;
    struct traffic none = { 0 };
    for (size_t i = 0; detector_kind_at(i); i++) {
        struct heard heard = { 0 };
        assert_ok(
            feed(detector_kind_at(i), &(struct detector_config){ .accounts_max = 100 }, &none, 0, &heard));
        assert_int_equal(heard.n + heard.n_groups, 0);
        detector_kind_at(i)->close(NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_found_by_its_name_and_complete),
        cmocka_unit_test(every_kind_says_the_same_in_every_run),
        cmocka_unit_test(every_kind_that_reads_text_says_the_same_in_every_run),
        cmocka_unit_test(an_empty_run_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
