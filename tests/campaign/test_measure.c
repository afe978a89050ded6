#include "campaign/measure.h"

#include "campaign/members.h"
#include "fake_source.h"

static struct fake f;
static struct campaign campaign;

static int set_up(void **state)
{
    (void)state;
    fake_init(&f);
    campaign = (struct campaign){ .first_exchange_ms = -1, .threshold = 5 };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(campaign.members);
    return 0;
}

static void counts_are_sums_and_capabilities_shares_of_the_exchanges(void **state)
{
    (void)state;
    f.profiles[1].exchanges = 300;
    f.profiles[1].capability[CAP_CODING] = 1;
    f.profiles[2].exchanges = 100;
    f.profiles[2].capability[CAP_JUDGING] = 1;
    f.profiles[2].first_seen_ms = T0 - 3 * DAY;
    measure_members(&campaign, &f.profiles[1], 2);
    assert_int_equal(campaign.exchanges, 400);
    assert_int_equal(campaign.input_tok, 2000);
    assert_int_equal(campaign.output_tok, 4000);
    assert_true(campaign.capability[CAP_CODING] == 0.75 && campaign.capability[CAP_JUDGING] == 0.25);
    assert_int_equal(campaign.first_exchange_ms, T0 - 3 * DAY);
    assert_int_equal(campaign.kind, CAMPAIGN_PIPELINE);
}

static void what_is_no_longer_known_of_a_link_stands(void **state)
{
    (void)state;
    struct campaign_source source = { &f, fake_account, fake_object, fake_mark, fake_brief, fake_retract };
    static struct recall recall;
    recall_init(&recall, &source);
    recall_begin(&recall, T0);
    campaign.links[0] = (struct campaign_link){ .object = 7, .tasks = 3 };
    campaign.n_links = 1;
    f.slots = 5000;
    measure_links(&campaign, &recall);
    assert_true(campaign.links[0].tasks == 5000);
}

static void what_protects_members_is_kept_and_confidence_follows_the_grade(void **state)
{
    (void)state;
    struct campaign_member *member;
    for (uint64_t account = 1; account <= 2; account++) {
        assert_ok(member_join(&campaign, account, T0, &member));
        member->membership = account == 1 ? MEMBER_CORE : MEMBER_HALO;
        f.profiles[account].organization = 70 + account;
    }
    campaign.confirmed = true;
    campaign.log10_e = 9;
    measure_people(&campaign, &f.profiles[1], 2);
    assert_int_equal(member_find(&campaign, 2)->organization, 72);
    assert_true(member_find(&campaign, 1)->confidence > 0.99f);
    assert_true(
        member_find(&campaign, 2)->confidence > 0.49f && member_find(&campaign, 2)->confidence < 0.5f);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(counts_are_sums_and_capabilities_shares_of_the_exchanges),
        TEST(what_is_no_longer_known_of_a_link_stands),
        TEST(what_protects_members_is_kept_and_confidence_follows_the_grade),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
