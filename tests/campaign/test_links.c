#include "campaign/links.h"

#include "fixture.h"
#include "support/alloc_sweep.h"

static struct graph graph;
static struct group group;
static struct campaign campaign;
static uint32_t count[1000];

static int set_up(void **state)
{
    (void)state;
    fixture_init(&graph);
    group = (struct group){ 0 };
    campaign = (struct campaign){ 0 };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    graph_fini(&graph);
    group_free(&group);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(count[i], 0);
    return 0;
}

static void collect(uint64_t first, uint64_t last)
{
    fixture_build(&graph);
    group = group_of(&graph, FAMILY_CONTENT, first, last);
    assert_ok(links_collect(&graph, &group, count, &campaign));
}

static void strong_ties_come_first_then_those_of_most_accounts(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 20);
    show_all(&graph, OBJECT_IP, 2, 1, 9);
    show_all(&graph, OBJECT_PAYMENT, 3, 1, 3);
    show_all(&graph, OBJECT_DEVICE, 4, 1, 5);
    collect(1, 20);
    static const uint8_t kinds[] = { OBJECT_DEVICE, OBJECT_PAYMENT, OBJECT_SYSTEM, OBJECT_IP };
    assert_int_equal(campaign.n_links, 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(campaign.links[i].kind, kinds[i]);
}

static void the_best_are_kept_of_more_than_there_is_room_for(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 90);
    for (uint64_t object = 100; object < 100 + 3 * CAMPAIGN_LINKS; object++)
        show_all(&graph, OBJECT_IP, object, 1, object * 7 % 80 + 2);
    collect(1, 90);
    assert_int_equal(campaign.n_links, CAMPAIGN_LINKS);
    uint32_t better = 0;
    for (size_t i = 1; i < campaign.n_links; i++)
        assert_true(campaign.links[i - 1].inside > campaign.links[i].inside ||
                    (campaign.links[i - 1].inside == campaign.links[i].inside &&
                        campaign.links[i - 1].object < campaign.links[i].object));
    for (uint64_t object = 100; object < 100 + 3 * CAMPAIGN_LINKS; object++)
        better += object * 7 % 80 + 2 > campaign.links[CAMPAIGN_LINKS - 1].inside;
    assert_true(better < CAMPAIGN_LINKS);
}

static void a_link_counts_members_and_all_accounts(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 40);
    collect(11, 20);
    const struct campaign_link *link = &campaign.links[0];
    assert_int_equal(link->inside, 10);
    assert_int_equal(link->members, 40);
    assert_int_equal(link->object, object_key(OBJECT_SYSTEM, 1));
    assert_int_equal(link->first_ms, T0);
    for (size_t i = 0; i < 4; i++)
        assert_in_range(link->example[i], 11, 20);
}

static void an_object_of_one_member_is_no_link(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 20);
    show_all(&graph, OBJECT_PAYMENT, 2, 20, 30);
    collect(1, 20);
    assert_int_equal(campaign.n_links, 1);
}

static void the_examples_of_a_pair_are_two(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 20);
    show_all(&graph, OBJECT_PAYMENT, 2, 4, 5);
    collect(1, 20);
    assert_int_equal(campaign.links[0].example[0] + campaign.links[0].example[1], 9);
    assert_int_equal(campaign.links[0].example[2], 0);
}

static void the_best_links_are_kept_where_there_are_many(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 60; i++)
        show_all(&graph, OBJECT_IP, i + 1, 1, 11 + i % 10);
    show_all(&graph, OBJECT_PAYMENT, 99, 3, 4);
    collect(1, 20);
    assert_int_equal(campaign.n_links, CAMPAIGN_LINKS);
    assert_int_equal(campaign.links[0].kind, OBJECT_PAYMENT);
    for (size_t i = 2; i < CAMPAIGN_LINKS; i++) {
        const struct campaign_link *before = &campaign.links[i - 1];
        const struct campaign_link *link = &campaign.links[i];
        assert_true(link->inside >= 17);
        assert_true(before->inside > link->inside ||
                    (before->inside == link->inside && before->object < link->object));
    }
}

static void domains_and_networks_of_their_own_are_counted_apart(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 20);
    show_all(&graph, OBJECT_EMAIL_DOMAIN, 2, 1, 8);
    show_all(&graph, OBJECT_EMAIL_DOMAIN, 4, 9, 16);
    show_all(&graph, OBJECT_EMAIL_DOMAIN, 3, 1, 20);
    show_all(&graph, OBJECT_EMAIL_DOMAIN, 3, 101, 140); /* everybody's */
    show_all(&graph, OBJECT_NET, 5, 1, 12);
    collect(1, 20);
    struct openness open = links_openness(&graph, &group, count);
    assert_true(open.domains > 0.79 && open.domains < 0.81);
    assert_true(open.networks > 0.59 && open.networks < 0.61);
}

static void a_domain_is_no_network(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 20);
    show_all(&graph, OBJECT_EMAIL_DOMAIN, 2, 1, 20);
    collect(1, 20);
    assert_true(links_openness(&graph, &group, count).networks == 0);
}

static void running_out_of_memory_keeps_the_links(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 20);
    collect(1, 20);
    alloc_sweep_arm(0);
    assert_int_equal(links_collect(&graph, &group, count, &campaign), STATUS_NOMEM);
    assert_true(alloc_sweep_disarm());
    assert_int_equal(campaign.n_links, 1);
    alloc_sweep_arm(0);
    assert_true(links_openness(&graph, &group, count).networks == 0);
    assert_true(alloc_sweep_disarm());
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(strong_ties_come_first_then_those_of_most_accounts),
        TEST(the_best_are_kept_of_more_than_there_is_room_for),
        TEST(a_link_counts_members_and_all_accounts),
        TEST(an_object_of_one_member_is_no_link),
        TEST(the_examples_of_a_pair_are_two),
        TEST(the_best_links_are_kept_where_there_are_many),
        TEST(domains_and_networks_of_their_own_are_counted_apart),
        TEST(a_domain_is_no_network),
        TEST(running_out_of_memory_keeps_the_links),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
