#include "object/public.h"
#include "sightings.h"

#include <stdio.h>

static const struct population ordinary = {
    .accounts = 100000, .payer_ratio = 0.96, .established_share = 0.6, .country_entropy = 3.2
};

/* n adopters with p payers, all established, spread over `countries` countries. */
static struct adopters group(uint32_t n, uint32_t p, unsigned countries)
{
    struct adopters adopters = { 0 };
    for (uint32_t i = 0; i < n; i++)
        adopters_add(&adopters, 0, (uint16_t)(1 + i % countries));
    adopters.payers = adopters.established_payers = p;
    adopters.established = n;
    return adopters;
}

static bool is_public(struct adopters adopters, const struct population *population)
{
    return object_public(OBJECT_SYSTEM, adopters.accounts, PUBLIC_YOUNG_HOURS * HOUR, &adopters, population);
}

static void a_coding_tool_of_sixty_unrelated_payers_is_public(void **state)
{
    (void)state;
    assert_true(is_public(group(60, 60, 8), &ordinary));
    assert_true(is_public(group(2000, 1930, 8), &ordinary));
}

static void two_hundred_accounts_that_share_payments_are_not(void **state)
{
    (void)state;
    assert_false(is_public(group(200, 160, 8), &ordinary));
    assert_false(is_public(group(4000, 3200, 8), &ordinary));
    assert_false(is_public(group(2000, 1850, 8), &ordinary)); /* a small lack, but a significant one */
}

static void while_it_is_small_nothing_is_public(void **state)
{
    (void)state;
    for (uint32_t n = 1; n <= 59; n++)
        assert_false(is_public(group(n, n, 8), &ordinary));
}

static void a_growing_campaign_hardly_ever_turns_public(void **state)
{
    (void)state;
    uint64_t seed = 11;
    unsigned turned = 0;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (unsigned run = 0; run < 1000; run++) {
        /* 200 accounts in random order; accounts 0..66 use 27 payments, the others one each. */
        unsigned order[200] = { 0 };
        bool paid[200] = { false }, now_public = false;
        uint32_t payers = 0;
        for (unsigned i = 0; i < 200; i++) {
            unsigned j = below(&seed, i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        for (unsigned n = 1; n <= 200; n++) {
            unsigned account = order[n - 1], payer = account < 67 ? account % 27 : account;
            payers += !paid[payer];
            paid[payer] = true;
            now_public |= is_public(group(n, payers, 8), &ordinary);
        }
        turned += now_public;
    }
    print_message("%u of 1000 turned public\n", turned);
    assert_true(turned < 60);
}

static void young_content_is_public_only_if_many_show_it(void **state)
{
    (void)state;
    struct adopters many = group(PUBLIC_YOUNG_ACCOUNTS, PUBLIC_YOUNG_ACCOUNTS - 40, 8);
    assert_true(object_public(OBJECT_SYSTEM, many.accounts, 0, &many, &ordinary));
    assert_false(
        object_public(OBJECT_SYSTEM, many.accounts - 1, PUBLIC_YOUNG_HOURS * HOUR - 1, &many, &ordinary));
    assert_true(object_public(OBJECT_SYSTEM, many.accounts - 1, PUBLIC_YOUNG_HOURS * HOUR, &many, &ordinary));
}

static void adopters_from_one_country_are_not_everybody(void **state)
{
    (void)state;
    assert_false(is_public(group(200, 198, 2), &ordinary));
    assert_true(is_public(group(200, 198, 4), &ordinary));
    struct population local = ordinary;
    local.country_entropy = 0;
    assert_true(is_public(group(200, 198, 1), &local));
}

static void new_accounts_among_old_ones_are_not_everybody(void **state)
{
    (void)state;
    struct adopters adopters = group(200, 198, 8);
    adopters.established = 59;
    assert_false(is_public(adopters, &ordinary));
    adopters.established = 60;
    assert_true(is_public(adopters, &ordinary));
    adopters.established_payers = 11;
    assert_false(is_public(adopters, &ordinary));
}

static void in_a_young_log_what_five_percent_share_is_public(void **state)
{
    (void)state;
    struct population young = ordinary;
    young.accounts = 1200;
    young.established_share = 0;
    struct adopters adopters = group(61, 61, 8);
    adopters.established = adopters.established_payers = 0;
    assert_true(is_public(adopters, &young));
    young.accounts = 1220;
    assert_false(is_public(adopters, &young));
    young.accounts = 300;
    adopters.payers = 49;
    assert_false(is_public(adopters, &young));
    struct adopters few = group(39, 39, 8);
    few.established_payers = 0;
    assert_false(is_public(few, &young));
}

static void a_network_of_more_than_64_accounts_is_public_whoever_they_are(void **state)
{
    (void)state;
    struct adopters adopters = group(65, 1, 1);
    assert_true(object_public(OBJECT_IP, 65, 0, &adopters, NULL));
    assert_true(object_public(OBJECT_CLIENT, 65, 0, &adopters, NULL));
    assert_false(object_public(OBJECT_IP, 64, 0, &adopters, NULL));
    assert_false(object_public(OBJECT_DEVICE, 65, 0, &adopters, NULL));
    assert_false(object_public(OBJECT_SYSTEM, 65, 0, &adopters, NULL));
}

static void what_campaigns_use_is_not_public_before_it_is_far_more_widely_used(void **state)
{
    (void)state;
    struct adopters adopters = group(100, 100, 8);
    adopters.marked = 10;
    assert_false(is_public(adopters, &ordinary));
    adopters.marked = 9;
    assert_true(is_public(adopters, &ordinary));
}

static void what_few_pay_for_is_concentrated_however_it_began(void **state)
{
    (void)state;
    assert_true(object_concentrated(OBJECT_TAIL6, 1000, 600, &ordinary));
    assert_false(
        object_concentrated(OBJECT_TAIL6, 1000, 750, &ordinary)); /* within the error of the estimates */
    assert_false(object_concentrated(OBJECT_TAIL6, 199, 20, &ordinary));
    assert_false(object_concentrated(OBJECT_IP, 1000, 600, &ordinary));
    assert_false(object_concentrated(OBJECT_TAIL6, 1000, 600, NULL));
}

static void without_a_population_nothing_can_be_compared(void **state)
{
    (void)state;
    assert_false(is_public(group(1000, 1000, 8), NULL));
    assert_false(is_public(group(1000, 1000, 8), &(struct population){ 0 }));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_coding_tool_of_sixty_unrelated_payers_is_public),
        cmocka_unit_test(two_hundred_accounts_that_share_payments_are_not),
        cmocka_unit_test(while_it_is_small_nothing_is_public),
        cmocka_unit_test(a_growing_campaign_hardly_ever_turns_public),
        cmocka_unit_test(young_content_is_public_only_if_many_show_it),
        cmocka_unit_test(adopters_from_one_country_are_not_everybody),
        cmocka_unit_test(new_accounts_among_old_ones_are_not_everybody),
        cmocka_unit_test(in_a_young_log_what_five_percent_share_is_public),
        cmocka_unit_test(a_network_of_more_than_64_accounts_is_public_whoever_they_are),
        cmocka_unit_test(what_campaigns_use_is_not_public_before_it_is_far_more_widely_used),
        cmocka_unit_test(what_few_pay_for_is_concentrated_however_it_began),
        cmocka_unit_test(without_a_population_nothing_can_be_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
