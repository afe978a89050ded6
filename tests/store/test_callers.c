/* Who was looked up last. */
#include "store/callers.h"

#include "support/test.h"

#include <string.h>

static struct callers callers;
static const uint8_t hash[KEY_HASH_BYTES] = { 7 }, same_place[KEY_HASH_BYTES] = { 7, [15] = 1 };
static struct row_bytes key_bytes, account_bytes;
static struct span rows[ROWS];

static int set_up(void **state)
{
    (void)state;
    const struct key_row key = { SPAN("key_1"), SPAN("acct_1"), -1, false };
    callers_forget(&callers);
    if (key_row_encode(&key, &key_bytes) != STATUS_OK ||
        account_row_encode(&(struct account_row){ .organization = SPAN("org_1") }, &account_bytes) !=
            STATUS_OK)
        return -1;
    memset(rows, 0, sizeof rows);
    rows[ROW_KEY] = (struct span){ (char *)key_bytes.bytes, key_bytes.n };
    rows[ROW_ACCOUNT] = (struct span){ (char *)account_bytes.bytes, account_bytes.n };
    callers_keep(&callers, 5, hash, rows);
    return 0;
}

static void a_caller_is_remembered_as_its_commit_knows_it(void **state)
{
    (void)state;
    const struct caller *caller = callers_find(&callers, 5, hash);
    assert_non_null(caller);
    assert_true(span_is(caller->key.id, "key_1") && span_is(caller->account.organization, "org_1"));
    assert_true(caller->has_account && !caller->has_decision);
    assert_null(callers_find(&callers, 6, hash));
    assert_null(callers_find(&callers, 0, hash));
    assert_null(callers_find(&callers, 5, same_place));
}

static void a_row_that_is_not_what_it_was_is_looked_up(void **state)
{
    (void)state;
    account_bytes.bytes[account_bytes.n - 1] ^= 1;
    assert_null(callers_find(&callers, 5, hash));
    account_bytes.bytes[account_bytes.n - 1] ^= 1;
    assert_non_null(callers_find(&callers, 5, hash));
}

static void the_next_of_the_same_place_takes_it(void **state)
{
    (void)state;
    callers_keep(&callers, 5, same_place, rows);
    assert_non_null(callers_find(&callers, 5, same_place));
    assert_null(callers_find(&callers, 5, hash));
}

static void rows_that_are_longer_than_nearly_all_are_not_remembered(void **state)
{
    (void)state;
    static char name[CALLER_BYTES_KEPT];
    memset(name, 'o', 250);
    struct row_bytes one, other;
    struct span long_rows[ROWS] = { 0 };
    const struct key_row key = { { name, 200 }, SPAN("acct_1"), -1, false };
    assert_ok(key_row_encode(&key, &one));
    assert_ok(account_row_encode(&(struct account_row){ .organization = { name, 250 } }, &other));
    long_rows[ROW_KEY] = (struct span){ (char *)one.bytes, one.n };
    long_rows[ROW_ACCOUNT] = (struct span){ (char *)other.bytes, other.n };
    callers_keep(&callers, 5, hash, long_rows);
    assert_null(callers_find(&callers, 5, hash));
}

static void a_row_of_no_bytes_is_damaged_and_not_missing(void **state)
{
    (void)state;
    struct caller caller;
    rows[ROW_DECISION] = SPAN("");
    assert_int_not_equal(caller_decode(rows, &caller), STATUS_OK);
    callers_keep(&callers, 5, hash, rows);
    assert_null(callers_find(&callers, 5, hash));
}

static void what_is_forgotten_is_not_found(void **state)
{
    (void)state;
    callers_forget(&callers);
    assert_null(callers_find(&callers, 5, hash));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {
        TEST(a_caller_is_remembered_as_its_commit_knows_it),
        TEST(a_row_that_is_not_what_it_was_is_looked_up),
        TEST(the_next_of_the_same_place_takes_it),
        TEST(rows_that_are_longer_than_nearly_all_are_not_remembered),
        TEST(a_row_of_no_bytes_is_damaged_and_not_missing),
        TEST(what_is_forgotten_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
