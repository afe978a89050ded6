#include "support/test.h"

#include "record/record.h"

#include <string.h>

static void every_capability_and_elicitation_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (unsigned i = 0; i < CAP_COUNT; i++)
        for (unsigned j = 0; j < i; j++)
            assert_string_not_equal(capability_name(i), capability_name(j));
    for (unsigned i = 0; i < ELICIT_COUNT; i++)
        for (unsigned j = 0; j < i; j++)
            assert_string_not_equal(elicitation_name(i), elicitation_name(j));
    assert_string_equal(capability_name(CAP_COUNT), "unknown");
    assert_string_equal(elicitation_name(ELICIT_COUNT), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_capability_and_elicitation_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
