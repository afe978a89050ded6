#include "base/utf8.h"
#include "support/test.h"

#include <string.h>

static size_t length(const char *text)
{
    return utf8_length(text, strlen(text));
}

static void well_formed_sequences_have_their_length(void **state)
{
    (void)state;
    assert_int_equal(length("a"), 1);
    assert_int_equal(length("\x7f"), 1);
    assert_int_equal(length("\xc2\x80"), 2);
    assert_int_equal(length("\xdf\xbfx"), 2);
    assert_int_equal(length("\xe0\xa0\x80"), 3);
    assert_int_equal(length("\xed\x9f\xbf"), 3);
    assert_int_equal(length("\xee\x80\x80"), 3);
    assert_int_equal(length("\xf0\x90\x80\x80"), 4);
    assert_int_equal(length("\xf4\x8f\xbf\xbf"), 4);
}

static void malformed_and_cut_sequences_have_none(void **state)
{
    (void)state;
    static const char *const bad[] = { "\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x61",
        "\xe0\x9f\xbf", "\xe2\x82", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xff" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(length(bad[i]), 0);
}

static void the_first_malformed_byte_is_found_wherever_it_stands(void **state)
{
    (void)state;
    char text[64];
    for (size_t at = 0; at < sizeof text; at++) {
        for (size_t i = 0; i < sizeof text; i += 2)
            memcpy(text + i, i % 3 ? "ab" : "\xc3\xa4", 2);
        assert_int_equal(utf8_until(text, sizeof text), sizeof text);
        text[at] = '\xff';
        int second = at % 2 && at / 2 * 2 % 3 == 0;
        assert_int_equal(utf8_until(text, sizeof text), second ? at - 1 : at);
        assert_int_equal(utf8_until(text, at), second ? at - 1 : at);
    }
    assert_int_equal(utf8_until("", 0), 0);
}

static bool has_control(const char *text)
{
    return utf8_has_control(text, strlen(text));
}

static void control_characters_of_both_kinds_are_found(void **state)
{
    (void)state;
    assert_true(has_control("a\x1b[31m") && has_control("\n") && has_control("\x7f"));
    assert_true(has_control("\xc2\x80") && has_control("a\xc2\x9bm"));
    assert_true(utf8_has_control("a\0b", 3));
    assert_false(has_control("") || has_control("a b") || has_control("caf\xc3\xa9 \xe6\x88\x98"));
    assert_false(has_control("\xc2\xa0") || has_control("\xe0\xa0\x80") || has_control("\xc3\x9b"));
    assert_false(utf8_has_control("\xc2\x9b", 1)); /* malformed is another question */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_formed_sequences_have_their_length),
        cmocka_unit_test(malformed_and_cut_sequences_have_none),
        cmocka_unit_test(the_first_malformed_byte_is_found_wherever_it_stands),
        cmocka_unit_test(control_characters_of_both_kinds_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
