#include "policy/reason.h"

#include "support/test.h"

#include <string.h>

static void every_reason_is_one_whole_sentence_that_fits(void **state)
{
    (void)state;
    char text[REASON_MAX];
    for (enum cause cause = 0; cause < CAUSE_COUNT; cause++) {
        for (enum action action = 0; action < ACTION_COUNT; action++) {
            for (enum spared spared = SPARED_NOT; spared <= SPARED_BUDGET; spared++) {
                if (spared != SPARED_NOT && action > ACTION_VERIFY)
                    continue; /* what is spared gets verify at most */
                struct reason reason = { .cause = cause,
                    .action = action,
                    .spared = spared,
                    .excess = EXCESS_OUTPUT,
                    .accounts = UINT32_MAX,
                    .families = 0x3f };
                reason_write(&reason, text);
                size_t n = strlen(text);
                if (n < 30 || n >= REASON_MAX - 1 || text[n - 1] != '.' || strchr(text, '.') != text + n - 1)
                    fail_msg("%zu: %s", n, text);
            }
        }
    }
}

static void what_an_account_is_spared_is_said(void **state)
{
    (void)state;
    char text[REASON_MAX];
    struct reason reason = { .cause = CAUSE_MEMBER,
        .action = ACTION_VERIFY,
        .spared = SPARED_ORGANIZATION,
        .accounts = 40,
        .families = 1 << FAMILY_IDENTITY | 1 << FAMILY_TIMING | 1 << FAMILY_VOLUME };
    reason_write(&reason, text);
    assert_string_equal(text,
        "This account is asked to confirm its identity because it appears to be one of 40 accounts that one "
        "operator runs to collect model outputs, on three independent kinds of evidence; its organisation is "
        "protected from more.");
}

static void a_release_says_what_is_lifted_and_why(void **state)
{
    (void)state;
    char text[REASON_MAX];
    reason_write(&(struct reason){ .cause = CAUSE_EXPIRED, .action = ACTION_SUSPEND }, text);
    assert_string_equal(text, "The suspension of this account has run out and is not renewed.");
    reason_write(&(struct reason){ .cause = CAUSE_LEFT, .action = ACTION_VERIFY }, text);
    assert_string_equal(text, "The identity check of this account is lifted because the evidence no longer "
                              "counts it to the group.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reason_is_one_whole_sentence_that_fits),
        cmocka_unit_test(what_an_account_is_spared_is_said),
        cmocka_unit_test(a_release_says_what_is_lifted_and_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
