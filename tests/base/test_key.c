#include "base/key.h"
#include "support/test.h"

#include <sodium.h>

static const char text[] = "acct_7f3a";

static void purposes_do_not_join(void **state)
{
    (void)state;
    struct key key;
    key_init(&key, key_default_secret);
    for (enum key_purpose a = 0; a < KEY_PURPOSES; a++)
        for (enum key_purpose b = 0; b < a; b++)
            assert_int_not_equal(key_hash(&key, a, text, sizeof text), key_hash(&key, b, text, sizeof text));
}

static void another_secret_gives_other_hashes_and_another_check_value(void **state)
{
    (void)state;
    struct key one, other;
    uint8_t secret[32];
    memcpy(secret, key_default_secret, sizeof secret);
    secret[31] ^= 1;
    key_init(&one, key_default_secret);
    key_init(&other, secret);
    assert_int_not_equal(one.check, other.check);
    assert_int_not_equal(key_fold(&one, text, sizeof text), key_fold(&other, text, sizeof text));
    for (enum key_purpose p = 0; p < KEY_PURPOSES; p++)
        assert_int_not_equal(key_hash(&one, p, text, sizeof text), key_hash(&other, p, text, sizeof text));
}

static void nothing_hashes_to_absent(void **state)
{
    (void)state;
    struct key key;
    key_init(&key, key_default_secret);
    assert_int_equal(key_hash(&key, KEY_TEXT, text, 0), 0);
    assert_int_equal(key_fold(&key, text, 0), 0);
    assert_int_not_equal(key_hash_u64(&key, KEY_TEXT, 0), 0);
}

static void a_hash_is_siphash_under_the_subkey_of_its_purpose(void **state)
{
    (void)state;
    struct key key;
    uint64_t wanted;
    key_init(&key, key_default_secret);
    crypto_shorthash_siphash24(
        (unsigned char *)&wanted, (const unsigned char *)text, sizeof text, key.sub[KEY_ANCHOR]);
    assert_int_equal(key_hash(&key, KEY_ANCHOR, text, sizeof text), wanted);
}

/* Record files hang on these: other values are another format. */
static void hashes_under_the_default_secret_stay_as_they_are(void **state)
{
    (void)state;
    struct key key;
    key_init(&key, key_default_secret);
    assert_int_equal(key.check, UINT64_C(0xe342467f12e47e1d));
    assert_int_equal(
        key_hash(&key, KEY_ACCOUNT, "acct_k07", 8), UINT64_C(0xdee2c6f7e8483fd8)); /* as in docs/tour.md */
}

static void a_key_is_64_hexadecimal_digits(void **state)
{
    (void)state;
    static const char good[] = "000102030405060708090a0b0c0d0e0fA0B0C0D0E0F0101112131415161718ff";
    static const char *const bad[] = { "", "00",
        "000102030405060708090a0b0c0d0e0fA0B0C0D0E0F0101112131415161718f",
        "000102030405060708090a0b0c0d0e0fA0B0C0D0E0F0101112131415161718ff0",
        "000102030405060708090a0b0c0d0e0fA0B0C0D0E0F0101112131415161718fg",
        " 000102030405060708090a0b0c0d0e0fA0B0C0D0E0F0101112131415161718ff",
        "0001 0203 0405060708090a0b0c0d0e0fA0B0C0D0E0F01011121314151617ff" };
    uint8_t secret[32], untouched[32];
    memset(secret, 0x55, sizeof secret);
    memset(untouched, 0x55, sizeof untouched);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(key_parse(span_of(bad[i]), secret), STATUS_BAD);
        assert_memory_equal(secret, untouched, sizeof secret);
    }
    assert_ok(key_parse(span_of(good), secret));
    assert_int_equal(secret[1], 1);
    assert_int_equal(secret[16], 0xa0);
    assert_int_equal(secret[31], 0xff);
}

static void white_space_behind_a_key_is_passed_over(void **state)
{
    (void)state;
    uint8_t secret[32];
    assert_ok(
        key_parse(SPAN("000102030405060708090a0b0c0d0e0fa0b0c0d0e0f0101112131415161718ff \r\n\n"), secret));
    assert_int_equal(secret[31], 0xff);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(purposes_do_not_join),
        cmocka_unit_test(another_secret_gives_other_hashes_and_another_check_value),
        cmocka_unit_test(nothing_hashes_to_absent),
        cmocka_unit_test(a_hash_is_siphash_under_the_subkey_of_its_purpose),
        cmocka_unit_test(hashes_under_the_default_secret_stay_as_they_are),
        cmocka_unit_test(a_key_is_64_hexadecimal_digits),
        cmocka_unit_test(white_space_behind_a_key_is_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
