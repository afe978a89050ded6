#include "account/sighting.h"
#include "fixture.h"

static void nothing_stays_nothing(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < OBJECT_KINDS; kind++)
        assert_true(object_key(kind, 0) == 0);
}

static void equal_values_of_two_kinds_are_two_objects(void **state)
{
    (void)state;
    for (uint64_t hash = 1; hash < 50; hash++)
        for (unsigned a = 0; a < OBJECT_KINDS; a++)
            for (unsigned b = 0; b < a; b++)
                assert_true(object_key(a, hash) != object_key(b, hash));
}

static void small_values_spread_over_the_key(void **state)
{
    (void)state;
    unsigned ones = 0;
    for (uint64_t hash = 1; hash <= 1000; hash++)
        ones += (unsigned)__builtin_popcountll(object_key(OBJECT_IP, hash) ^ object_key(OBJECT_IP, hash + 1));
    assert_near(ones / 1000.0, 32, 1);
}

static void every_kind_has_a_name_and_a_family(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < OBJECT_KINDS; kind++) {
        assert_non_null(object_kind_info[kind].name);
        assert_true(object_kind_info[kind].family < FAMILY_VOLUME);
        assert_true(object_kind_info[kind].direct == (kind >= OBJECT_TURN));
    }
    for (unsigned family = 0; family < FAMILY_COUNT; family++)
        assert_string_not_equal(family_name(family), "unknown");
    assert_string_equal(family_name(FAMILY_COUNT), "unknown");
}

static void content_alone_is_never_a_hard_key(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < OBJECT_KINDS; kind++)
        if (object_kind_info[kind].strong)
            assert_true(object_kind_info[kind].family == FAMILY_IDENTITY ||
                        object_kind_info[kind].family == FAMILY_PROVENANCE || kind == OBJECT_REFUSED);
}

static void system_prompts_and_tools_are_copied(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < OBJECT_KINDS; kind++)
        assert_true(object_kind_info[kind].copied == (kind == OBJECT_SYSTEM || kind == OBJECT_TOOLSET));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_stays_nothing),
        cmocka_unit_test(equal_values_of_two_kinds_are_two_objects),
        cmocka_unit_test(small_values_spread_over_the_key),
        cmocka_unit_test(every_kind_has_a_name_and_a_family),
        cmocka_unit_test(content_alone_is_never_a_hard_key),
        cmocka_unit_test(system_prompts_and_tools_are_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
