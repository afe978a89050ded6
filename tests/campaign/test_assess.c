#include "campaign/assess.h"

#include "fake_source.h"

static struct fake f;
static struct graph graph;
static struct campaign_config config;
static struct campaign_source source;
static struct assessor assessor;
static struct group group;
static struct rings identity_rings, provenance_rings;
static int64_t begin_ms;

static int set_up(void **state)
{
    (void)state;
    fake_init(&f);
    fixture_init(&graph);
    config = (struct campaign_config){ .edges_max = 1000,
        .min_accounts = 5,
        .min_contain_accounts = 10,
        .budget_per_million_months = 10,
        .homophily = 0.2,
        .min_log10_e = 5 };
    source = (struct campaign_source){ &f, fake_account, fake_object, fake_mark, fake_brief, fake_retract };
    assessor_init(&assessor, &config, &source, &graph);
    group = (struct group){ 0 };
    begin_ms = T0;
    rings_init(&identity_rings, FAMILY_IDENTITY);
    rings_init(&provenance_rings, FAMILY_PROVENANCE);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    group_free(&group);
    assessor_fini(&assessor);
    rings_fini(&identity_rings);
    rings_fini(&provenance_rings);
    graph_fini(&graph);
    fake_fini(&f);
    return 0;
}

/* Accounts first to last in threes, each three with a card. */
static void cards(uint64_t first, uint64_t last)
{
    for (uint64_t account = first; account + 2 <= last; account += 3)
        show_all(&graph, OBJECT_PAYMENT, account, account, account + 2);
}

static void begin(void)
{
    assert_ok(assessor_begin(&assessor, begin_ms, T0 + HOUR, 10000));
    assert_ok(rings_update(&identity_rings, &graph, true));
    assert_ok(rings_update(&provenance_rings, &graph, true));
    assessor_take_rings(&assessor, &identity_rings, &provenance_rings);
}

/* Accounts 1 to last live off one frame; they are the group. */
static void frame(uint64_t last)
{
    show_all(&graph, OBJECT_SYSTEM, 1, 1, last);
    for (uint64_t account = 1; account <= last; account++)
        f.profiles[account].top_frame = object_key(OBJECT_SYSTEM, 1);
    fixture_build(&graph);
    group_free(&group);
    group = group_of(&graph, FAMILY_CONTENT, 1, last);
    group.objects[group.n_objects++] = object_index(&graph, OBJECT_SYSTEM, 1);
}

static struct assessment assess(void)
{
    struct assessment a = { .total = 0 };
    begin();
    assess_links(&assessor, &group, &a);
    assert_ok(assess_members(&assessor, &group, &a));
    assess_clear(&assessor, &group);
    for (size_t i = 0; i < graph.n_rows; i++)
        assert_true(!assessor.inside[i] && !assessor.tied[i]);
    for (size_t i = 0; i < graph.n_columns; i++)
        assert_int_equal(assessor.count[i], 0);
    return a;
}

static void a_frame_whose_users_share_cards_passes(void **state)
{
    (void)state;
    cards(1, 21);
    frame(30);
    struct assessment a = assess();
    assert_true(a.two_keys && a.confirmed && !a.held);
    assert_int_equal(a.n_profiles, 30);
    assert_int_equal(a.n_held, 30);
    assert_true(a.total >= a.threshold);
}

static void a_frame_alone_turns_one_key(void **state)
{
    (void)state;
    frame(30);
    struct assessment a = assess();
    assert_false(a.two_keys || a.confirmed);
    assert_int_equal(assessor.tests, 0);
}

static void a_look_alike_that_holds_stops_it(void **state)
{
    (void)state;
    cards(1, 21);
    frame(30);
    for (uint64_t account = 1; account <= 30; account++)
        f.profiles[account].adopter = ADOPTER_EDUCATION;
    struct assessment a = assess();
    assert_true(a.two_keys && a.held && !a.confirmed);
}

static void a_test_is_charged_again_when_what_speaks_for_it_has_doubled(void **state)
{
    (void)state;
    cards(1, 9);
    frame(30);
    double first = assess().threshold;
    assert_int_equal(assessor.tests, 1);
    assess();
    assert_int_equal(assessor.tests, 1);
    cards(9, 11);
    frame(30);
    assess();
    assert_int_equal(assessor.tests, 1);
    cards(11, 30);
    frame(30);
    double second = assess().threshold;
    assert_int_equal(assessor.tests, 2);
    assert_true(second >= first);
}

static void another_view_of_who_is_held_already_is_not_charged(void **state)
{
    (void)state;
    cards(1, 21);
    frame(30);
    for (uint64_t account = 1; account <= 16; account++)
        graph.accounts[account_index(&graph, account)].watched = true;
    assert_true(assess().confirmed);
    assert_int_equal(assessor.tests, 0);
    graph.accounts[account_index(&graph, 16)].watched = false;
    assess();
    assert_int_equal(assessor.tests, 1);
}

/* Ten accounts outside a group of 30 share a card with its first member, and are like this. */
static uint32_t partners_if_outsiders_are(struct account_profile like)
{
    cards(1, 11);
    show_all(&graph, OBJECT_PAYMENT, 500, 1, 1);
    show_all(&graph, OBJECT_PAYMENT, 500, 101, 110);
    frame(30);
    for (uint64_t account = 101; account <= 110; account++) {
        f.profiles[account].exchanges = like.exchanges;
        f.profiles[account].novelty = like.novelty;
        f.profiles[account].last_seen_ms = like.last_seen_ms;
    }
    return assess().hands.partners;
}

static void whoever_could_have_shown_the_frame_is_a_partner(void **state)
{
    (void)state;
    const struct account_profile sends = { .exchanges = 50, .novelty = 1, .last_seen_ms = T0 + HOUR };
    uint32_t all = partners_if_outsiders_are(sends);
    struct account_profile seldom = sends;
    seldom.exchanges = 2;
    assert_int_equal(partners_if_outsiders_are(seldom), all - HANDS_PARTNERS);
    struct account_profile wordless = sends;
    wordless.novelty = NAN;
    assert_int_equal(partners_if_outsiders_are(wordless), all - HANDS_PARTNERS);
    struct account_profile silent = sends;
    silent.last_seen_ms = T0 - HOUR;
    begin_ms = T0 - DAY;
    assert_int_equal(partners_if_outsiders_are(silent), all - HANDS_PARTNERS);
}

static void a_group_of_evicted_accounts_cannot_be_assessed(void **state)
{
    (void)state;
    struct assessment a = { .total = 0 };
    cards(1, 21);
    frame(30);
    for (uint64_t account = 1; account <= 30; account++)
        f.profiles[account].exchanges = 0;
    begin();
    assess_links(&assessor, &group, &a);
    assert_int_equal(assess_members(&assessor, &group, &a), STATUS_NOT_FOUND);
    assess_clear(&assessor, &group);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_frame_whose_users_share_cards_passes),
        TEST(a_frame_alone_turns_one_key),
        TEST(a_look_alike_that_holds_stops_it),
        TEST(a_test_is_charged_again_when_what_speaks_for_it_has_doubled),
        TEST(another_view_of_who_is_held_already_is_not_charged),
        TEST(whoever_could_have_shown_the_frame_is_a_partner),
        TEST(a_group_of_evicted_accounts_cannot_be_assessed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
