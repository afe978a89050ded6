#include "support/random.h"
#include "support/test.h"

#include "record/digest.h"
#include "record/memo.h"

#include <stdio.h>

static void what_is_remembered_is_what_is_computed(void **state)
{
    (void)state;
    static struct memo memo;
    struct test_random random = { 9 };
    struct key key;
    key_init(&key, key_default_secret);
    print_message("seed 9\n");
    for (unsigned round = 0; round < 20000; round++) {
        char text[32];
        size_t n = (size_t)sprintf(text, "name-%u", (unsigned)test_random_below(&random, 2000));
        enum key_purpose purpose = round % 2 ? KEY_IDENTITY : KEY_NETWORK;
        assert_true(memo_hash(&memo, &key, purpose, text, n) == key_hash(&key, purpose, text, n));
        assert_true(
            memo_digest(&memo, &key, purpose, (struct span){ text, n }) == digest(&key, purpose, text, n));
    }
}

static void nothing_has_no_hash(void **state)
{
    (void)state;
    static struct memo memo;
    struct key key;
    key_init(&key, key_default_secret);
    assert_true(memo_hash(&memo, &key, KEY_IDENTITY, NULL, 0) == 0);
    assert_true(memo_digest(&memo, &key, KEY_NETWORK, (struct span){ 0 }) == 0);
}

static void an_entry_is_there_the_second_time(void **state)
{
    (void)state;
    static struct memo memo;
    struct memo_entry *entry;
    struct key key;
    key_init(&key, key_default_secret);
    assert_false(memo_at(&memo, &key, MEMO_ADDRESS, "x", 1, &entry));
    entry->second = 5;
    assert_false(memo_at(&memo, &key, MEMO_HASH, "x", 1, &entry));
    assert_true(memo_at(&memo, &key, MEMO_ADDRESS, "x", 1, &entry));
    assert_true(entry->second == 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_remembered_is_what_is_computed),
        cmocka_unit_test(nothing_has_no_hash),
        cmocka_unit_test(an_entry_is_there_the_second_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
