/* prove.c: the closed loop: deterministic, and what the detector does changes what happens. */
#include "lab/fixture.h"

#include "lab/prove.h"
#include "rival/kinds.h"

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

/* Suspends who sends for the five hundredth time. */
enum { SLOTS = 4096, ENOUGH = 500 };
struct detector {
    struct detector_sink sink;
    uint32_t sent[SLOTS];
};

static enum status strict_open(
    const struct detector_config *config, const struct detector_sink *sink, struct detector **ret_detector)
{
    (void)config;
    struct detector *detector = calloc(1, sizeof *detector);
    if (!detector)
        return STATUS_NOMEM;
    detector->sink = *sink;
    *ret_detector = detector;
    return STATUS_OK;
}

static enum status strict_batch(struct detector *detector, const struct detector_batch *batch)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < batch->records->n; i++) {
        const struct record *record = &batch->records->records[i];
        if (record->kind != RECORD_EXCHANGE || ++detector->sent[record->account % SLOTS] != ENOUGH)
            continue;
        const struct detection detection = { record->time_ms, record->account, 0, ACTION_SUSPEND };
        TRY(detector->sink.detection(detector->sink.context, &detection));
    }
fail:
    return st;
}

static enum status strict_finish(struct detector *detector)
{
    (void)detector;
    return STATUS_OK;
}

static uint64_t strict_bytes(const struct detector *detector)
{
    return sizeof *detector;
}

static void strict_close(struct detector *detector)
{
    free(detector);
}

static const struct detector_kind strict = { .name = "strict",
    .summary = "a test's",
    .open = strict_open,
    .batch = strict_batch,
    .finish = strict_finish,
    .state_bytes = strict_bytes,
    .close = strict_close };

static double no_clock(void)
{
    return 0;
}

#define GREEDY                                                                                               \
    LAB_HEAD("3")                                                                                            \
    "benign: [{population: individuals, accounts: 40}]\n" LAB_CAMPAIGN("one", "8", "900") LAB_JOBS           \
        "    rhythm: constant\n    identity: {paid: 1}\n    reaction: {replace_hours: 6, handoff: 0.5}\n"    \
        "    budget: {account_price: 10, accounts: 12}\n"

static struct prove_result run(
    const struct detector_kind *kind, double threshold, unsigned n_threads, uint64_t seed)
{
    struct diag diag = { 0 };
    struct prove_result result = { 0 };
    lab_world(&lab, GREEDY, seed, 1);
    const struct prove_config config = {
        .world = lab_config(&lab, seed, 1),
        .kind = kind,
        .detector = { .n_threads = n_threads, .key = &lab.key, .threshold = threshold },
        .clock = no_clock,
    };
    assert_ok(prove(&config, &result, &diag));
    return result;
}

static void nobody_contains_nobody_and_everything_leaks(void **state)
{
    (void)state;
    struct prove_result result = run(&none_kind, 0, 1, 3);
    assert_int_equal(result.score.decisions, 0);
    assert_int_equal(result.score.campaigns[0].leaked, result.score.campaigns[0].extraction_exchanges);
    assert_true(result.score.campaigns[0].leaked > 15000);
    assert_int_equal(result.costs[0].accounts_bought, 8);
    prove_result_fini(&result);
}

static void what_a_detector_contains_stops_leaking_and_is_replaced_until_the_budget_ends(void **state)
{
    (void)state;
    struct prove_result free_run = run(&none_kind, 0, 1, 3);
    struct prove_result watched = run(&strict, 0, 1, 3);
    assert_true(watched.score.decisions >= 8);
    assert_true(watched.score.campaigns[0].leaked < free_run.score.campaigns[0].leaked / 2);
    assert_int_equal(watched.costs[0].accounts_bought, 12);
    assert_true(watched.costs[0].refused >= 12);
    prove_result_fini(&free_run);
    prove_result_fini(&watched);
}

static void the_same_seed_gives_the_same_score_whatever_the_threads(void **state)
{
    (void)state;
    struct prove_result one = run(&strict, 0, 1, 4), again = run(&strict, 0, 2, 4);
    struct prove_result other = run(&strict, 0, 1, 5);
    assert_int_equal(one.exchanges, again.exchanges);
    assert_int_equal(one.score.decisions, again.score.decisions);
    assert_memory_equal(&one.score.campaigns[0].leaked, &again.score.campaigns[0].leaked, sizeof(uint64_t));
    assert_memory_equal(&one.costs[0], &again.costs[0], sizeof one.costs[0]);
    assert_int_not_equal(one.exchanges, other.exchanges);
    prove_result_fini(&one);
    prove_result_fini(&again);
    prove_result_fini(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_contains_nobody_and_everything_leaks),
        cmocka_unit_test(what_a_detector_contains_stops_leaking_and_is_replaced_until_the_budget_ends),
        cmocka_unit_test(the_same_seed_gives_the_same_score_whatever_the_threads),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
