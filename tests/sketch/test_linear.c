#include "sketch/linear.h"
#include "support/test.h"

#include <stdlib.h>
#include <string.h>

enum { LOG2_ROWS = 8, ROWS = 1 << LOG2_ROWS };

static int8_t rows[ROWS][LINEAR_CLASSES] __attribute__((aligned(64)));

static uint64_t next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static struct linear_model random_model(uint64_t seed)
{
    struct linear_model model = { .rows = (const int8_t(*)[LINEAR_CLASSES])rows, .log2_rows = LOG2_ROWS };
    for (unsigned i = 0; i < ROWS; i++) {
        for (unsigned c = 0; c < LINEAR_CLASSES; c++)
            rows[i][c] = (int8_t)(int)(next(&seed) % 256 - 128);
    }
    for (unsigned c = 0; c < LINEAR_CLASSES; c++)
        model.scale[c] = 4096;
    return model;
}

/* The definition, one feature and class at a time. */
static void add_slowly(const uint32_t *tokens, size_t n, int32_t weight, struct linear_sum *sum)
{
    for (size_t i = 0; i < n; i++) {
        for (unsigned c = 0; c < LINEAR_CLASSES; c++) {
            sum->classes[c] += weight * rows[linear_row_1(tokens[i], LOG2_ROWS)][c];
            if (i > 0)
                sum->classes[c] += weight * rows[linear_row_2(tokens[i - 1], tokens[i], LOG2_ROWS)][c];
        }
        sum->squares += (uint32_t)(weight * weight) * (i > 0 ? 2 : 1);
    }
}

static void sums_equal_those_taken_one_by_one(void **state)
{
    (void)state;
    struct linear_model model = random_model(7);
    uint64_t seed = 11;
    for (size_t n = 0; n < 700; n = n < 10 ? n + 1 : n * 2 + 1) {
        uint32_t *tokens = malloc((n + 1) * sizeof *tokens);
        for (size_t i = 0; i < n; i++)
            tokens[i] = (uint32_t)next(&seed) * 2654435761u;
        struct linear_sum fast = { 0 }, slow = { 0 };
        linear_add(&model, tokens, n, 4, &fast);
        linear_add(&model, tokens, n, 1, &fast);
        add_slowly(tokens, n, 4, &slow);
        add_slowly(tokens, n, 1, &slow);
        assert_memory_equal(&fast, &slow, sizeof fast);
        free(tokens);
    }
}

static void extreme_weights_do_not_overflow_the_lanes(void **state)
{
    (void)state;
    memset(rows, -128, sizeof rows);
    struct linear_model model = { .rows = (const int8_t(*)[LINEAR_CLASSES])rows, .log2_rows = LOG2_ROWS };
    uint32_t tokens[1000];
    for (unsigned i = 0; i < 1000; i++)
        tokens[i] = i * 0x9e3779b9u;
    struct linear_sum sum = { 0 };
    linear_add(&model, tokens, 1000, 1, &sum);
    for (unsigned c = 0; c < LINEAR_CLASSES; c++)
        assert_int_equal(sum.classes[c], -128 * 1999);
}

static void a_score_is_the_sum_over_the_root_of_the_squares(void **state)
{
    (void)state;
    struct linear_model model = { .rows = (const int8_t(*)[LINEAR_CLASSES])rows,
        .log2_rows = LOG2_ROWS,
        .bias = { 10, -20 },
        .scale = { 65536, 65536 } };
    struct linear_sum sum = { .classes = { 30, -30 }, .squares = 9 };
    int32_t scores[LINEAR_CLASSES];
    linear_scores(&model, &sum, scores);
    assert_int_equal(scores[0], 10 + 10 * LINEAR_ONE);
    assert_int_equal(scores[1], -20 - 10 * LINEAR_ONE);
    assert_int_equal(scores[2], 0);
    linear_scores(&model, &(struct linear_sum){ 0 }, scores);
    assert_int_equal(scores[0], 10);
}

static void the_logistic_score_follows_the_function(void **state)
{
    (void)state;
    assert_in_range(linear_logistic(0), 127, 128);
    assert_in_range(linear_logistic(LINEAR_ONE), 185, 187);         /* 0.7311 */
    assert_in_range(linear_logistic(-2 * LINEAR_ONE), 29, 31);      /* 0.1192 */
    assert_in_range(linear_logistic(3 * LINEAR_ONE / 2), 207, 209); /* 0.8176 */
    assert_int_equal(linear_logistic(INT16_MAX), 255);
    assert_int_equal(linear_logistic(INT16_MIN), 0);
    for (int32_t score = -3000; score < 3000; score++)
        assert_true(linear_logistic(score) <= linear_logistic(score + 1));
}

static void shares_sum_to_about_255_and_keep_the_order(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (unsigned round = 0; round < 1000; round++) {
        int32_t scores[LINEAR_CLASSES];
        uint8_t shares[LINEAR_CLASSES];
        unsigned total = 0, n = 1 + (unsigned)next(&seed) % LINEAR_CLASSES;
        for (unsigned c = 0; c < n; c++)
            scores[c] = (int32_t)(next(&seed) % 4096) - 2048;
        linear_softmax(scores, n, shares);
        for (unsigned c = 0; c < n; c++) {
            total += shares[c];
            assert_true(c == 0 || (scores[c] < scores[c - 1] ? shares[c] <= shares[c - 1]
                                                             : shares[c] >= shares[c - 1]));
        }
        assert_in_range(total, 247, 263);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_equal_those_taken_one_by_one),
        cmocka_unit_test(extreme_weights_do_not_overflow_the_lanes),
        cmocka_unit_test(a_score_is_the_sum_over_the_root_of_the_squares),
        cmocka_unit_test(the_logistic_score_follows_the_function),
        cmocka_unit_test(shares_sum_to_about_255_and_keep_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
