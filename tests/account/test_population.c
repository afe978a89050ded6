#include "fixture.h"

static struct population population_of(const struct fixture *f)
{
    struct population_sketch sketch = { 0 };
    struct population population;
    account_population(f->table, &sketch);
    population_estimate(&sketch, &population);
    return population;
}

static void nobody_is_an_empty_population(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    struct population population = population_of(&f);
    assert_near(population.accounts + population.payer_ratio + population.country_entropy, 0, 0);
    fixture_free(&f);
}

static void accounts_that_pay_for_themselves_are_one_payer_each(void **state)
{
    (void)state;
    struct fixture f = fixture_new(4096);
    for (uint64_t i = 0; i < 1000; i++) {
        struct record record = exchange_at(hashed(i), T0);
        apply(&f, &record);
    }
    assert_near(population_of(&f).accounts, 1000, 0);
    assert_near(population_of(&f).payer_ratio, 1, 0);
    fixture_free(&f);
}

static void shared_payers_lower_the_ratio(void **state)
{
    (void)state;
    struct fixture f = fixture_new(4096);
    for (uint64_t i = 0; i < 2000; i++) {
        struct record record = facts_at(hashed(i), T0);
        record.account_facts.payment = i % 2 ? hashed(5000 + i % 400) : 0;
        apply(&f, &record);
    }
    /* 1,000 pay for themselves, 1,000 share 200 cards. */
    assert_near(population_of(&f).payer_ratio, 1200.0 / 2000, 3 * 0.033 * 200 / 2000);
    fixture_free(&f);
}

static void a_payer_learnt_late_replaces_the_account_itself(void **state)
{
    (void)state;
    struct fixture f = fixture_new(4096);
    for (uint64_t i = 0; i < 500; i++) {
        struct record exchange = exchange_at(hashed(i), T0), facts = facts_at(hashed(i), T0 + 1);
        facts.account_facts.payment = 7;
        apply(&f, &exchange);
        apply(&f, &facts);
    }
    assert_near(population_of(&f).payer_ratio, 1.0 / 500, 0.001);
    fixture_free(&f);
}

static void countries_and_age_are_counted_exactly(void **state)
{
    (void)state;
    struct fixture f = fixture_new(4096);
    for (uint64_t i = 0; i < 400; i++) {
        struct record record = facts_at(hashed(i), T0);
        record.account_facts.created_ms = i % 4 == 0 ? T0 - 31 * DAY_MS : T0;
        record.account_facts.country = (uint16_t)('A' << 8 | ('A' + i % 8));
        apply(&f, &record);
    }
    assert_near(population_of(&f).established_share, 0.25, 0);
    assert_near(population_of(&f).country_entropy, 3, 1e-9);
    for (uint64_t i = 0; i < 400; i++) {
        struct record record = exchange_at(hashed(i), T0 + 40 * DAY_MS);
        record.exchange.country = 'Z' << 8 | 'Z';
        apply(&f, &record);
        forget_sightings(&f);
    }
    assert_near(population_of(&f).established_share, 1, 0);
    assert_near(population_of(&f).country_entropy, 3, 1e-9);
    fixture_free(&f);
}

static void an_account_that_moves_is_in_one_country(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    struct record exchange = exchange_at(1, T0), facts = facts_at(1, T0);
    exchange.exchange.country = 'U' << 8 | 'S';
    facts.account_facts.country = 'D' << 8 | 'E';
    apply(&f, &exchange);
    apply(&f, &facts);
    assert_near(population_of(&f).country_entropy, 0, 0);
    fixture_free(&f);
}

static void only_two_capital_letters_are_a_country(void **state)
{
    (void)state;
    assert_int_equal(population_country('A' << 8 | 'A'), 0);
    assert_int_equal(population_country('Z' << 8 | 'Z'), POPULATION_COUNTRIES - 1);
    assert_int_equal(population_country(0), -1);
    assert_int_equal(population_country('a' << 8 | 'A'), -1);
    assert_int_equal(population_country('A' << 8 | '['), -1);
}

static void merging_partitions_gives_the_whole(void **state)
{
    (void)state;
    struct fixture whole = fixture_new(4096), parts[2] = { fixture_new(4096), fixture_new(4096) };
    for (uint64_t i = 0; i < 1500; i++) {
        struct record record = facts_at(hashed(i), T0);
        record.account_facts.payment = hashed(9000 + i % 300);
        record.account_facts.country = (uint16_t)('A' << 8 | ('A' + i % 5));
        apply(&whole, &record);
        apply(&parts[i % 2], &record);
    }
    struct population_sketch merged = { 0 }, one = { 0 };
    account_population(parts[0].table, &merged);
    account_population(parts[1].table, &merged);
    account_population(whole.table, &one);
    assert_memory_equal(&merged, &one, sizeof one);
    fixture_free(&whole);
    fixture_free(&parts[0]);
    fixture_free(&parts[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_an_empty_population),
        cmocka_unit_test(accounts_that_pay_for_themselves_are_one_payer_each),
        cmocka_unit_test(shared_payers_lower_the_ratio),
        cmocka_unit_test(a_payer_learnt_late_replaces_the_account_itself),
        cmocka_unit_test(countries_and_age_are_counted_exactly),
        cmocka_unit_test(an_account_that_moves_is_in_one_country),
        cmocka_unit_test(only_two_capital_letters_are_a_country),
        cmocka_unit_test(merging_partitions_gives_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
