#include "exchange/exchange.h"
#include "rival/query.h"
#include "support/random.h"
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct key key;

static int set_up(void **state)
{
    (void)state;
    key_init(&key, key_default_secret);
    return 0;
}

static struct query query_of_parts(const struct part *parts, uint32_t n)
{
    struct query query;
    struct exchange exchange = { .n_parts = n, .parts = parts };
    query_make(&exchange, &key, &query);
    return query;
}

static struct query query_of(const char *text)
{
    struct part part = { .role = ROLE_USER, .kind = PART_TEXT, .text = span_of(text) };
    return query_of_parts(&part, 1);
}

static double squares(const struct query *query)
{
    double sum = 0;
    for (size_t i = 0; i < QUERY_DIMS; i++)
        sum += query->vector[i] * query->vector[i];
    return sum;
}

static double cosine(const struct query *a, const struct query *b)
{
    double dot = 0;
    for (size_t i = 0; i < QUERY_DIMS; i++)
        dot += a->vector[i] * b->vector[i];
    return dot / sqrt(squares(a) * squares(b));
}

static void an_exchange_without_user_text_is_all_zero(void **state)
{
    (void)state;
    struct query zero = { 0 }, query = query_of_parts(NULL, 0);
    assert_memory_equal(&query, &zero, sizeof zero);
    query = query_of(" \n\t ");
    assert_int_equal(query.n_words + query.n_different + (unsigned)squares(&query), 0);
}

static void only_the_last_user_turn_and_the_system_text_are_read(void **state)
{
    (void)state;
    struct part parts[] = {
        { .role = ROLE_SYSTEM, .kind = PART_TEXT, .text = SPAN("You are a helpful assistant.") },
        { .role = ROLE_USER, .kind = PART_TEXT, .text = SPAN("first question") },
        { .role = ROLE_ASSISTANT, .kind = PART_TEXT, .text = SPAN("an answer") },
        { .role = ROLE_USER, .kind = PART_TEXT, .text = SPAN("second question") },
        { .role = ROLE_ASSISTANT, .kind = PART_TEXT, .issued = 1, .text = SPAN("another answer") },
    };
    struct query whole = query_of_parts(parts, 5), last = query_of("second question");
    struct query system = query_of("You are a helpful assistant.");
    assert_int_equal(whole.opening, last.opening);
    assert_memory_equal(whole.vector, last.vector, sizeof last.vector);
    assert_int_equal(whole.n_words, 2);
    assert_int_equal(whole.system_opening, system.opening);
    assert_int_equal(last.system_opening, 0);
}

static void the_opening_is_fifty_characters_not_bytes(void **state)
{
    (void)state;
    char a[256] = "", b[256] = "", c[256] = "";
    for (unsigned i = 0; i < 50; i++)
        strcat(a, "\xc3\xa4");
    strcpy(b, a);
    strcpy(c, a);
    strcat(a, " one end");
    strcat(b, "another");
    c[98] = c[99] = 'x';
    assert_int_equal(query_of(a).opening, query_of(b).opening);
    assert_int_not_equal(query_of(a).opening, query_of(c).opening);
    assert_int_equal(query_of(a).n_chars, 58);
}

static void case_and_white_space_do_not_change_the_vector(void **state)
{
    (void)state;
    struct query a = query_of("Translate this  sentence\ninto German, please."),
                 b = query_of("  translate THIS sentence into german, please.");
    assert_memory_equal(a.vector, b.vector, sizeof a.vector);
    assert_memory_equal(a.words, b.words, sizeof a.words);
    assert_int_equal(a.skeleton, b.skeleton);
    assert_int_not_equal(a.opening, b.opening);
}

static void a_skeleton_is_the_count_and_both_end_words(void **state)
{
    (void)state;
    uint64_t skeleton = query_of("solve this riddle now").skeleton;
    assert_int_equal(query_of("Solve that problem now!").skeleton, skeleton);
    assert_int_not_equal(query_of("solve this very hard riddle now").skeleton, skeleton);
    assert_int_not_equal(query_of("solve this riddle today").skeleton, skeleton);
    assert_int_not_equal(query_of("explain this riddle now").skeleton, skeleton);
}

static void words_are_counted_and_in_order(void **state)
{
    (void)state;
    struct query query = query_of("the cat and the dog and the bird's 3 eggs");
    assert_int_equal(query.n_words, 11);
    assert_int_equal(query.n_different, 8);
    unsigned most = 0, sum = 0;
    for (size_t i = 0; i < query.n_different; i++) {
        assert_true(i == 0 || query.words[i - 1] < query.words[i]);
        most = query.times[i] > most ? query.times[i] : most;
        sum += query.times[i];
    }
    assert_int_equal(most, 3);
    assert_int_equal(sum, 11);
}

/* Text of n words out of `range` different ones. */
static void random_text(struct test_random *random, size_t n, uint64_t range, char *text)
{
    for (size_t i = 0; i < n; i++)
        text += sprintf(text, "%sw%u", i ? " " : "", (unsigned)test_random_below(random, range));
}

