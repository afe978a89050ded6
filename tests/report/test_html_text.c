#include "report/html_text.h"

#include "support/test.h"

#include <math.h>

static struct buffer page;

static int reset(void **state)
{
    (void)state;
    buffer_fini(&page);
    return 0;
}

static void expect(const char *want)
{
    buffer_put_char(&page, '\0');
    assert_string_equal(page.data, want);
    buffer_reset(&page);
}

static void the_five_characters_of_html_are_escaped(void **state)
{
    (void)state;
    html_text(&page, SPAN("<a href='x' title=\"y\">&amp;"));
    expect("&lt;a href=&#39;x&#39; title=&quot;y&quot;&gt;&amp;amp;");
}

static void what_could_disguise_an_id_is_replaced(void **state)
{
    (void)state;
    html_text(&page, SPAN("a\xe2\x80\xae\x62\xe2\x81\xa7\x01\x7f\xc2\x85\xff\xd8\x9c\xc3\xa9\xe2\x82\xac"));
    expect("a\xef\xbf\xbd"
           "b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xc3\xa9\xe2\x82\xac");
}

static void long_texts_are_cut_between_characters(void **state)
{
    (void)state;
    html_text_cut(&page, SPAN("abcd"), 4);
    expect("abcd");
    html_text_cut(&page, SPAN("ab\xe2\x82\xac\x63"), 3);
    expect("ab\xe2\x82\xac…");
}

static void numbers_are_grouped_and_scaled(void **state)
{
    (void)state;
    html_count(&page, 0);
    expect("0");
    html_count(&page, 1234567);
    expect("1,234,567");
    html_short(&page, 9999);
    expect("9,999");
    html_short(&page, 12345678);
    expect("12.3 M");
    html_short(&page, 999960);
    expect("1.0 M");
    html_bytes(&page, 412000000);
    expect("412 MB");
    html_number(&page, NAN, 2);
    expect("n/a");
    html_plural(&page, 1, "account", "accounts");
    expect("1 account");
}

static void times_and_durations_read_well(void **state)
{
    (void)state;
    html_time(&page, 1777600800123);
    expect("<time datetime=\"2026-05-01T02:00:00.123Z\">2026-05-01 02:00</time>");
    html_time(&page, -1);
    expect("<span class=none>–</span>");
    html_duration(&page, 59999);
    expect("59 s");
    html_duration(&page, 3600000);
    expect("1 h");
    html_duration(&page, 11520000);
    expect("3 h 12 min");
    html_duration(&page, 190800000);
    expect("2 d 5 h");
}

#define TEST(name) cmocka_unit_test_teardown(name, reset)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_five_characters_of_html_are_escaped),
        TEST(what_could_disguise_an_id_is_replaced),
        TEST(long_texts_are_cut_between_characters),
        TEST(numbers_are_grouped_and_scaled),
        TEST(times_and_durations_read_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
