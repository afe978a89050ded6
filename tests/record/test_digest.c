#include "support/test.h"

#include "record/digest.h"

static void digests_depend_on_every_byte_the_purpose_and_the_key(void **state)
{
    (void)state;
    struct key key, other;
    uint8_t bytes[300] = { 0 }, secret[32] = { 5 };
    key_init(&key, key_default_secret);
    key_init(&other, secret);
    uint64_t base = digest(&key, KEY_TEXT, bytes, sizeof bytes);
    assert_true(base == digest_span(&key, KEY_TEXT, (struct span){ (const char *)bytes, sizeof bytes }));
    assert_true(base != digest(&key, KEY_ANCHOR, bytes, sizeof bytes));
    assert_true(base != digest(&other, KEY_TEXT, bytes, sizeof bytes));
    assert_true(base != digest(&key, KEY_TEXT, bytes, sizeof bytes - 1));
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = 1;
        assert_true(base != digest(&key, KEY_TEXT, bytes, sizeof bytes));
        bytes[i] = 0;
    }
}

static void no_bytes_give_zero(void **state)
{
    (void)state;
    struct key key;
    key_init(&key, key_default_secret);
    assert_true(digest(&key, KEY_TEXT, NULL, 0) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_depend_on_every_byte_the_purpose_and_the_key),
        cmocka_unit_test(no_bytes_give_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
