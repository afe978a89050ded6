#include "report/html.h"

#include "fixture.h"
#include "support/alloc_sweep.h"
#include "support/test.h"

#include <stdlib.h>

static struct fake fake;
static struct buffer page;

static int set_up(void **state)
{
    (void)state;
    return fake_init(&fake) == STATUS_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    fake_fini(&fake);
    buffer_fini(&page);
    return 0;
}

static void draw(void)
{
    buffer_reset(&page);
    html_page(&page, &fake.input);
    buffer_put_char(&page, '\0');
    assert_ok(page.status);
}

static bool says(const char *text)
{
    return strstr(page.data, text) != NULL;
}

static unsigned count_of(const char *text)
{
    unsigned n = 0;
    for (const char *at = page.data; (at = strstr(at, text)); at += strlen(text))
        n++;
    return n;
}

static void estimated_tasks_are_not_more_than_the_sightings_they_were_seen_in(void **state)
{
    (void)state;
    fake.campaigns[0].links[3].sightings = 1202;
    fake.campaigns[0].links[3].tasks = 1256.38;
    draw();
    assert_true(says("<td class=n>1,202 of 1,202</td>"));
}

static void every_campaign_has_a_card_and_a_section_with_both_kinds_of_claims(void **state)
{
    (void)state;
    draw();
    assert_true(says("<h1>2 campaigns over 237 accounts, 1 contained; 1 suspected group</h1>"));
    assert_int_equal(count_of("<a class=card href=\"#cmp_"), 3);
    assert_int_equal(count_of("<section class=campaign id=\"cmp_"), 3);
    assert_int_equal(count_of("<h3>Observed</h3>"), 3);
    assert_int_equal(count_of("<h3>Inferred</h3>"), 3);
    assert_int_equal(count_of("<h3>Decided</h3>"), 3);
    assert_int_equal(count_of("<h3>Not known</h3>"), 3);
    assert_int_equal(count_of("Benign explanations considered"), 3);
    assert_true(says("The 50 surest of 213"));
    assert_true(says("148</td><td class=n data-l=Trials>151</td><td class=n data-l=Chance>0.05"));
    assert_true(says("not_json</th><td class=n>41</td>"));
    assert_true(says("48,211 issued outputs forgotten"));
}

static void an_operator_told_apart_names_the_pool_and_why(void **state)
{
    (void)state;
    draw();
    assert_false(says("on the pool of"));
    fake.campaigns[2].pool = fake.campaigns[0].id;
    fake.campaigns[2].parting = (struct campaign_parting){ 54, 15, 1, 5, -14.25 };
    draw();
    assert_int_equal(count_of("Another operator on the pool of <a class=mono href=\"#cmp_"), 1);
    assert_true(says("15 do so within this operator, 1 cross to another"));
}

static void what_was_not_found_is_said_plainly(void **state)
{
    (void)state;
    fake.input.source.n_campaigns = 0;
    fake.input.decisions = NULL;
    fake.input.run.log = NULL;
    fake.input.run.engine = (struct engine_stats){ 0 };
    draw();
    assert_true(says("<h1>No campaign was found</h1>"));
    assert_true(says("not proof of absence"));
    assert_true(says("None: no table was full"));
    assert_false(says("class=campaign"));
}

static void a_page_of_suspected_groups_alone_does_not_say_that_a_campaign_was_found(void **state)
{
    (void)state;
    fake.listed[0] = &fake.campaigns[1];
    fake.input.source.n_campaigns = 1;
    draw();
    assert_true(says("<h1>No campaign was found, 1 suspected group</h1>"));
}

static void the_first_sixty_campaigns_are_shown_and_the_rest_is_counted(void **state)
{
    (void)state;
    const struct campaign *many[100];
    for (size_t i = 0; i < 100; i++)
        many[i] = &fake.campaigns[1];
    fake.input.source.campaigns = many;
    fake.input.source.n_campaigns = 100;
    draw();
    assert_int_equal(count_of("<section class=campaign"), 60);
    assert_int_equal(count_of("<a class=card"), 60);
    assert_true(says("40 more are in <code>campaigns.json</code>"));
}

