#include "fixture.h"

enum { ACCOUNTS = 30, STEPS = 6000 };

/* A random life of some accounts under the names that rename gives them. */
static void live(struct fixture *f, uint64_t seed, uint64_t (*rename)(uint64_t), int forget_every)
{
    int64_t now = T0;
    struct record release = { .time_ms = T0 + DAY_MS, .kind = RECORD_RELEASE };
    release.release.model = 2;
    account_release(f->table, &release);
    for (int step = 0; step < STEPS; step++) {
        uint64_t dice = random_next(&seed), account = rename(dice % ACCOUNTS);
        now += (int64_t)(random_next(&seed) % 400000);
        struct record record = task_at(account, now, dice >> 8 & 3, dice >> 16 & 63);
        record.exchange.status = dice >> 24 & 15 ? 200 : 429;
        record.exchange.model = dice >> 28 & 3;
        record.exchange.session = hashed(dice >> 32 & 31);
        record.exchange.ip = hashed(dice >> 40 & 7);
        record.exchange.input_tok = (uint32_t)(dice >> 44 & 1023);
        record.exchange.capability[dice >> 54 & 7] = 255;
        if ((dice >> 58) == 0) {
            record = facts_at(account, now);
            record.account_facts.tier = dice >> 8 & 3;
            record.account_facts.email_domain = (dice >> 10 & 3) + 1;
        }
        apply(f, &record);
        if (forget_every && step % forget_every == 0)
            forget_sightings(f);
    }
}

static uint64_t as_they_are(uint64_t n)
{
    return n + 1;
}

static uint64_t renamed(uint64_t n)
{
    return hashed(n * 7919);
}

static void renaming_accounts_changes_no_measure(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 4; seed++) {
        struct fixture a = fixture_new(4096), b = fixture_new(4096);
        print_message("seed %lu\n", (unsigned long)seed);
        live(&a, seed, as_they_are, 0);
        live(&b, seed, renamed, 0);
        for (uint64_t n = 0; n < ACCOUNTS; n++) {
            struct account_profile p, q;
            memset(&p, 0, sizeof p);
            memset(&q, 0, sizeof q);
            struct account_brief brief;
            assert_ok(account_profile(a.table, as_they_are(n), T0, &p));
            assert_ok(account_brief(a.table, as_they_are(n), &brief));
            assert_int_equal(brief.organization, p.organization);
            assert_int_equal(brief.exchanges, p.exchanges);
            assert_int_equal(brief.first_seen_ms, p.exchanges > 0 ? p.first_seen_ms : -1);
            assert_int_equal(brief.last_seen_ms, p.last_seen_ms);
            assert_ok(account_profile(b.table, renamed(n), T0, &q));
            p.account = q.account = p.payer = q.payer = 0;
            assert_memory_equal(&p, &q, sizeof p);
        }
        assert_int_equal(a.sightings.n, b.sightings.n);
        for (size_t i = 0; i < a.sightings.n; i++) {
            assert_true(a.sightings.items[i].object == b.sightings.items[i].object);
            assert_int_equal(a.sightings.items[i].verb, b.sightings.items[i].verb);
        }
        fixture_free(&a);
        fixture_free(&b);
    }
}

static void ticks_of_any_length_leave_the_same_state(void **state)
{
    (void)state;
    struct fixture a = fixture_new(64), b = fixture_new(64);
    live(&a, 5, as_they_are, 1);
    live(&b, 5, as_they_are, 997);
    assert_memory_equal(a.table->index, b.table->index, 64 * sizeof *a.table->index);
    assert_memory_equal(a.table->slots, b.table->slots, 64 * sizeof *a.table->slots);
    fixture_free(&a);
    fixture_free(&b);
}

static void shares_stay_between_zero_and_one(void **state)
{
    (void)state;
    struct fixture f = fixture_new(64);
    live(&f, 11, as_they_are, 1);
    for (uint64_t n = 0; n < ACCOUNTS; n++) {
        struct account_profile p = profile_at(&f, as_they_are(n), T0 + 60 * DAY_MS);
        const double shares[] = { p.night_share, p.focus, p.novelty, p.follow_up, p.top_model_share,
            p.retry_share, p.silence_share, p.capability[0] };
        for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
            assert_true(shares[i] >= 0 && shares[i] <= 1);
    }
    fixture_free(&f);
}

static void what_was_never_measured_is_not_a_number(void **state)
{
    (void)state;
    struct fixture f = fixture_new(64);
    struct record record = facts_at(1, T0);
    apply(&f, &record);
    struct account_profile p = profile_at(&f, 1, T0);
    const double values[] = { p.ramp_hours, p.cohort_use, p.quiet_gap_hours, p.night_share, p.gap_cv, p.focus,
        p.novelty, p.follow_up, p.top_model_share, p.release_lag_hours, p.tenants, p.retry_share,
        p.silence_share, p.own_deviation, p.capability[0], p.elicitation[0] };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        assert_true(isnan(values[i]));
    fixture_free(&f);
}

static void a_brief_counts_what_came_with_text_apart(void **state)
{
    (void)state;
    struct fixture f = fixture_new(64);
    struct record with = task_at(1, T0, 1, 1), without = exchange_at(1, T0 + 1000);
    apply(&f, &with);
    apply(&f, &without);
    struct account_brief brief;
    assert_ok(account_brief(f.table, 1, &brief));
    assert_int_equal(brief.exchanges, 2);
    assert_int_equal(brief.with_text, 1);
    assert_int_equal(brief.last_seen_ms, T0 + 1000);
    fixture_free(&f);
}

static void an_unknown_account_has_no_profile(void **state)
{
    (void)state;
    struct fixture f = fixture_new(64);
    struct account_profile profile = { .account = 5 };
    assert_int_equal(account_profile(f.table, 1, T0, &profile), STATUS_NOT_FOUND);
    assert_int_equal(account_profile(f.table, 0, T0, &profile), STATUS_NOT_FOUND);
    assert_int_equal(profile.account, 5);
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(renaming_accounts_changes_no_measure),
        cmocka_unit_test(ticks_of_any_length_leave_the_same_state),
        cmocka_unit_test(shares_stay_between_zero_and_one),
        cmocka_unit_test(what_was_never_measured_is_not_a_number),
        cmocka_unit_test(a_brief_counts_what_came_with_text_apart),
        cmocka_unit_test(an_unknown_account_has_no_profile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