static void long_texts_keep_the_words_with_the_least_hashes(void **state)
{
    (void)state;
    struct test_random random = { 11 };
    char text[8192], word[32];
    for (unsigned round = 0; round < 200; round++) {
        bool is_in[200] = { 0 };
        uint32_t all[200];
        size_t n = 0;
        random_text(&random, 60 + 2 * round % 300, 200, text);
        struct query query = query_of(text);
        char *save = text;
        for (char *at = strtok_r(text, " ", &save); at; at = strtok_r(NULL, " ", &save))
            is_in[strtol(at + 1, NULL, 10)] = true;
        for (unsigned i = 0; i < 200; i++) {
            sprintf(word, "w%u", i);
            uint32_t hash = query_of(word).words[0];
            size_t to = n;
            if (!is_in[i])
                continue;
            for (n++; to > 0 && all[to - 1] > hash; to--)
                all[to] = all[to - 1];
            all[to] = hash;
        }
        assert_int_equal(query.n_different, n < QUERY_WORDS ? n : QUERY_WORDS);
        assert_memory_equal(query.words, all, query.n_different * sizeof *all);
    }
}

static void what_lies_beyond_the_limit_is_not_read(void **state)
{
    (void)state;
    char *text = malloc(100001);
    for (size_t i = 0; i < 100000; i++)
        text[i] = i % 2 ? ' ' : 'a';
    text[100000] = 0;
    struct query query = query_of(text);
    assert_int_equal(query.n_chars, 100000);
    assert_true(query.n_words >= QUERY_BYTES / 2 - 1 && query.n_words <= QUERY_BYTES / 2 + 1);
    assert_int_equal(query.n_different, 1);
    assert_int_equal(query.times[0], 255);
    memset(text, ' ', 100000);
    assert_int_equal(query_of(text).n_words, 0);
    free(text);
}

static void distance_tells_a_changed_slot_from_another_text(void **state)
{
    (void)state;
    struct query a = query_of(
                     "Write a short story about a fox who learns to count. Keep it under 200 words."),
                 b = query_of(
                     "Write a short story about a crow who learns to sing. Keep it under 200 words."),
                 c = query_of("SELECT name, count(*) FROM orders GROUP BY name HAVING count(*) > 3;");
    uint32_t near = query_distance(a.vector, b.vector), far = query_distance(a.vector, c.vector);
    assert_int_equal(query_distance(a.vector, a.vector), 0);
    assert_true(cosine(&a, &b) > 0.7 && cosine(&a, &c) < 0.4);
    assert_true(fabs(near / (double)(QUERY_LENGTH * QUERY_LENGTH) - (2 - 2 * cosine(&a, &b))) < 0.02);
    assert_true(near * 2 < far);
}

/* The exact cosine of two texts of the same kind is the share of features; hashing adds about 1 / sqrt(dims). */
static void unrelated_texts_are_at_right_angles_on_average(void **state)
{
    (void)state;
    struct test_random random = { 3 };
    double sum = 0, spread = 0;
    for (unsigned round = 0; round < 500; round++) {
        char a[4096], b[4096];
        for (size_t i = 0; i < 300; i++) {
            a[i] = (char)('a' + test_random_below(&random, 26));
            b[i] = (char)('a' + test_random_below(&random, 26));
        }
        a[300] = b[300] = 0;
        struct query x = query_of(a), y = query_of(b);
        sum += cosine(&x, &y);
        spread += cosine(&x, &y) * cosine(&x, &y);
        assert_true(fabs(sqrt(squares(&x)) - QUERY_LENGTH) < 2);
    }
    assert_true(fabs(sum / 500) < 4 / sqrt(500 * QUERY_DIMS));
    assert_true(sqrt(spread / 500) < 1.3 / sqrt(QUERY_DIMS));
}

static void the_nearest_is_the_least_of_all_distances(void **state)
{
    (void)state;
    struct test_random random = { 4 };
    int8_t stored[100][QUERY_DIMS], to[QUERY_DIMS];
    for (size_t i = 0; i < 100; i++)
        for (size_t j = 0; j < QUERY_DIMS; j++)
            stored[i][j] = (int8_t)((int)test_random_below(&random, 255) - 127);
    for (size_t n = 0; n < 100; n++) {
        uint32_t least = UINT32_MAX;
        for (size_t j = 0; j < QUERY_DIMS; j++)
            to[j] = (int8_t)((int)test_random_below(&random, 255) - 127);
        for (size_t i = 0; i < n; i++) {
            uint32_t sum = 0;
            for (size_t j = 0; j < QUERY_DIMS; j++)
                sum += (uint32_t)((stored[i][j] - to[j]) * (stored[i][j] - to[j]));
            assert_int_equal(query_distance(stored[i], to), sum);
            least = sum < least ? sum : least;
        }
        assert_int_equal(query_nearest((const int8_t(*)[QUERY_DIMS])stored, n, to), least);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_exchange_without_user_text_is_all_zero),
        cmocka_unit_test(only_the_last_user_turn_and_the_system_text_are_read),
        cmocka_unit_test(the_opening_is_fifty_characters_not_bytes),
        cmocka_unit_test(case_and_white_space_do_not_change_the_vector),
        cmocka_unit_test(a_skeleton_is_the_count_and_both_end_words),
        cmocka_unit_test(words_are_counted_and_in_order),
        cmocka_unit_test(long_texts_keep_the_words_with_the_least_hashes),
        cmocka_unit_test(what_lies_beyond_the_limit_is_not_read),
        cmocka_unit_test(distance_tells_a_changed_slot_from_another_text),
        cmocka_unit_test(unrelated_texts_are_at_right_angles_on_average),
        cmocka_unit_test(the_nearest_is_the_least_of_all_distances),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
