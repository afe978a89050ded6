#include "support/test.h"

#include "record/client.h"

static struct key key;
static struct memo memo;

static int start(void **state)
{
    (void)state;
    key_init(&key, key_default_secret);
    return 0;
}

static void assert_same(const char *a, const char *b, bool same_ip, bool same_net)
{
    uint64_t ip_a, ip_b, net_a, net_b;
    client_address(&key, span_of(a), &ip_a, &net_a);
    client_address(&key, span_of(b), &ip_b, &net_b);
    assert_true(ip_a && ip_b && net_a && net_b);
    assert_int_equal(ip_a == ip_b, same_ip);
    assert_int_equal(net_a == net_b, same_net);
}

static void addresses_are_compared_in_binary_form(void **state)
{
    (void)state;
    assert_same("198.51.100.7", "::ffff:198.51.100.7", true, true);
    assert_same("2001:db8::1", "2001:0DB8:0:0::0001", true, true);
}

static void nets_are_24_and_48_bits(void **state)
{
    (void)state;
    assert_same("198.51.100.7", "198.51.100.200", false, true);
    assert_same("198.51.100.7", "198.51.101.7", false, false);
    assert_same("2001:db8:1:2::1", "2001:db8:1:ffff::2", false, true);
    assert_same("2001:db8:1::1", "2001:db8:2::1", false, false);
}

static void what_is_no_address_is_hashed_as_text(void **state)
{
    (void)state;
    uint64_t ip, net;
    client_address(&key, SPAN("unknown"), &ip, &net);
    assert_true(ip != 0 && net == 0);
    client_address(&key, SPAN(""), &ip, &net);
    assert_true(ip == 0 && net == 0);
}

static void countries_are_two_letters(void **state)
{
    (void)state;
    assert_int_equal(client_country(SPAN("SG")), 'S' << 8 | 'G');
    assert_int_equal(client_country(SPAN("sg")), 'S' << 8 | 'G');
    assert_int_equal(client_country(SPAN("S")), 0);
    assert_int_equal(client_country(SPAN("S1")), 0);
    assert_int_equal(client_country(SPAN("SGP")), 0);
}

static void mail_domains_ignore_case(void **state)
{
    (void)state;
    assert_true(client_domain(&key, SPAN("Example.NET")) == client_domain(&key, SPAN("example.net")));
    assert_true(client_domain(&key, SPAN("")) == 0);
}

static void the_client_tuple_needs_one_of_its_parts(void **state)
{
    (void)state;
    struct exchange_record none = { 0 }, some = { 0 }, other = { 0 };
    client_hashes(&memo, &key, &(struct exchange_client){ .ip = SPAN("10.0.0.1"), .asn = 64500 }, &none);
    client_hashes(&memo, &key, &(struct exchange_client){ .user_agent = SPAN("a"), .asn = -1 }, &some);
    client_hashes(&memo, &key, &(struct exchange_client){ .ja4 = SPAN("a") }, &other);
    assert_true(none.client == 0 && none.asn == 64500);
    assert_true(some.client != 0 && some.client != other.client && some.asn == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_compared_in_binary_form),
        cmocka_unit_test(nets_are_24_and_48_bits),
        cmocka_unit_test(what_is_no_address_is_hashed_as_text),
        cmocka_unit_test(countries_are_two_letters),
        cmocka_unit_test(mail_domains_ignore_case),
        cmocka_unit_test(the_client_tuple_needs_one_of_its_parts),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
