#include "campaign/campaign.h"

#include "support/random.h"
#include "support/test.h"

#include <string.h>

static void an_id_is_its_prefix_and_thirteen_digits(void **state)
{
    (void)state;
    char text[CAMPAIGN_ID_TEXT];
    campaign_id_format((struct campaign_id){ 0 }, text);
    assert_string_equal(text, "cmp_0000000000000");
    campaign_id_format((struct campaign_id){ 33 }, text);
    assert_string_equal(text, "cmp_0000000000011");
    campaign_id_format((struct campaign_id){ UINT64_MAX }, text);
    assert_string_equal(text, "cmp_fzzzzzzzzzzzz");
}

static void an_id_can_be_read_back(void **state)
{
    (void)state;
    static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    struct test_random random = { 17 };
    print_message("seed %llu\n", (unsigned long long)random.state);
    for (int i = 0; i < 1000; i++) {
        char text[CAMPAIGN_ID_TEXT];
        uint64_t value = test_random_u64(&random);
        uint64_t read = 0;
        campaign_id_format((struct campaign_id){ value }, text);
        assert_int_equal(strlen(text), CAMPAIGN_ID_TEXT - 1);
        for (const char *c = text + 4; *c; c++) {
            const char *digit = strchr(digits, *c);
            assert_non_null(digit);
            read = read << 5 | (uint64_t)(digit - digits);
        }
        assert_int_equal(read, value);
    }
}

static void kinds_standings_and_memberships_have_names(void **state)
{
    (void)state;
    assert_string_equal(campaign_kind_name(CAMPAIGN_PROBING), "probing");
    assert_string_equal(campaign_status_name(CAMPAIGN_CLOSED), "closed");
    assert_string_equal(membership_name(MEMBER_CORE), "core");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_its_prefix_and_thirteen_digits),
        cmocka_unit_test(an_id_can_be_read_back),
        cmocka_unit_test(kinds_standings_and_memberships_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
