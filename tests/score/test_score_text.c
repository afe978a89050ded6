#include "score/score_text.h"

#include "support/test.h"
#include "world.h"

#include <stdlib.h>

static char *text_of(const struct score_truth *truth, const struct score_run *run)
{
    struct score score;
    struct diag diag = { 0 };
    struct buffer buffer = { 0 };
    const struct score_input input = { .shadow_decisions = 4 };
    assert_ok(score_compute(truth, run, &score, &diag));
    score_text(&buffer, &score, &input);
    assert_ok(buffer.status);
    char *text = calloc(1, buffer.n + 1);
    assert_non_null(text);
    memcpy(text, buffer.data, buffer.n);
    buffer_fini(&buffer);
    score_fini(&score);
    return text;
}

/* Runs of spaces as one, so that widths may change. */
static void squeeze(char *text)
{
    char *to = text;
    for (char *from = text; *from; from++)
        if (*from != ' ' || from[1] != ' ')
            *to++ = *from;
    *to = '\0';
}

static void the_example_is_shown_in_tables(void **state)
{
    (void)state;
    char *text = text_of(&world_truth, &world_run);
    for (const char *line = text; line; line = strchr(line + 1, '\n'))
        assert_true(strcspn(line + 1, "\n") <= 120);
    squeeze(text);
    static const char *const parts[] = {
        "\nalpha 4 10 6 0.6000 0.00 2 0.500 0.500\n",
        "\nalpha 3 2 10 50.00 30 4 6 4.00\n",
        "\nbeta 1 0 - - - - 3 -\n",
        "\nfirm 2 2.0 1 500000 987421 0 841886 0 841886\n",
        "clusters: 3 reported, 7 accounts in a true or reported campaign; 2 split, 1 merged\n",
        "\n adjusted Rand index -0.080, B-cubed precision 0.667 and recall 0.500\n",
        "operator: 6 reviews (3 groups, 3 single decisions), 2 benign accounts hit\n",
        "organisations: 1 of 1 had accounts contained, one 1; largest share of one 0.500\n",
        "note: 1 decisions are of accounts that the truth does not know\n",
        "note: 4 decisions in shadow mode were left out",
    };
    for (size_t i = 0; i < WORLD_COUNT(parts); i++)
        if (!strstr(text, parts[i]))
            fail_msg("not there: %s\n%s", parts[i], text);
    assert_null(strstr(text, "bad and passed over"));
    free(text);
}

static void what_is_no_number_is_a_dash(void **state)
{
    (void)state;
    const char *const campaigns[] = { "empty" };
    const struct score_truth empty = { .campaigns = campaigns, .n_campaigns = 1 };
    const struct score_run nothing = { 0 };
    char *text = text_of(&empty, &nothing);
    squeeze(text);
    assert_non_null(strstr(text, "\nempty 0 0 0 - - - - -\n"));
    assert_non_null(strstr(text, "adjusted Rand index -, B-cubed precision - and recall -"));
    assert_null(strstr(text, "organisations"));
    assert_null(strstr(text, "nan"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_is_shown_in_tables),
        cmocka_unit_test(what_is_no_number_is_a_dash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
