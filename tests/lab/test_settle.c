/* settle.c: who the benign accounts are, what those of one organisation share, and how many there are. */
#include "lab/fixture.h"

#include <math.h>

static struct lab lab;

static int open_lab(void **state)
{
    (void)state;
    lab_open(&lab);
    return 0;
}

static int close_lab(void **state)
{
    (void)state;
    lab_close(&lab);
    return 0;
}

static void settle_one(const char *population, unsigned accounts)
{
    char text[400];
    snprintf(text, sizeof text, "%sbenign: [{population: %s, accounts: %u}]\n", LAB_HEAD("14"), population,
        accounts);
    lab_world(&lab, text, 5, 1);
}

static const struct account *account_at(uint32_t i)
{
    return &lab.world->accounts[i];
}

static uint32_t accounts(void)
{
    return (uint32_t)world_accounts(lab.world);
}

static void a_start_up_shares_its_card_its_domain_and_mostly_its_address(void **state)
{
    (void)state;
    unsigned offices = 0, strangers = 0;
    settle_one("startup", 400);
    for (uint32_t i = 1; i < accounts(); i++) {
        const struct account *one = account_at(i - 1), *other = account_at(i);
        bool same = one->organization == other->organization;
        assert_int_equal(one->card == other->card, same);
        assert_int_equal(one->domain == other->domain, same);
        assert_true(other->domain > PUBLIC_DOMAINS && other->programme == PROGRAMME_STARTUP);
        assert_int_equal(other->flags & ACCOUNT_DECLARED, 0);
        offices += other->network == NETWORK_OFFICE;
        strangers += !same && other->home == one->home;
    }
    assert_int_equal(strangers, 0);
    assert_in_range(offices, accounts() * 0.6, accounts());
}

static void a_course_has_its_size_its_programme_and_signs_up_within_days(void **state)
{
    (void)state;
    settle_one("course", 600);
    for (size_t i = 0; i < lab.world->n_organizations; i++) {
        const struct organization *course = &lab.world->organizations[i];
        int64_t first_ms = INT64_MAX, last_ms = INT64_MIN;
        assert_in_range(course->n, 60, 160);
        for (uint32_t k = course->first; k < course->first + course->n; k++) {
            int64_t created_ms = account_at(k)->created_ms;
            assert_int_equal(account_at(k)->programme, PROGRAMME_EDUCATION);
            first_ms = created_ms < first_ms ? created_ms : first_ms;
            last_ms = created_ms > last_ms ? created_ms : last_ms;
        }
        assert_in_range(last_ms - first_ms, DAY_MS, 4 * DAY_MS);
    }
    assert_true(lab.world->n_organizations >= 4);
}

static void a_hackathon_signs_up_when_it_begins(void **state)
{
    (void)state;
    settle_one("hackathon", 200);
    for (uint32_t i = 0; i < accounts(); i++) {
        double day = (double)(account_at(i)->created_ms - lab.world->start_ms) / (double)DAY_MS;
        assert_true(day >= 4.4 && day < 5);
    }
}

static void half_of_those_who_may_pay_with_a_friends_card(void **state)
{
    (void)state;
    unsigned shared = 0;
    settle_one("shared_cards", 1000);
    for (uint32_t i = 0; i < accounts(); i++) {
        bool found = false;
        for (uint32_t k = i > 20 ? i - 20 : 0; k < i; k++)
            found |= account_at(k)->card == account_at(i)->card;
        shared += found;
    }
    assert_in_range(shared, 400, 600);
}

static void one_person_has_one_home_and_one_device_for_two_accounts(void **state)
{
    (void)state;
    settle_one("two_accounts", 200);
    for (uint32_t i = 0; i + 1 < accounts(); i += 2) {
        assert_int_equal(account_at(i)->device, account_at(i + 1)->device);
        assert_int_equal(account_at(i)->home, account_at(i + 1)->home);
        assert_true(i == 0 || account_at(i)->device != account_at(i - 1)->device);
    }
}

static uint32_t address_at(uint32_t i, int64_t now_ms)
{
    struct shown shown = identity_shown(account_at(i));
    return identity_address(&shown, now_ms, i).ip;
}

