#include "fixture.h"
#include "support/alloc_sweep.h"

enum { ALICE = 11, BOB = 12 };

static void the_first_exchange_makes_the_account(void **state)
{
    (void)state;
    struct fixture f = fixture_new(64);
    struct account_profile profile;
    assert_int_equal(account_profile(f.table, ALICE, T0, &profile), STATUS_NOT_FOUND);
    struct record record = task_at(ALICE, T0, 1, 1);
    record.exchange.input_tok = 100;
    record.exchange.output_tok = 20;
    apply(&f, &record);
    profile = profile_at(&f, ALICE, T0);
    assert_int_equal(profile.exchanges, 1);
    assert_int_equal(profile.input_tok, 100);
    assert_int_equal(profile.output_tok, 20);
    assert_int_equal(profile.first_seen_ms, T0);
    assert_int_equal(profile.created_ms, -1);
    assert_int_equal(profile.payer, ALICE);
    fixture_free(&f);
}

static void a_record_without_an_account_changes_nothing(void **state)
{
    (void)state;
    struct fixture f = fixture_new(64);
    struct account_stats stats;
    struct record record = task_at(0, T0, 1, 1);
    apply(&f, &record);
    account_stats(f.table, &stats);
    assert_int_equal(stats.created, 0);
    assert_int_equal(f.sightings.n, 0);
    fixture_free(&f);
}

static void the_payer_is_the_organisation_else_the_payment_else_the_account(void **state)
{
    (void)state;
    struct fixture f = fixture_new(64);
    struct record facts = facts_at(ALICE, T0);
    apply(&f, &facts);
    assert_int_equal(profile_at(&f, ALICE, T0).payer, ALICE);
    facts.account_facts.payment = 501;
    apply(&f, &facts);
    assert_int_equal(profile_at(&f, ALICE, T0).payer, 501);
    struct record exchange = exchange_at(ALICE, T0 + 1);
    exchange.exchange.organization = 601;
    apply(&f, &exchange);
    assert_int_equal(profile_at(&f, ALICE, T0).payer, 601);
    facts.account_facts.organization = 602;
    apply(&f, &facts);
    assert_int_equal(profile_at(&f, ALICE, T0).payer, 602);
    fixture_free(&f);
}

static void a_fact_that_is_absent_erases_nothing(void **state)
{
    (void)state;
    struct fixture f = fixture_new(64);
    struct record facts = facts_at(ALICE, T0);
    facts.account_facts.created_ms = T0 - 40 * DAY_MS;
    facts.account_facts.tier = TIER_PAID;
    facts.account_facts.programme = PROGRAMME_EDUCATION;
    facts.account_facts.verified = VERIFIED_BUSINESS;
    facts.account_facts.reseller = 1;
    facts.account_facts.country = 'D' << 8 | 'E';
    apply(&f, &facts);
    struct record empty = facts_at(ALICE, T0 + 1);
    apply(&f, &empty);
    struct account_profile profile = profile_at(&f, ALICE, T0 + 2);
    assert_int_equal(profile.created_ms, T0 - 40 * DAY_MS);
    assert_int_equal(profile.tier, TIER_PAID);
    assert_int_equal(profile.country, 'D' << 8 | 'E');
    assert_int_equal(
        profile.adopter, ADOPTER_ESTABLISHED | ADOPTER_VERIFIED | ADOPTER_EDUCATION | ADOPTER_RESELLER);
    fixture_free(&f);
}

static void an_account_is_established_after_thirty_days(void **state)
{
    (void)state;
    struct fixture f = fixture_new(64);
    struct record record = exchange_at(ALICE, T0);
    apply(&f, &record);
    assert_int_equal(profile_at(&f, ALICE, T0 + 30 * DAY_MS - 1).adopter, 0);
    assert_int_equal(profile_at(&f, ALICE, T0 + 30 * DAY_MS).adopter, ADOPTER_ESTABLISHED);
    fixture_free(&f);
}

static void refusals_and_errors_are_counted_apart(void **state)
{
    (void)state;
    struct fixture f = fixture_new(64);
    static const uint16_t statuses[] = { 200, 429, 403, 529, 500, 400, 201 };
    for (unsigned i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        struct record record = exchange_at(ALICE, T0 + i);
        record.exchange.status = statuses[i];
        apply(&f, &record);
    }
    struct account_profile profile = profile_at(&f, ALICE, T0);
    assert_int_equal(profile.exchanges, 7);
    assert_int_equal(profile.refused, 2);
    assert_int_equal(profile.errors, 3);
    fixture_free(&f);
}

