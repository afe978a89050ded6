#include "campaign/members.h"

#include "fixture.h"
#include "support/alloc_sweep.h"

static struct campaign campaign;
static struct verdict_list verdicts;

static int set_up(void **state)
{
    (void)state;
    campaign = (struct campaign){ .id = { 5 }, .found_by = FAMILY_CONTENT };
    verdicts = (struct verdict_list){ 0 };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(campaign.members);
    verdict_list_fini(&verdicts);
    return 0;
}

static struct campaign_member *join(uint64_t account, int64_t now_ms, enum membership membership)
{
    struct campaign_member *member;
    assert_ok(member_join(&campaign, account, now_ms, &member));
    member->membership = (uint8_t)membership;
    return member;
}

/* Accounts below 100 are known; 7 is verified, 8 a reseller, and account n is of organisation 1000 + n. */
static enum status look_up(
    void *context, uint64_t account, int64_t now_ms, struct account_profile *ret_profile)
{
    (void)context;
    (void)now_ms;
    if (account >= 100)
        return STATUS_NOT_FOUND;
    *ret_profile = (struct account_profile){ .account = account,
        .organization = 1000 + account,
        .adopter = account == 7   ? ADOPTER_VERIFIED
                   : account == 8 ? ADOPTER_RESELLER
                                  : ADOPTER_ESTABLISHED };
    return STATUS_OK;
}

static size_t tell(int64_t now_ms)
{
    size_t before = verdicts.n;
    assert_ok(members_tell(&campaign, now_ms, look_up, NULL, &verdicts));
    return verdicts.n - before;
}

static void members_ascend_in_whatever_order_they_join(void **state)
{
    (void)state;
    struct test_random random = { 23 };
    bool in[500] = { false };
    size_t n = 0;
    print_message("seed %llu\n", (unsigned long long)random.state);
    for (int i = 0; i < 1000; i++) {
        uint64_t account = test_random_below(&random, 500);
        n += !in[account];
        in[account] = true;
        join(account, T0, MEMBER_LIKELY);
    }
    assert_int_equal(campaign.n_members, n);
    assert_int_equal(campaign.n_active, n);
    for (size_t i = 1; i < n; i++)
        assert_true(campaign.members[i - 1].account < campaign.members[i].account);
    for (uint64_t account = 0; account < 500; account++)
        assert_int_equal(member_find(&campaign, account) != NULL, in[account]);
}

static void a_member_that_leaves_keeps_its_entry(void **state)
{
    (void)state;
    struct campaign_member *member = join(3, T0, MEMBER_LIKELY);
    member_leave(&campaign, member, T0 + HOUR);
    member_leave(&campaign, member, T0 + DAY); /* it has left already */
    assert_int_equal(campaign.n_members, 1);
    assert_int_equal(campaign.n_active, 0);
    assert_int_equal(member_find(&campaign, 3)->until_ms, T0 + HOUR);
}

static void a_member_that_comes_back_is_active_again(void **state)
{
    (void)state;
    member_leave(&campaign, join(3, T0, MEMBER_LIKELY), T0 + HOUR);
    struct campaign_member *member = join(3, T0 + DAY, MEMBER_CORE);
    assert_int_equal(campaign.n_members, 1);
    assert_int_equal(campaign.n_active, 1);
    assert_int_equal(member->until_ms, -1);
}

static void a_verdict_is_told_once_a_change(void **state)
{
    (void)state;
    join(1, T0, MEMBER_HALO);
    join(2, T0, MEMBER_LIKELY);
    assert_int_equal(tell(T0), 2);
    assert_int_equal(tell(T0 + 1), 0);
    join(1, T0, MEMBER_LIKELY);
    assert_int_equal(tell(T0 + 2), 1);
    campaign.confirmed = true;
    assert_int_equal(tell(T0 + 3), 2);
    assert_int_equal(tell(T0 + 4), 0);
    member_leave(&campaign, member_find(&campaign, 2), T0 + 5);
    assert_int_equal(tell(T0 + 5), 1);
    assert_int_equal(verdicts.items[verdicts.n - 1].account, 2);
    assert_int_equal(verdicts.items[verdicts.n - 1].membership, MEMBER_NONE);
    assert_int_equal(tell(T0 + 6), 0);
}

