#include "store/rows.h"

#include "support/random.h"
#include "support/test.h"

#include <stdlib.h>

static void a_key_row_comes_back_as_it_was(void **state)
{
    (void)state;
    struct row_bytes bytes;
    struct key_row back;
    const struct key_row row = { SPAN("key_1"), SPAN("acct_1"), 1234567890123, true };
    assert_ok(key_row_encode(&row, &bytes));
    assert_ok(key_row_decode((struct span){ (char *)bytes.bytes, bytes.n }, &back));
    assert_true(span_is(back.id, "key_1") && span_is(back.account, "acct_1"));
    assert_int_equal(back.expires_ms, row.expires_ms);
    assert_true(back.revoked);
}

static void an_account_row_comes_back_as_it_was(void **state)
{
    (void)state;
    struct row_bytes bytes;
    struct account_row back;
    const struct account_row row = { { 0 }, -1, 3, 1, 12, -1 };
    assert_ok(account_row_encode(&row, &bytes));
    assert_ok(account_row_decode((struct span){ (char *)bytes.bytes, bytes.n }, &back));
    assert_int_equal(back.organization.n, 0);
    assert_int_equal(back.created_ms, -1);
    assert_int_equal(back.tier, 3);
    assert_int_equal(back.programme, 1);
    assert_int_equal(back.verified, 12);
    assert_int_equal(back.reseller, -1);
}

static void a_decision_row_comes_back_as_it_was(void **state)
{
    (void)state;
    struct row_bytes bytes;
    struct decision_row back;
    const struct decision_row row = { 3, 1, 77, 1000, -1, SPAN("Because.") };
    assert_ok(decision_row_encode(&row, &bytes));
    assert_ok(decision_row_decode((struct span){ (char *)bytes.bytes, bytes.n }, &back));
    assert_int_equal(back.action, 3);
    assert_int_equal(back.mode, 1);
    assert_int_equal(back.campaign, 77);
    assert_int_equal(back.time_ms, 1000);
    assert_int_equal(back.expires_ms, -1);
    assert_true(span_is(back.reason, "Because."));
}

static void names_that_are_missing_or_too_long_are_refused(void **state)
{
    (void)state;
    char name[ROW_NAME_MAX + 1] = { 'x' };
    struct row_bytes bytes;
    struct key_row row = { SPAN("k"), { name, sizeof name }, -1, false };
    assert_int_equal(key_row_encode(&row, &bytes), STATUS_TOO_BIG);
    row.account.n = ROW_NAME_MAX;
    assert_ok(key_row_encode(&row, &bytes));
    row.account.n = 0;
    assert_int_equal(key_row_encode(&row, &bytes), STATUS_BAD);
}

static void a_row_of_another_version_is_told_from_a_broken_one(void **state)
{
    (void)state;
    struct row_bytes bytes;
    struct decision_row back;
    assert_ok(decision_row_encode(&(struct decision_row){ .reason = SPAN("r") }, &bytes));
    bytes.bytes[0]++;
    assert_int_equal(
        decision_row_decode((struct span){ (char *)bytes.bytes, bytes.n }, &back), STATUS_MISMATCH);
    assert_int_equal(decision_row_decode((struct span){ 0 }, &back), STATUS_BAD);
}

static void no_cut_or_longer_row_is_taken_for_a_whole_one(void **state)
{
    (void)state;
    struct row_bytes bytes;
    struct key_row back;
    assert_ok(key_row_encode(&(struct key_row){ SPAN("key_1"), SPAN("acct_1"), -1, false }, &bytes));
    for (size_t n = 0; n <= bytes.n + 1; n++)
        if (n != bytes.n)
            assert_int_equal(key_row_decode((struct span){ (char *)bytes.bytes, n }, &back), STATUS_BAD);
}

static void what_no_row_is_encoded_to_is_refused(void **state)
{
    (void)state;
    enum { REVOKED = 1, ID_LENGTH = 10, ID = 12 };
    struct row_bytes bytes, longer;
    struct key_row back;
    char id[ROW_NAME_MAX] = { 'x' };
    assert_ok(key_row_encode(&(struct key_row){ { id, sizeof id }, SPAN("a"), -1, false }, &bytes));
    longer = bytes;
    longer.bytes[ID_LENGTH] = 0;
    longer.bytes[ID_LENGTH + 1] = 1; /* 256 */
    memmove(longer.bytes + ID + 1, longer.bytes + ID, longer.n++ - ID);
    assert_int_equal(key_row_decode((struct span){ (char *)longer.bytes, longer.n }, &back), STATUS_BAD);
    assert_ok(key_row_decode((struct span){ (char *)bytes.bytes, bytes.n }, &back));
    bytes.bytes[REVOKED] = 2;
    assert_int_equal(key_row_decode((struct span){ (char *)bytes.bytes, bytes.n }, &back), STATUS_BAD);
}

static void garbage_is_refused_or_read_within_its_bounds(void **state)
{
    (void)state;
    struct test_random random = { 5 };
    for (int round = 0; round < 20000; round++) {
        char bytes[64];
        struct key_row key;
        struct account_row account;
        struct decision_row decision;
        size_t n = test_random_u64(&random) % sizeof bytes;
        for (size_t i = 0; i < n; i++)
            bytes[i] = (char)(test_random_u64(&random) % 4);
        bytes[0] = 1;
        char *exact = malloc(n + 1); /* so that the sanitizer sees a step beyond */
        memcpy(exact, bytes, n);
        struct span span = { exact, n };
        if (key_row_decode(span, &key) == STATUS_OK)
            assert_true(key.account.data + key.account.n <= exact + n);
        if (account_row_decode(span, &account) == STATUS_OK && account.organization.n > 0)
            assert_true(account.organization.data + account.organization.n <= exact + n);
        if (decision_row_decode(span, &decision) == STATUS_OK && decision.reason.n > 0)
            assert_true(decision.reason.data + decision.reason.n <= exact + n);
        free(exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_row_comes_back_as_it_was),
        cmocka_unit_test(an_account_row_comes_back_as_it_was),
        cmocka_unit_test(a_decision_row_comes_back_as_it_was),
        cmocka_unit_test(names_that_are_missing_or_too_long_are_refused),
        cmocka_unit_test(a_row_of_another_version_is_told_from_a_broken_one),
        cmocka_unit_test(no_cut_or_longer_row_is_taken_for_a_whole_one),
        cmocka_unit_test(what_no_row_is_encoded_to_is_refused),
        cmocka_unit_test(garbage_is_refused_or_read_within_its_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
