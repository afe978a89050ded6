#include "campaign/merge.h"

#include "fixture.h"

static struct graph graph;
static struct rings rings;
static struct group_list groups;
static struct tracker tracker;

static int set_up(void **state)
{
    (void)state;
    fixture_init(&graph);
    rings_init(&rings, FAMILY_IDENTITY);
    groups = (struct group_list){ 0 };
    assert_ok(tracker_init(&tracker, 8, 1000));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (size_t i = 0; i < groups.n; i++)
        group_fini(&groups.items[i]);
    free(groups.items);
    tracker_fini(&tracker);
    rings_fini(&rings);
    graph_fini(&graph);
    return 0;
}

/* Accounts 1 to 60 show something; `cards` cards of four accounts, from the first account on. */
static void pay(unsigned cards)
{
    show_all(&graph, OBJECT_SHAPE, 1, 1, 60);
    for (uint64_t card = 0; card < cards; card++)
        show_all(&graph, OBJECT_PAYMENT, 100 + card, 4 * card + 1, 4 * card + 4);
    assert_ok(graph_build(&graph));
    assert_ok(rings_update(&rings, &graph, true));
}

/* Every `step`th account from the first on, n of them, use a frame. */
static void use(uint64_t first, uint64_t step, size_t n)
{
    struct group group = { .found_by = FAMILY_CONTENT, .n_members = n, .n_firm = n, .root = first };
    group.members = calloc(n, sizeof *group.members);
    group.objects = calloc(1, sizeof *group.objects);
    assert_true(group.members && group.objects);
    for (size_t i = 0; i < n; i++)
        group.members[i] = (struct group_member){
            .account = account_index(&graph, first + step * i), .objects = 1, .membership = MEMBER_LIKELY
        };
    group.objects[group.n_objects++] = (uint32_t)first;
    qsort(group.members, n, sizeof *group.members, by_account_index);
    assert_ok(group_list_take(&groups, &group));
}

static size_t merge(void)
{
    const struct merge_input input = { &graph, &rings, &tracker, 10000 };
    size_t before = groups.n;
    assert_ok(merge_groups(&input, &groups));
    return groups.n - before;
}

static void two_frames_of_the_same_hands_are_one(void **state)
{
    (void)state;
    pay(8);
    use(1, 4, 8);
    use(2, 4, 8);
    assert_int_equal(merge(), 1);
    const struct group *whole = &groups.items[2];
    assert_true(whole->merged && groups.items[0].part && groups.items[1].part);
    assert_int_equal(whole->n_firm, 16);
    assert_int_equal(whole->n_objects, 2);
    assert_int_equal(whole->root, 1);
    for (size_t i = 1; i < whole->n_members; i++)
        assert_true(whole->members[i - 1].account < whole->members[i].account);
}

static void an_account_of_both_is_in_it_once_with_the_objects_of_both(void **state)
{
    (void)state;
    pay(8);
    use(1, 4, 8);
    use(1, 4, 8);
    assert_int_equal(merge(), 1);
    assert_int_equal(groups.items[2].n_members, 8);
    assert_int_equal(groups.items[2].members[0].objects, 2);
}

static void undoing_it_leaves_the_parts(void **state)
{
    (void)state;
    pay(8);
    use(1, 4, 8);
    use(2, 4, 8);
    merge();
    merge_undo(&groups);
    assert_int_equal(groups.n, 2);
    assert_false(groups.items[0].part || groups.items[1].part);
}

static void two_hands_in_common_are_too_few(void **state)
{
    (void)state;
    pay(8);
    use(1, 4, 5);  /* hands 0 to 4 */
    use(14, 4, 5); /* hands 3 to 7 */
    assert_int_equal(merge(), 0);
}

static void half_of_the_smaller_ones_hands_must_be_in_both(void **state)
{
    (void)state;
    pay(15);
    use(1, 4, 7);  /* hands 0 to 6 */
    use(18, 4, 9); /* hands 4 to 12: three of seven */
    assert_int_equal(merge(), 0);
    use(2, 4, 6); /* hands 0 to 5, all of them the first one's */
    assert_int_equal(merge(), 1);
    assert_true(groups.items[0].part && groups.items[2].part);
    assert_false(groups.items[1].part);
}

static void frames_of_other_hands_stay_apart(void **state)
{
    (void)state;
    pay(8);
    use(1, 4, 4);
    use(17, 4, 4);
    assert_int_equal(merge(), 0);
}

/* A public frame that a campaign's accounts use as well: too many of its users share nothing. */
static void a_frame_that_others_use_as_well_is_not_drawn_in(void **state)
{
    (void)state;
    pay(8);
    use(1, 4, 8);
    use(2, 4, 14);
    assert_int_equal(merge(), 0);
}

static void in_a_population_of_the_same_hands_nothing_is_merged(void **state)
{
    (void)state;
    pay(8);
    use(1, 4, 8);
    use(2, 4, 8);
    const struct merge_input input = { &graph, &rings, &tracker, 20 };
    assert_ok(merge_groups(&input, &groups));
    assert_int_equal(groups.n, 2);
}

/* Accounts 1 to 60 are held, the second frame's users by another operator. */
static void frames_of_operators_that_were_told_apart_stay_so(void **state)
{
    (void)state;
    uint32_t index;
    uint64_t second[8];
    pay(8);
    use(1, 4, 8);
    use(2, 4, 8);
    use(3, 4, 8); /* of the first operator's hands, of nobody yet */
    struct group all = group_of(&graph, FAMILY_CONTENT, 1, 60);
    for (size_t i = 0; i < all.n_members; i++)
        if (graph.accounts[all.members[i].account].account % 4 == 3)
            all.members[i].grade = MEMBER_NONE;
    assert_ok(tracker_create(&tracker, &graph, &all, T0, (struct campaign_id){ 0 }, &index));
    tracker.items[index]->confirmed = true;
    assert_ok(tracker_update(&tracker, index, &graph, &all, T0));
    group_free(&all);
    for (uint64_t i = 0; i < 8; i++)
        second[i] = 4 * i + 2;
    const struct campaign_parting parting = { .log10_p = -7 };
    assert_ok(tracker_divide(&tracker, index, second, 8, &parting, T0));
    assert_int_equal(merge(), 1);
    assert_true(groups.items[0].part && groups.items[2].part);
    assert_false(groups.items[1].part);
    assert_int_equal(groups.items[0].whole, groups.items[3].root);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(two_frames_of_the_same_hands_are_one),
        TEST(an_account_of_both_is_in_it_once_with_the_objects_of_both),
        TEST(undoing_it_leaves_the_parts),
        TEST(two_hands_in_common_are_too_few),
        TEST(half_of_the_smaller_ones_hands_must_be_in_both),
        TEST(frames_of_other_hands_stay_apart),
        TEST(a_frame_that_others_use_as_well_is_not_drawn_in),
        TEST(frames_of_operators_that_were_told_apart_stay_so),
        TEST(in_a_population_of_the_same_hands_nothing_is_merged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
