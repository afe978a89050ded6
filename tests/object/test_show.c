#include "object/public.h"
#include "object/shared.h"
#include "sightings.h"
#include "support/alloc_sweep.h"

static struct sighting paid(struct sighting sighting, uint64_t organization, uint64_t payer)
{
    sighting.organization = organization;
    sighting.payer = organization ? organization : payer;
    sighting.adopter |= ADOPTER_PAYER_KNOWN;
    return sighting;
}

static void the_fourth_account_ties_all_by_content_and_each_further_one_itself(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    for (uint64_t account = 1; account <= 3; account++)
        assert_int_equal(apply(table, show(OBJECT_SYSTEM, 5, account, T0), NULL, NULL), 0);
    struct sighting fourth = paid(show(OBJECT_SYSTEM, 5, 4, T0 + 1), 900, 0);
    struct tie_list ties = { 0 };
    assert_ok(object_apply(table, &fourth, 1, NULL, &ties));
    assert_int_equal(ties.n, 4);
    for (uint64_t account = 1; account <= 4; account++) {
        assert_int_equal(ties.items[account - 1].a, account);
        assert_int_equal(ties.items[account - 1].organization, account == 4 ? 900 : 0);
    }
    tie_list_fini(&ties);
    assert_int_equal(apply(table, show(OBJECT_SYSTEM, 5, 5, T0 + 2), NULL, NULL), 1);
    assert_int_equal(apply(table, show(OBJECT_SYSTEM, 5, 2, T0 + 3), NULL, NULL), 0);
    object_table_free(table);
}

/* Accounts 1 to n show the system prompt 5, eight hours apart; how many ties that makes. */
static size_t say_once_each(struct object_table *table, uint64_t n)
{
    size_t ties = 0;
    for (uint64_t account = 1; account <= n; account++)
        ties += apply(table, show(OBJECT_SYSTEM, 5, account, T0 + (int64_t)account * 8 * HOUR), NULL, NULL);
    return ties;
}

static void content_that_nobody_says_again_ties_nobody_until_they_do(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    assert_int_equal(say_once_each(table, 20), 0); /* the fourth came sixteen hours after the second */
    size_t ties = 0;
    for (uint64_t account = 1; account <= 20; account++)
        ties += apply(table, show(OBJECT_SYSTEM, 5, account, T0 + 161 * HOUR), NULL, NULL);
    assert_int_equal(ties, 20);
    assert_int_equal(apply(table, show(OBJECT_SYSTEM, 5, 21, T0 + 162 * HOUR), NULL, NULL), 1);
    object_table_free(table);
}

static void all_members_of_a_long_list_are_announced_each_once(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    bool seen[21] = { false };
    say_once_each(table, 20);
    struct sighting again[20];
    for (uint64_t i = 0; i < 20; i++)
        again[i] = paid(show(OBJECT_SYSTEM, 5, 1 + i, T0 + 161 * HOUR), 900 + i, 0);
    struct tie_list ties = { 0 };
    assert_ok(object_apply(table, again, 20, NULL, &ties));
    for (size_t i = 0; i < ties.n; i++) {
        assert_false(seen[ties.items[i].a]);
        seen[ties.items[i].a] = true;
    }
    assert_int_equal(ties.n, 20);
    tie_list_fini(&ties);
    object_table_free(table);
}

static void without_room_an_announcement_waits_for_the_next_sighting(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    say_once_each(table, 40);
    struct tie_list ties = { 0 };
    size_t waited = 0;
    for (uint64_t i = 0; i < 120 && ties.n == 0; i++) {
        struct sighting again = show(OBJECT_SYSTEM, 5, 1 + i % 40, T0 + 321 * HOUR);
        alloc_sweep_arm(1); /* after the room that every sighting gets */
        assert_ok(object_apply(table, &again, 1, NULL, &ties));
        waited += alloc_sweep_disarm();
        tie_list_fini(&ties);
        if (waited)
            assert_ok(object_apply(table, &again, 1, NULL, &ties));
    }
    assert_int_equal(waited, 1);
    assert_int_equal(ties.n, 40);
    tie_list_fini(&ties);
    object_table_free(table);
}

static void what_is_not_said_again_for_a_day_is_retracted_once(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    for (uint64_t account = 1; account <= 4; account++)
        apply(table, show(OBJECT_SYSTEM, 5, account, T0), NULL, NULL);
    assert_false(object_retract(table, 5, T0 + DAY - 1));
    assert_true(object_retract(table, 5, T0 + DAY));
    assert_false(object_retract(table, 5, T0 + DAY));
    size_t ties = 0;
    for (uint64_t account = 1; account <= 4; account++)
        ties += apply(table, show(OBJECT_SYSTEM, 5, account, T0 + DAY), NULL, NULL);
    assert_int_equal(ties, 4);
    object_table_free(table);
}