static void who_left_before_anybody_was_told_is_not_told_of(void **state)
{
    (void)state;
    member_leave(&campaign, join(1, T0, MEMBER_LIKELY), T0);
    assert_int_equal(tell(T0), 0);
}

static void a_verdict_says_what_protects_the_account(void **state)
{
    (void)state;
    campaign.confirmed = true;
    for (uint64_t account = 6; account <= 8; account++)
        join(account, T0, MEMBER_CORE)->confidence = 0.75f;
    assert_int_equal(tell(T0 + HOUR), 3);
    for (size_t i = 0; i < 3; i++) {
        const struct verdict *v = &verdicts.items[i];
        assert_int_equal(v->campaign.value, 5);
        assert_int_equal(v->time_ms, T0 + HOUR);
        assert_int_equal(v->organization, 1000 + v->account);
        assert_int_equal(v->verified, v->account == 7);
        assert_int_equal(v->reseller, v->account == 8);
        assert_int_equal(v->accounts, 3);
        assert_true(v->confirmed);
        assert_true(v->confidence > 0.74f && v->confidence < 0.76f);
    }
}

static void nothing_is_known_of_an_evicted_account(void **state)
{
    (void)state;
    join(7, T0, MEMBER_CORE);
    join(500, T0, MEMBER_CORE);
    assert_int_equal(tell(T0), 2);
    assert_int_equal(verdicts.items[1].account, 500);
    assert_int_equal(verdicts.items[1].organization, 0);
    assert_false(verdicts.items[1].verified);
}

static void families_that_carry_are_those_of_a_decade_and_the_finding_one(void **state)
{
    (void)state;
    campaign.evidence[FAMILY_IDENTITY].log10_e = 4;
    campaign.evidence[FAMILY_NETWORK].log10_e = 0.9;
    join(1, T0, MEMBER_CORE);
    assert_int_equal(tell(T0), 1);
    assert_int_equal(verdicts.items[0].families, 1 << FAMILY_CONTENT | 1 << FAMILY_IDENTITY);
}

static void running_out_of_memory_tells_the_rest_the_next_time(void **state)
{
    (void)state;
    for (uint64_t account = 1; account <= 200; account++)
        join(account, T0, MEMBER_LIKELY);
    enum status st = STATUS_NOMEM;
    for (long n = 0; st != STATUS_OK; n++) {
        alloc_sweep_arm(n < 3 ? 0 : 100);
        st = members_tell(&campaign, T0, look_up, NULL, &verdicts);
        alloc_sweep_disarm();
    }
    assert_int_equal(verdicts.n, 200);
    for (size_t i = 0; i < 200; i++)
        assert_int_equal(verdicts.items[i].account, i + 1);
}

static void running_out_of_memory_joins_nobody(void **state)
{
    (void)state;
    struct campaign_member *member = NULL;
    for (uint64_t account = 1; account <= 100; account++) {
        size_t before = campaign.n_members;
        alloc_sweep_arm(0);
        enum status st = member_join(&campaign, account, T0, &member);
        if (alloc_sweep_disarm()) {
            assert_int_equal(st, STATUS_NOMEM);
            assert_int_equal(campaign.n_members, before);
            assert_int_equal(campaign.n_active, before);
            assert_ok(member_join(&campaign, account, T0, &member));
        }
    }
    assert_int_equal(campaign.n_members, 100);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(members_ascend_in_whatever_order_they_join),
        TEST(a_member_that_leaves_keeps_its_entry),
        TEST(a_member_that_comes_back_is_active_again),
        TEST(a_verdict_is_told_once_a_change),
        TEST(who_left_before_anybody_was_told_is_not_told_of),
        TEST(a_verdict_says_what_protects_the_account),
        TEST(nothing_is_known_of_an_evicted_account),
        TEST(families_that_carry_are_those_of_a_decade_and_the_finding_one),
        TEST(running_out_of_memory_tells_the_rest_the_next_time),
        TEST(running_out_of_memory_joins_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
