#include "support/test.h"

#include "record/codepoint.h"

#include <string.h>

static uint32_t read_one(const char *bytes, size_t n, size_t expected_length)
{
    uint32_t value;
    assert_int_equal(codepoint_read((const uint8_t *)bytes, n, &value), expected_length);
    return value;
}

static void good_utf8_is_decoded(void **state)
{
    (void)state;
    assert_int_equal(read_one("a", 1, 1), 'a');
    assert_int_equal(read_one("\xc3\xa4", 2, 2), 0xe4);
    assert_int_equal(read_one("\xe4\xb8\xad", 3, 3), 0x4e2d);
    assert_int_equal(read_one("\xf0\x9f\x98\x80", 4, 4), 0x1f600);
    assert_int_equal(read_one("\xf4\x8f\xbf\xbf", 4, 4), 0x10ffff);
}

static void malformed_bytes_stand_for_themselves(void **state)
{
    (void)state;
    static const char *const bad[] = { "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80",
        "\xff", "\xc3(" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(read_one(bad[i], strlen(bad[i]), 1), CODEPOINT_RAW + (uint8_t)bad[i][0]);
    assert_int_equal(read_one("\xe4\xb8\xad", 2, 1), CODEPOINT_RAW + 0xe4);
}

static void classes_follow_the_script(void **state)
{
    (void)state;
    assert_int_equal(codepoint_class(0xe4), CODEPOINT_LETTER);
    assert_int_equal(codepoint_class(0x4e2d), CODEPOINT_ALONE);
    assert_int_equal(codepoint_class(0xac00), CODEPOINT_LETTER);
    assert_int_equal(codepoint_class(0xe01), CODEPOINT_ALONE);
    assert_int_equal(codepoint_class(0x201c), CODEPOINT_SIGN);
    assert_int_equal(codepoint_class(0x1f600), CODEPOINT_SIGN);
    assert_int_equal(codepoint_class(0xa0), CODEPOINT_BLANK);
    assert_int_equal(codepoint_class(0x3000), CODEPOINT_BLANK);
    assert_int_equal(codepoint_class(0x200b), CODEPOINT_NOTHING);
    assert_int_equal(codepoint_class(CODEPOINT_RAW + 0xff), CODEPOINT_LETTER);
}

static void folding_is_stable_when_repeated(void **state)
{
    (void)state;
    assert_int_equal(codepoint_fold(0xc4), 0xe4);
    assert_int_equal(codepoint_fold(0x416), 0x436);
    assert_int_equal(codepoint_fold(0x401), 0x451);
    assert_int_equal(codepoint_fold(0x3a9), 0x3c9);
    assert_int_equal(codepoint_fold(0x160), 0x161);
    assert_int_equal(codepoint_fold(0xff21), 'a');
    assert_int_equal(codepoint_fold(0x2019), '\'');
    for (uint32_t value = 0x80; value <= 0x10ffff; value++)
        assert_int_equal(codepoint_fold(codepoint_fold(value)), codepoint_fold(value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_utf8_is_decoded),
        cmocka_unit_test(malformed_bytes_stand_for_themselves),
        cmocka_unit_test(classes_follow_the_script),
        cmocka_unit_test(folding_is_stable_when_repeated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