static void carriers_and_vpns_put_strangers_behind_one_address(void **state)
{
    (void)state;
    unsigned met = 0;
    settle_one("vpn_and_carrier", 600);
    int64_t now_ms = lab.world->start_ms;
    for (uint32_t i = 0; i < accounts(); i++)
        for (uint32_t k = 0; k < i; k++)
            met += address_at(i, now_ms) == address_at(k, now_ms);
    assert_true(met > 40);
    settle_one("conversations", 600); /* most of them at home */
    unsigned rarely = 0;
    for (uint32_t i = 0; i < accounts(); i++)
        for (uint32_t k = 0; k < i; k++)
            rarely += address_at(i, now_ms) == address_at(k, now_ms);
    assert_true(rarely < met / 2);
}

static void the_standard_mix_has_everybody_in_proportion(void **state)
{
    (void)state;
    const struct customer_kinds *kinds = &lab.kinds;
    double shares = 0;
    lab_world(&lab, LAB_HEAD("1") "benign_accounts: 20000\n", 5, 1);
    for (size_t i = 0; i < kinds->n; i++)
        shares += kinds->items[i]->share;
    for (size_t i = 0; i < kinds->n; i++) {
        double n = 0, wanted = 20000 * kinds->items[i]->share / shares;
        for (uint32_t k = 0; k < accounts(); k++)
            n += account_at(k)->population == i;
        assert_true(fabs(n - wanted) <= kinds->items[i]->organisation.size_max + 1);
    }
}

static void scale_shrinks_the_number_of_accounts_and_no_rate(void **state)
{
    (void)state;
    double mean[2] = { 0 };
    size_t n[2];
    for (int i = 0; i < 2; i++) {
        lab_world(
            &lab, LAB_HEAD("1") "benign: [{population: individuals, accounts: 8000}]\n", 5, i ? 0.25 : 1);
        n[i] = world_accounts(lab.world);
        for (uint32_t k = 0; k < n[i]; k++)
            mean[i] += (double)account_at(k)->per_day / (double)n[i];
    }
    assert_in_range(n[1], n[0] / 4 - 2, n[0] / 4 + 2);
    assert_true(fabs(mean[1] / mean[0] - 1) < 0.15);
}

static void benign_traffic_has_its_share_of_all_exchanges(void **state)
{
    (void)state;
    uint64_t benign = 0, all = 0;
    const struct happening *some;
    size_t n;
    lab_world(&lab, LAB_HEAD("7") "benign_share: 0.8\n" LAB_CAMPAIGN("one", "400", "40") LAB_JOBS, 5, 1);
    while (world_step(lab.world, &some, &n) == STATUS_OK)
        for (size_t i = 0; i < n; i++)
            if (some[i].kind == HAPPENING_ASK) {
                all++;
                benign += lab.world->accounts[some[i].account].campaign < 0;
            }
    double share = (double)benign / (double)all;
    assert_true(share > 0.76 && share < 0.84);
}

static uint32_t number_declared(const char *more)
{
    char text[512];
    uint32_t n = 0;
    snprintf(text, sizeof text, LAB_HEAD("1") "%sbenign: [{population: teams, accounts: 100}]\n", more);
    lab_world(&lab, text, 5, 1);
    for (uint32_t i = 0; i < world_accounts(lab.world); i++)
        n += account_at(i)->flags & ACCOUNT_DECLARED;
    return n;
}

static void organisations_declare_themselves_unless_the_scenario_says_that_none_does(void **state)
{
    (void)state;
    assert_in_range(number_declared(""), 100, 140);
    assert_int_equal(number_declared("undeclared: true\n"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_start_up_shares_its_card_its_domain_and_mostly_its_address),
        cmocka_unit_test(a_course_has_its_size_its_programme_and_signs_up_within_days),
        cmocka_unit_test(a_hackathon_signs_up_when_it_begins),
        cmocka_unit_test(half_of_those_who_may_pay_with_a_friends_card),
        cmocka_unit_test(one_person_has_one_home_and_one_device_for_two_accounts),
        cmocka_unit_test(carriers_and_vpns_put_strangers_behind_one_address),
        cmocka_unit_test(the_standard_mix_has_everybody_in_proportion),
        cmocka_unit_test(scale_shrinks_the_number_of_accounts_and_no_rate),
        cmocka_unit_test(benign_traffic_has_its_share_of_all_exchanges),
        cmocka_unit_test(organisations_declare_themselves_unless_the_scenario_says_that_none_does),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