static void identities_and_networks_are_never_retracted(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    static const enum object_kind kinds[] = { OBJECT_PAYMENT, OBJECT_DEVICE, OBJECT_IP };
    for (uint64_t i = 0; i < 3; i++) {
        apply(table, show(kinds[i], 5 + i, 1, T0), NULL, NULL);
        apply(table, show(kinds[i], 5 + i, 2, T0), NULL, NULL);
        assert_false(object_retract(table, 5 + i, T0 + 30 * DAY));
    }
    assert_false(object_retract(table, 999, T0 + 30 * DAY));
    object_table_free(table);
}

static void the_second_account_ties_both_and_each_further_one_itself(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    struct sighting first = paid(show(OBJECT_PAYMENT, 5, 1, T0), 900, 0);
    assert_int_equal(apply(table, first, NULL, NULL), 0);
    assert_int_equal(apply(table, first, NULL, NULL), 0);
    struct sighting second = show(OBJECT_PAYMENT, 5, 2, T0 + 1);
    struct tie_list ties = { 0 };
    assert_ok(object_apply(table, &second, 1, NULL, &ties));
    assert_int_equal(ties.n, 2);
    assert_int_equal(ties.items[0].a, 1);
    assert_int_equal(ties.items[0].organization, 900);
    assert_int_equal(ties.items[0].time_ms, T0 + 1);
    assert_int_equal(ties.items[1].a, 2);
    assert_int_equal(ties.items[1].organization, 0);
    tie_list_fini(&ties);
    struct tie tie = { 0 };
    assert_int_equal(apply(table, show(OBJECT_PAYMENT, 5, 3, T0 + 2), NULL, &tie), 1);
    assert_int_equal(tie.a, 3);
    assert_int_equal(tie.op, TIE_MEMBER);
    assert_int_equal(apply(table, show(OBJECT_PAYMENT, 5, 2, T0 + 3), NULL, NULL), 0);
    object_table_free(table);
}

static void accounts_of_one_organisation_never_tie(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    static const enum object_kind kinds[] = { OBJECT_PAYMENT, OBJECT_IP, OBJECT_NET };
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(apply(table, paid(show(kinds[i], 5 + i, 1, T0), 900, 0), NULL, NULL), 0);
        assert_int_equal(apply(table, paid(show(kinds[i], 5 + i, 2, T0), 900, 0), NULL, NULL), 0);
        assert_int_equal(apply(table, paid(show(kinds[i], 5 + i, 3, T0), 901, 0), NULL, NULL), 2);
    }
    object_table_free(table);
}

static void one_payer_ties_by_identity_only(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    assert_int_equal(apply(table, paid(show(OBJECT_PAYMENT, 5, 1, T0), 0, 77), NULL, NULL), 0);
    assert_int_equal(apply(table, paid(show(OBJECT_PAYMENT, 5, 2, T0), 0, 77), NULL, NULL), 2);
    assert_int_equal(apply(table, paid(show(OBJECT_NET, 6, 1, T0), 0, 77), NULL, NULL), 0);
    assert_int_equal(apply(table, paid(show(OBJECT_NET, 6, 2, T0), 0, 77), NULL, NULL), 0);
    assert_int_equal(apply(table, paid(show(OBJECT_NET, 6, 3, T0), 0, 78), NULL, NULL), 2);
    assert_int_equal(apply(table, paid(show(OBJECT_NET, 6, 2, T0), 0, 77), NULL, NULL), 1);
    object_table_free(table);
}

/* So that the object is no longer young once the 61st shows it. */
static int64_t half_a_day_after_the_sixtieth(uint64_t account)
{
    return T0 + (account > 61 ? PUBLIC_YOUNG_HOURS * HOUR : 0) + (int64_t)account;
}

/* The first hundred have cards of their own, the next thousand share thirty. */
static void a_public_object_that_few_pay_for_lists_its_accounts_again(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    struct population everybody = {
        .accounts = 10000, .payer_ratio = 0.96, .established_share = 0, .country_entropy = 0
    };
    unsigned withdrawn = 0, members_after = 0;
    for (uint64_t account = 1; account <= 1100; account++) {
        struct tie tie;
        struct sighting shown = show(OBJECT_SYSTEM, 5, account, half_a_day_after_the_sixtieth(account));
        shown.adopter |= ADOPTER_ESTABLISHED;
        shown = paid(shown, 0, account <= 100 ? 1000 + account : 5000 + account % 30);
        size_t n = apply(table, shown, &everybody, &tie);
        withdrawn += n && tie.op == TIE_WITHDRAW;
        members_after += n && tie.op == TIE_MEMBER && withdrawn;
    }
    struct object_profile profile;
    assert_ok(object_profile(table, 5, &profile));
    assert_int_equal(withdrawn, 1);
    assert_false(profile.is_public);
    assert_true(members_after > 500);
    object_table_free(table);
}

