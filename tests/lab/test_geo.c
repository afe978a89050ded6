#include "lab/geo.h"

#include "support/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void weights_of_countries_sum_to_one_and_their_codes_are_found(void **state)
{
    (void)state;
    double sum = 0;
    for (uint32_t i = 0; i < COUNTRY_COUNT; i++) {
        sum += (double)countries[i].weight;
        assert_int_equal(country_find(countries[i].code), i);
        assert_in_range(countries[i].zone_min + 720, 0, 720 + 840);
    }
    assert_true(fabs(sum - 1) < 1e-6);
    assert_int_equal(country_find("ZZ"), COUNTRY_COUNT);
    assert_int_equal(country_find(""), COUNTRY_COUNT);
}

static void countries_are_drawn_by_their_weights(void **state)
{
    (void)state;
    enum { DRAWS = 100000 };
    struct dice dice = dice_of(20260504, 1);
    unsigned seen[COUNTRY_COUNT] = { 0 };
    for (int i = 0; i < DRAWS; i++)
        seen[country_draw(&dice)]++;
    for (uint32_t i = 0; i < COUNTRY_COUNT; i++) {
        double p = (double)countries[i].weight;
        assert_true(fabs(seen[i] - DRAWS * p) < 5 * sqrt(DRAWS * p));
    }
}

/* Nobody's addresses and AS numbers, whatever is drawn. */
static void no_address_is_a_real_one(void **state)
{
    (void)state;
    struct dice dice = dice_of(20260504, 2);
    for (int i = 0; i < 200000; i++) {
        enum network network = dice_below(&dice, NETWORK_COUNT);
        uint32_t country = dice_below(&dice, COUNTRY_COUNT);
        struct address at = address_of(network, country, dice_u64(&dice), dice_u64(&dice));
        assert_true(at.ip >= UINT32_C(0xf0000000) && at.ip < UINT32_MAX);
        assert_true(at.asn >= UINT32_C(4200000000) && at.asn < UINT32_C(4200010000));
    }
}

static unsigned different(enum network network, uint64_t home, unsigned periods)
{
    static uint32_t ips[4096];
    unsigned n = 0;
    for (uint64_t period = 0; period < periods; period++) {
        uint32_t ip = address_of(network, 3, home, period).ip;
        unsigned i = 0;
        while (i < n && ips[i] != ip)
            i++;
        if (i == n)
            ips[n++] = ip;
    }
    return n;
}

static void an_address_changes_as_often_as_its_network_says(void **state)
{
    (void)state;
    for (uint64_t home = 1; home < 20; home++) {
        assert_int_equal(different(NETWORK_OFFICE, home, 3000), 1);
        assert_int_equal(different(NETWORK_CLOUD, home, 3000), 1);
        assert_int_equal(different(NETWORK_HOME, home, 96 * 5), 5); /* hours: every four days */
        assert_int_equal(different(NETWORK_RESIDENTIAL, home, 96 * 5), 5);
        assert_true(different(NETWORK_CARRIER, home, 3000) <= 64);
        assert_true(different(NETWORK_VPN, home, 3000) <= 192);
        assert_true(different(NETWORK_VPN, home, 3000) > 150);
        assert_true(different(NETWORK_RUNNERS, home, 1000) > 950);
        assert_true(different(NETWORK_ROTATING, home, 1000) > 950);
    }
}

/* Who shares an address: strangers behind a carrier or a VPN, nobody at home. */
static void strangers_share_an_address_where_the_network_says_so(void **state)
{
    (void)state;
    static const struct {
        enum network network;
        uint32_t at_most; /* different addresses among the strangers */
        uint32_t at_least;
    } rows[] = { { NETWORK_HOME, 2000, 1900 }, { NETWORK_OFFICE, 2000, 1900 }, { NETWORK_CARRIER, 128, 100 },
        { NETWORK_VPN, 8 * 192, 600 } };
    struct dice dice = dice_of(20260504, 3);
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        static uint32_t ips[2000];
        unsigned n = 0;
        for (int i = 0; i < 2000; i++) {
            uint32_t ip = address_of(rows[k].network, 0, dice_u64(&dice), dice_u64(&dice)).ip;
            unsigned j = 0;
            while (j < n && ips[j] != ip)
                j++;
            if (j == n)
                ips[n++] = ip;
        }
        if (n < rows[k].at_least || n > rows[k].at_most)
            fail_msg("network %d: %u addresses of 2000 strangers", (int)rows[k].network, n);
    }
}

static void networks_of_two_countries_and_of_two_kinds_of_hosting_stay_apart(void **state)
{
    (void)state;
    struct dice dice = dice_of(20260504, 4);
    for (int i = 0; i < 20000; i++) {
        uint64_t home = dice_u64(&dice), period = dice_u64(&dice);
        uint32_t a = dice_below(&dice, COUNTRY_COUNT),
                 b = (a + 1 + dice_below(&dice, COUNTRY_COUNT - 1)) % COUNTRY_COUNT;
        struct address here = address_of(NETWORK_HOME, a, home, period);
        struct address there = address_of(NETWORK_HOME, b, home, period);
        struct address cloud = address_of(NETWORK_CLOUD, a, home, period);
        struct address vpn = address_of(NETWORK_VPN, a, home, period);
        assert_true(here.ip != there.ip && here.asn != there.asn);
        assert_true(cloud.asn != vpn.asn && here.asn != cloud.asn && cloud.ip != vpn.ip);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_of_countries_sum_to_one_and_their_codes_are_found),
        cmocka_unit_test(countries_are_drawn_by_their_weights),
        cmocka_unit_test(no_address_is_a_real_one),
        cmocka_unit_test(an_address_changes_as_often_as_its_network_says),
        cmocka_unit_test(strangers_share_an_address_where_the_network_says_so),
        cmocka_unit_test(networks_of_two_countries_and_of_two_kinds_of_hosting_stay_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