/* Marks that would run or leave their place if any text came through as it is. */
static void no_text_from_outside_reaches_the_page_unescaped(void **state)
{
    (void)state;
    fake.hostile = "<script>alert('x')</script>\"><img src=x onerror=y>&amp;\xe2\x80\xae";
    fake.input.run.policy = "<script>p";
    fake.input.run.version = "<script>v";
    fake.log.first[FAULT_NOT_JSON] =
        (struct diag){ .file = "<script>f", .line = 1, .field = "<script>g", .reason = "<script>r" };
    strcpy(fake.log.unknown_key[0], "<script>k");
    strcpy(fake.decisions.rows[0].reason[ACTION_VERIFY], "<script>d");
    draw();
    assert_int_equal(count_of("<script>"), 1); /* our own */
    assert_int_equal(count_of("<img"), 0);
    assert_int_equal(count_of("alert('x')"), 0);
    assert_int_equal(count_of("\xe2\x80\xae"), 0);
    assert_true(says(
        "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&gt;&lt;img src=x onerror=y&gt;&amp;amp;"));
    assert_true(says("&lt;script&gt;p") && says("&lt;script&gt;v") && says("&lt;script&gt;k"));
    assert_true(says("&lt;script&gt;f") && says("&lt;script&gt;g") && says("&lt;script&gt;r"));
    assert_true(says("&lt;script&gt;d"));
}

static void the_page_asks_nothing_of_the_network(void **state)
{
    (void)state;
    draw();
    assert_false(says("http:") || says("https:") || says("src=") || says("@import") || says("url("));
    assert_false(says("<link"));
    assert_true(says("default-src 'none'"));
}

static void the_same_input_gives_the_same_page(void **state)
{
    (void)state;
    struct buffer first = { 0 };
    html_page(&first, &fake.input);
    buffer_put_char(&first, '\0');
    draw();
    assert_true(span_eq(buffer_span(&first), buffer_span(&page)));
    buffer_fini(&first);
}

static void tags_that_are_opened_are_closed(void **state)
{
    (void)state;
    static const char *const tags[] = { "section", "table", "tbody", "thead", "tr", "ul", "svg", "figure",
        "dl", "details", "div", "main", "header", "span", "p", "a", "h2", "g" };
    char open[32], open_with[32], closed[32];
    draw();
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        snprintf(open, sizeof open, "<%s>", tags[i]);
        snprintf(open_with, sizeof open_with, "<%s ", tags[i]);
        snprintf(closed, sizeof closed, "</%s>", tags[i]);
        if (count_of(open) + count_of(open_with) != count_of(closed))
            fail_msg(
                "%s: %u opened, %u closed", tags[i], count_of(open) + count_of(open_with), count_of(closed));
    }
}

static void a_failed_allocation_is_the_pages_status(void **state)
{
    (void)state;
    bool reached = true;
    for (long nth = 0; reached; nth++) {
        struct buffer one = { 0 };
        alloc_sweep_arm(nth);
        html_page(&one, &fake.input);
        reached = alloc_sweep_disarm();
        assert_int_equal(one.status, reached ? STATUS_NOMEM : STATUS_OK);
        buffer_fini(&one);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_campaign_has_a_card_and_a_section_with_both_kinds_of_claims),
        TEST(estimated_tasks_are_not_more_than_the_sightings_they_were_seen_in),
        TEST(an_operator_told_apart_names_the_pool_and_why),
        TEST(what_was_not_found_is_said_plainly),
        TEST(a_page_of_suspected_groups_alone_does_not_say_that_a_campaign_was_found),
        TEST(the_first_sixty_campaigns_are_shown_and_the_rest_is_counted),
        TEST(no_text_from_outside_reaches_the_page_unescaped),
        TEST(the_page_asks_nothing_of_the_network),
        TEST(the_same_input_gives_the_same_page),
        TEST(tags_that_are_opened_are_closed),
        TEST(a_failed_allocation_is_the_pages_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