static void a_public_object_is_withdrawn_once_and_ties_no_more(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    struct population everybody = {
        .accounts = 1000, .payer_ratio = 0.96, .established_share = 0, .country_entropy = 0
    };
    unsigned members = 0, withdrawn = 0;
    for (uint64_t account = 1; account <= 300; account++) {
        struct tie tie;
        struct sighting shown = show(OBJECT_SYSTEM, 5, account, half_a_day_after_the_sixtieth(account));
        size_t n = apply(table, shown, &everybody, &tie);
        if (n && tie.op == TIE_WITHDRAW)
            withdrawn++;
        else
            members += (unsigned)n;
    }
    assert_int_equal(withdrawn, 1);
    assert_int_equal(members, 61); /* the 60th is enough evidence, the 62nd comes late enough */
    struct object_profile profile;
    assert_ok(object_profile(table, 5, &profile));
    assert_true(profile.is_public && profile.accounts > 220 && profile.accounts < 380);
    assert_int_equal(profile.sightings, 299);
    struct object_stats stats;
    object_stats(table, &stats);
    assert_int_equal(stats.publics, 1);
    object_table_free(table);
}

static const struct population young_log = {
    .accounts = 1000, .payer_ratio = 0.96, .established_share = 0, .country_entropy = 0
};

static bool is_public_now(const struct object_table *table)
{
    struct object_profile profile;
    return object_profile(table, 5, &profile) == STATUS_OK && profile.is_public;
}

/* Accounts first to last show the system prompt 5 at once; whether it is public then. */
static bool public_once_shown_by(struct object_table *table, uint64_t first, uint64_t last, int64_t time_ms)
{
    for (uint64_t account = first; account <= last; account++)
        apply(table, show(OBJECT_SYSTEM, 5, account, time_ms), &young_log, NULL);
    return is_public_now(table);
}

/* As a large campaign's frame does, whose first accounts all have cards of their own; two prepared it the day before. */
static void what_hundreds_say_within_hours_is_not_public_yet(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    assert_false(public_once_shown_by(table, 1, 2, T0 - DAY));
    assert_false(public_once_shown_by(table, 3, 300, T0));
    assert_false(public_once_shown_by(table, 301, 301, T0 + PUBLIC_YOUNG_HOURS * HOUR - 1));
    assert_true(public_once_shown_by(table, 302, 302, T0 + PUBLIC_YOUNG_HOURS * HOUR));
    object_table_free(table);
}

static void what_nobody_joins_any_more_is_public_when_it_is_old_enough(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    assert_false(public_once_shown_by(table, 1, 100, T0));
    assert_true(public_once_shown_by(table, 1, 64, T0 + PUBLIC_YOUNG_HOURS * HOUR));
    object_table_free(table);
}

static void ageing_members_can_make_an_object_public(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    struct population big = {
        .accounts = 1000000, .payer_ratio = 0.96, .established_share = 0.5, .country_entropy = 0
    };
    for (uint64_t account = 1; account <= 60; account++)
        apply(table, show(OBJECT_SYSTEM, 5, account, T0), &big, NULL);
    unsigned withdrawn = 0;
    for (uint64_t account = 1; account <= 60; account++) {
        struct sighting s = show(OBJECT_SYSTEM, 5, account, T0 + 31 * DAY);
        s.adopter = ADOPTER_ESTABLISHED;
        struct tie tie;
        if (!apply(table, s, &big, &tie))
            continue;
        assert_int_equal(tie.op, TIE_WITHDRAW);
        assert_int_equal(account, 15); /* a quarter of 60: half the population's share */
        withdrawn++;
    }
    assert_int_equal(withdrawn, 1);
    object_table_free(table);
}

static void the_list_of_members_ends_at_its_limit(void **state)
{
    (void)state;
    struct object_config config = { 1 << 18, 1 << 18, 1 << 12, .members_max = 10 };
    struct object_table *table;
    assert_ok(object_table_new(&config, &table));
    size_t ties = 0;
    for (uint64_t account = 1; account <= 100; account++)
        ties += apply(table, show(OBJECT_DEVICE, 5, account, T0), NULL, NULL);
    assert_int_equal(ties, 10);
    struct object_profile profile;
    assert_ok(object_profile(table, 5, &profile));
    assert_true(profile.accounts > 74 && profile.accounts < 126);
    object_table_free(table);
}

