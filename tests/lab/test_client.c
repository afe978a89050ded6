#include "lab/client.h"

#include "support/test.h"

#include <string.h>

static void assert_text(struct buffer *buffer, const char *want)
{
    assert_int_equal(buffer->n, strlen(want));
    assert_memory_equal(buffer->data, want, buffer->n);
    buffer_reset(buffer);
}

static void a_user_agent_tells_product_version_and_platform(void **state)
{
    (void)state;
    struct buffer text = { 0 };
    client_user_agent(CLIENT_PYTHON, 0, 0, &text);
    assert_text(&text, "llm-sdk-python/1.40.0 (linux; x64) cpython/3.11");
    client_user_agent(CLIENT_PYTHON, 1, 6, &text);
    assert_text(&text, "llm-sdk-python/1.41.2 (macos; arm64) cpython/3.11");
    client_user_agent(CLIENT_AGENT, 2, 3, &text);
    assert_text(&text, "codeagent-cli/2.0.3 (windows; x64) (external, cli)");
    buffer_fini(&text);
}

/* speak.c keeps both in 120 bytes. */
static void user_agent_and_fingerprint_are_short_and_differ_between_families(void **state)
{
    (void)state;
    struct buffer all[CLIENT_FAMILIES] = { 0 };
    for (enum client_family family = 0; family < CLIENT_FAMILIES; family++) {
        client_ja4(family, 0, &all[family]);
        assert_int_equal(all[family].n, 36);
        for (enum client_family other = 0; other < family; other++)
            assert_false(span_eq(buffer_span(&all[family]), buffer_span(&all[other])));
        for (unsigned platform = 0; platform < 6; platform++) {
            struct buffer text = { 0 };
            client_user_agent(family, platform, 4000, &text);
            client_ja4(family, platform, &text);
            assert_true(text.n < 120);
            buffer_fini(&text);
        }
    }
    for (enum client_family family = 0; family < CLIENT_FAMILIES; family++)
        buffer_fini(&all[family]);
}

static void a_fingerprint_follows_the_family_and_in_a_browser_the_platform(void **state)
{
    (void)state;
    struct buffer linux_text = { 0 }, mac = { 0 };
    client_ja4(CLIENT_PYTHON, 0, &linux_text);
    client_ja4(CLIENT_PYTHON, 1, &mac);
    assert_true(span_eq(buffer_span(&linux_text), buffer_span(&mac)));
    buffer_reset(&linux_text);
    buffer_reset(&mac);
    client_ja4(CLIENT_WEB, 0, &linux_text);
    client_ja4(CLIENT_WEB, 1, &mac);
    assert_false(span_eq(buffer_span(&linux_text), buffer_span(&mac)));
    assert_memory_equal(linux_text.data, "t13d", 4);
    buffer_fini(&linux_text);
    buffer_fini(&mac);
}

static void versions_never_go_back_and_follow_the_family_s_pace(void **state)
{
    (void)state;
    for (enum client_family family = 0; family < CLIENT_FAMILIES; family++) {
        assert_int_equal(client_version(family, -400), 0);
        assert_int_equal(client_version(family, 0), 0);
        for (int64_t day = 1; day < 400; day++) {
            unsigned before = client_version(family, day - 1), now = client_version(family, day);
            assert_true(now == before || now == before + 1);
        }
    }
    assert_int_equal(client_version(CLIENT_AGENT, 30), 10);
    assert_int_equal(client_version(CLIENT_CURL, 59), 0);
    assert_int_equal(client_version(CLIENT_CURL, 60), 1);
}

static void header_orders_and_names_are_each_family_s_own(void **state)
{
    (void)state;
    for (enum client_family family = 0; family < CLIENT_FAMILIES; family++) {
        const char *order = client_header_order(family);
        assert_true(
            strncmp(order, "host,", 5) == 0 && order[strlen(order) - 1] != ',' && !strstr(order, ",,"));
        for (enum client_family other = 0; other < family; other++) {
            assert_string_not_equal(order, client_header_order(other));
            assert_string_not_equal(client_family_name(family), client_family_name(other));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_user_agent_tells_product_version_and_platform),
        cmocka_unit_test(user_agent_and_fingerprint_are_short_and_differ_between_families),
        cmocka_unit_test(a_fingerprint_follows_the_family_and_in_a_browser_the_platform),
        cmocka_unit_test(versions_never_go_back_and_follow_the_family_s_pace),
        cmocka_unit_test(header_orders_and_names_are_each_family_s_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