static void usage_is_told_of_organisations_and_marked_accounts_only(void **state)
{
    (void)state;
    struct fixture f = fixture_new(64);
    struct record record = exchange_at(ALICE, T0);
    record.exchange.output_tok = 7;
    apply(&f, &record);
    assert_int_equal(f.usages.n, 0);
    account_mark(f.table, ALICE, true);
    apply(&f, &record);
    assert_int_equal(f.usages.n, 1);
    assert_int_equal(f.usages.items[0].output_tok, 7);
    record.exchange.status = 429;
    apply(&f, &record);
    assert_int_equal(f.usages.n, 1);
    record = exchange_at(BOB, T0);
    record.exchange.organization = 601;
    apply(&f, &record);
    assert_int_equal(f.usages.n, 2);
    assert_int_equal(f.usages.items[1].organization, 601);
    fixture_free(&f);
}

static void usage_of_everybody_can_be_asked_for(void **state)
{
    (void)state;
    struct fixture f = { 0 };
    struct account_config config = { .capacity = 64, .usage_all = true };
    assert_ok(account_table_new(&config, &f.table));
    struct record record = exchange_at(ALICE, T0);
    apply(&f, &record);
    assert_int_equal(f.usages.n, 1);
    fixture_free(&f);
}

static void the_lag_after_a_release_is_that_of_its_first_use(void **state)
{
    (void)state;
    struct fixture f = fixture_new(64);
    struct record release = { .time_ms = T0, .kind = RECORD_RELEASE };
    release.release.model = 77;
    account_release(f.table, &release);
    for (int hour = 1; hour <= 5; hour++) {
        struct record record = exchange_at(ALICE, T0 + hour * HOUR_MS);
        record.exchange.model = hour >= 3 ? 77 : 76;
        apply(&f, &record);
        double lag = profile_at(&f, ALICE, record.time_ms).release_lag_hours;
        if (hour < 3)
            assert_true(isnan(lag));
        else
            assert_near(lag, 3, 1e-9);
    }
    release.release.model = 78;
    account_release(f.table, &release);
    assert_true(isnan(profile_at(&f, ALICE, T0 + DAY_MS).release_lag_hours));
    fixture_free(&f);
}

static void a_late_record_counts_at_the_time_of_the_latest(void **state)
{
    (void)state;
    struct fixture f = fixture_new(64);
    struct record now = exchange_at(ALICE, T0 + DAY_MS), late = exchange_at(ALICE, T0);
    apply(&f, &now);
    apply(&f, &late);
    struct account_profile profile = profile_at(&f, ALICE, T0 + DAY_MS);
    assert_int_equal(profile.last_seen_ms, T0 + DAY_MS);
    assert_int_equal(profile.exchanges, 2);
    assert_int_equal(profile.active_days, 1);
    assert_near(profile.quiet_gap_hours, 0, 0);
    fixture_free(&f);
}

static void without_memory_the_account_is_updated_and_the_lists_are_short(void **state)
{
    (void)state;
    struct record record = task_at(ALICE, T0, 1, 1);
    record.exchange.organization = 601;
    bool failed = true;
    for (long nth = 0; failed; nth++) {
        struct fixture f = fixture_new(64);
        alloc_sweep_arm(nth);
        enum status st = account_apply(f.table, &record, &f.sightings, &f.usages, &f.evicted);
        failed = alloc_sweep_disarm();
        assert_int_equal(st, failed ? STATUS_NOMEM : STATUS_OK);
        assert_int_equal(profile_at(&f, ALICE, T0).exchanges, 1);
        fixture_free(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_exchange_makes_the_account),
        cmocka_unit_test(a_record_without_an_account_changes_nothing),
        cmocka_unit_test(the_payer_is_the_organisation_else_the_payment_else_the_account),
        cmocka_unit_test(a_fact_that_is_absent_erases_nothing),
        cmocka_unit_test(an_account_is_established_after_thirty_days),
        cmocka_unit_test(refusals_and_errors_are_counted_apart),
        cmocka_unit_test(usage_is_told_of_organisations_and_marked_accounts_only),
        cmocka_unit_test(usage_of_everybody_can_be_asked_for),
        cmocka_unit_test(the_lag_after_a_release_is_that_of_its_first_use),
        cmocka_unit_test(a_late_record_counts_at_the_time_of_the_latest),
        cmocka_unit_test(without_memory_the_account_is_updated_and_the_lists_are_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