static void a_forgotten_first_account_is_not_tied(void **state)
{
    (void)state;
    struct object_config config = { 1 << 16, 1 << 16, 1 << 12, .holders_bytes = 1 };
    struct object_table *table;
    assert_ok(object_table_new(&config, &table));
    apply(table, show(OBJECT_DEVICE, 5, 1, T0), NULL, NULL);
    for (uint64_t account = 2; account <= 90; account++)
        apply(table, show(OBJECT_DEVICE, account + 100, account, T0 + SECOND), NULL, NULL);
    assert_int_equal(apply(table, show(OBJECT_DEVICE, 5, 100, T0 + 2 * SECOND), NULL, NULL), 0);
    assert_int_equal(apply(table, show(OBJECT_DEVICE, 5, 101, T0 + 3 * SECOND), NULL, NULL), 2);
    object_table_free(table);
}

static void an_evicted_tie_object_is_withdrawn(void **state)
{
    (void)state;
    struct object_config config = { 1 << 18, 2 * 8 * sizeof(struct shared), 1 << 12, .members_max = 10 };
    struct object_table *table;
    assert_ok(object_table_new(&config, &table)); /* room for eight shared objects */
    for (uint64_t object = 1; object <= 9; object++) {
        int64_t time_ms = T0 + (int64_t)object * SECOND;
        apply(table, show(OBJECT_DEVICE, object, 1, time_ms), NULL, NULL);
        struct sighting second = show(OBJECT_DEVICE, object, 2, time_ms);
        struct tie_list ties = { 0 };
        assert_ok(object_apply(table, &second, 1, NULL, &ties));
        assert_int_equal(ties.n, object == 9 ? 3 : 2);
        assert_true(object < 9 || (ties.items[0].op == TIE_WITHDRAW && ties.items[0].object == 1));
        tie_list_fini(&ties);
    }
    object_table_free(table);
}

static void a_shared_object_that_leaves_the_index_is_withdrawn(void **state)
{
    (void)state;
    struct object_config config = { 1 << 16, 1 << 16, 1 << 12, .holders_bytes = (1 << 16) - 1 };
    struct object_table *table;
    struct tie tie = { 0 };
    assert_ok(object_table_new(&config, &table)); /* an index of one set of five */
    for (uint64_t object = 1; object <= 6; object++) {
        int64_t time_ms = T0 + (int64_t)object * SECOND;
        size_t n = apply(table, show(OBJECT_DEVICE, object, 1, time_ms), NULL, &tie);
        assert_int_equal(n, object == 6);
        assert_int_equal(apply(table, show(OBJECT_DEVICE, object, 2, time_ms), NULL, NULL), 2);
    }
    assert_int_equal(tie.op, TIE_WITHDRAW);
    assert_int_equal(tie.object, 1);
    struct object_stats stats;
    object_stats(table, &stats);
    assert_int_equal(stats.shared, 5);
    assert_int_equal(stats.shared_evicted, 1);
    object_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fourth_account_ties_all_by_content_and_each_further_one_itself),
        cmocka_unit_test(content_that_nobody_says_again_ties_nobody_until_they_do),
        cmocka_unit_test(all_members_of_a_long_list_are_announced_each_once),
        cmocka_unit_test(without_room_an_announcement_waits_for_the_next_sighting),
        cmocka_unit_test(what_is_not_said_again_for_a_day_is_retracted_once),
        cmocka_unit_test(identities_and_networks_are_never_retracted),
        cmocka_unit_test(the_second_account_ties_both_and_each_further_one_itself),
        cmocka_unit_test(accounts_of_one_organisation_never_tie),
        cmocka_unit_test(one_payer_ties_by_identity_only),
        cmocka_unit_test(a_public_object_that_few_pay_for_lists_its_accounts_again),
        cmocka_unit_test(a_public_object_is_withdrawn_once_and_ties_no_more),
        cmocka_unit_test(what_hundreds_say_within_hours_is_not_public_yet),
        cmocka_unit_test(what_nobody_joins_any_more_is_public_when_it_is_old_enough),
        cmocka_unit_test(ageing_members_can_make_an_object_public),
        cmocka_unit_test(the_list_of_members_ends_at_its_limit),
        cmocka_unit_test(a_forgotten_first_account_is_not_tied),
        cmocka_unit_test(an_evicted_tie_object_is_withdrawn),
        cmocka_unit_test(a_shared_object_that_leaves_the_index_is_withdrawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
