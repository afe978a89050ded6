#include "lab/identity.h"

#include "support/test.h"

#include <stdlib.h>
#include <string.h>

#define SEED UINT64_C(20260504)

static void assert_text(struct buffer *buffer, const char *want)
{
    assert_int_equal(buffer->n, strlen(want));
    assert_memory_equal(buffer->data, want, buffer->n);
    buffer_reset(buffer);
}

static void addresses_are_written_as_people_write_them(void **state)
{
    (void)state;
    struct buffer text = { 0 };
    identity_put_address(0xf0000001, &text);
    assert_text(&text, "240.0.0.1");
    identity_put_address(0x0a640963, &text);
    assert_text(&text, "10.100.9.99");
    identity_put_address(UINT32_MAX, &text);
    assert_text(&text, "255.255.255.255");
    identity_put_address(0, &text);
    assert_text(&text, "0.0.0.0");
    buffer_fini(&text);
}

static void mail_domains_are_public_below_a_number_and_somebody_s_own_above(void **state)
{
    (void)state;
    struct buffer text = { 0 }, other = { 0 };
    identity_put_domain(7, &text);
    assert_text(&text, "mail7.example");
    identity_put_domain(PUBLIC_DOMAINS, &text);
    assert_text(&text, "mail40.example");
    identity_put_domain(PUBLIC_DOMAINS + 1, &text);
    identity_put_domain(PUBLIC_DOMAINS + 2, &other);
    assert_int_equal(text.n, 8 + strlen(".example"));
    assert_false(span_eq(buffer_span(&text), buffer_span(&other)));
    buffer_fini(&text);
    buffer_fini(&other);
}

static int compare_text(const void *left, const void *right)
{
    return memcmp(left, right, 32);
}

enum { MANY = 1 << 18 };
static char texts[MANY][32];

/* Sorted, so that those that are the same stand side by side. Neither rises with its number more often than by chance. */
static void assert_different_and_in_no_order(const char *what)
{
    unsigned rises = 0;
    for (size_t i = 1; i < MANY; i++)
        rises += memcmp(texts[i - 1], texts[i], 32) < 0;
    assert_in_range(rises, MANY / 2 - 1500, MANY / 2 + 1500);
    qsort(texts, MANY, sizeof texts[0], compare_text);
    for (size_t i = 1; i < MANY; i++)
        if (memcmp(texts[i - 1], texts[i], 32) == 0)
            fail_msg("%s twice: %s", what, texts[i]);
}

static void ids_of_different_numbers_differ_and_their_order_tells_nothing(void **state)
{
    (void)state;
    struct buffer text = { 0 };
    memset(texts, 0, sizeof texts);
    for (uint64_t i = 0; i < MANY; i++) {
        buffer_reset(&text);
        identity_put_id("req_", i, &text);
        assert_int_equal(text.n, 4 + 16);
        memcpy(texts[i], text.data, text.n);
    }
    assert_different_and_in_no_order("an id");
    buffer_fini(&text);
}

static void names_of_accounts_differ_and_belong_to_the_world_s_seed(void **state)
{
    (void)state;
    struct buffer text = { 0 }, other = { 0 };
    memset(texts, 0, sizeof texts);
    for (uint32_t i = 0; i < MANY; i++) {
        buffer_reset(&text);
        identity_put_name(SEED, i, &text);
        assert_memory_equal(text.data, "acct_", 5);
        memcpy(texts[i], text.data, text.n);
    }
    assert_different_and_in_no_order("a name");
    buffer_reset(&text);
    identity_put_name(SEED, 5, &text);
    identity_put_name(SEED + 1, 5, &other);
    assert_false(span_eq(buffer_span(&text), buffer_span(&other)));
    buffer_fini(&text);
    buffer_fini(&other);
}

static void networks_and_clients_are_drawn_by_their_weights(void **state)
{
    (void)state;
    struct network_weights networks = { { [NETWORK_VPN] = 3, [NETWORK_OFFICE] = 1 } };
    struct client_weights clients = { { [CLIENT_GO] = 1 } };
    struct dice dice = dice_of(SEED, 1);
    unsigned vpn = 0, linux_x64 = 0;
    struct account account = { 0 };
    for (int i = 0; i < 40000; i++) {
        identity_draw_network(&account, &networks, &dice);
        assert_true(account.network == NETWORK_VPN || account.network == NETWORK_OFFICE);
        vpn += account.network == NETWORK_VPN;
        identity_draw_client(&account, &clients, &dice);
        assert_int_equal(account.family, CLIENT_GO);
        linux_x64 += account.platform == 0;
    }
    assert_in_range(vpn, 29500, 30500);
    assert_in_range(linux_x64, 17500, 18500);
    identity_draw_network(&account, NULL, &dice);
    assert_int_equal(account.network, NETWORK_HOME);
    identity_draw_client(&account, NULL, &dice);
    assert_int_equal(account.family, CLIENT_PYTHON);
}

static void a_rotating_address_follows_the_session_and_a_home_the_time(void **state)
{
    (void)state;
    enum { HOUR_MS = 3600000 };
    const int64_t now_ms = INT64_C(96) * 4630 * HOUR_MS; /* the first hour of a home's four days */
    struct shown who = { .home = 77, .network = NETWORK_ROTATING };
    assert_int_equal(identity_address(&who, 0, 5).ip, identity_address(&who, now_ms, 5).ip);
    assert_int_not_equal(identity_address(&who, 0, 5).ip, identity_address(&who, 0, 6).ip);
    who.network = NETWORK_HOME;
    uint32_t ip = identity_address(&who, now_ms, 5).ip;
    assert_int_equal(ip, identity_address(&who, now_ms + 95 * HOUR_MS, 6).ip);
    assert_int_not_equal(ip, identity_address(&who, now_ms + 96 * HOUR_MS, 5).ip);
    who.network = NETWORK_CARRIER;
    ip = identity_address(&who, now_ms, 5).ip;
    assert_int_equal(ip, identity_address(&who, now_ms + 5 * HOUR_MS, 6).ip);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_written_as_people_write_them),
        cmocka_unit_test(mail_domains_are_public_below_a_number_and_somebody_s_own_above),
        cmocka_unit_test(ids_of_different_numbers_differ_and_their_order_tells_nothing),
        cmocka_unit_test(names_of_accounts_differ_and_belong_to_the_world_s_seed),
        cmocka_unit_test(networks_and_clients_are_drawn_by_their_weights),
        cmocka_unit_test(a_rotating_address_follows_the_session_and_a_home_the_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
