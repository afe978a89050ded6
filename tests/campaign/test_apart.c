/* Pools made by hand: lanes of accounts in a row, and accounts that work for two of them. */
#include "campaign/apart.h"

#include "fixture.h"
#include "support/alloc_sweep.h"

#include <math.h>

enum { LANE = 40, LANES_MOST = 8, MIN_ACCOUNTS = 10 };

static struct graph graph;
static struct group_list groups;
static struct operators found;

/* Every account shows something: a graph is only needed for their indices and direct ties. */
static int set_up(void **state)
{
    (void)state;
    fixture_init(&graph);
    show_all(&graph, OBJECT_SHAPE, 1, 1, LANE * LANES_MOST);
    fixture_build(&graph);
    groups = (struct group_list){ 0 };
    found = (struct operators){ 0 };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    operators_fini(&found);
    for (size_t i = 0; i < groups.n; i++)
        group_fini(&groups.items[i]);
    free(groups.items);
    graph_fini(&graph);
    return 0;
}

static uint64_t nth(unsigned lane, unsigned i)
{
    return (uint64_t)LANE * lane + i + 1;
}

/* A part of all accounts of the lane, which show `objects` of it, and of none else yet. */
static void add_part(uint64_t first, size_t n, uint16_t objects)
{
    struct group part = group_of(&graph, FAMILY_CONTENT, first, first + n - 1);
    struct group_member *members = calloc(LANE * LANES_MOST, sizeof *members);
    assert_non_null(members);
    for (size_t i = 0; i < n; i++)
        part.members[i].objects = objects;
    memcpy(members, part.members, n * sizeof *members);
    free(part.members);
    part.members = members;
    part.root = 10 + groups.n;
    part.part = true;
    part.whole = 1;
    assert_ok(group_list_take(&groups, &part));
}

static void lanes(unsigned n)
{
    for (unsigned lane = 0; lane < n; lane++)
        add_part(nth(lane, 0), LANE, 2);
}

/* An account that shows the part's frame once, besides its own. */
static void uses_too(unsigned part, uint64_t account)
{
    struct group *group = &groups.items[part];
    group->members[group->n_members++] = (struct group_member){
        .account = account_index(&graph, account), .objects = 1, .membership = MEMBER_LIKELY
    };
    group->n_firm++;
}

/* The first n accounts of a lane work for another as well. */
static void bridge(unsigned lane, unsigned other, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        uses_too(other, nth(lane, i));
}

static enum status try_find(void)
{
    struct group whole = { .merged = true, .root = 1 };
    const struct apart_input input = { &graph, &groups, &whole, MIN_ACCOUNTS };
    return apart_find(&input, &found);
}

static uint32_t find(void)
{
    operators_fini(&found);
    assert_ok(try_find());
    return found.n;
}

static unsigned owner_of(uint64_t account)
{
    for (size_t i = 0; i < found.n_users; i++)
        if (found.users[i].account == account_index(&graph, account))
            return found.users[i].owner;
    fail_msg("account %d is no user", (int)account);
    return 0;
}

static double odd_product(unsigned n)
{
    double product = 1;
    for (unsigned k = 1; k < n; k += 2)
        product *= k;
    return product;
}

static void lanes_with_bridges_within_two_pairs_and_none_across_are_two_operators(void **state)
{
    (void)state;
    lanes(4);
    bridge(1, 0, 12);
    bridge(3, 2, 12);
    assert_int_equal(find(), 2);
    for (unsigned i = 0; i < LANE; i++) {
        assert_int_equal(owner_of(nth(0, i)), owner_of(nth(1, i)));
        assert_int_equal(owner_of(nth(2, i)), owner_of(nth(3, i)));
        assert_int_not_equal(owner_of(nth(0, i)), owner_of(nth(2, i)));
    }
    assert_int_equal(found.bridges, 24);
    assert_int_equal(found.items[1].bridges, 12);
    assert_int_equal(found.items[1].across, 0);
    assert_int_equal(found.items[0].accounts + found.items[1].accounts, 4 * LANE);
}

/* All 48 ends matched at random, none of 24 with one of the other 24; eight cuts of four lanes. */
static void the_bound_is_that_of_a_random_matching_times_the_cuts(void **state)
{
    (void)state;
    lanes(4);
    bridge(1, 0, 12);
    bridge(3, 2, 12);
    find();
    double p = odd_product(24) * odd_product(24) / odd_product(48);
    assert_float_equal(found.items[1].log10_p, log10(8 * p), 1e-9);
}

static void with_two_bridges_fewer_chance_may_have_it_so(void **state)
{
    (void)state;
    lanes(4);
    bridge(1, 0, 11);
    bridge(3, 2, 11);
    assert_int_equal(find(), 1);
    for (size_t i = 0; i < found.n_users; i++)
        assert_int_equal(found.users[i].owner, 0);
}

static void two_bridges_across_make_it_one_operator(void **state)
{
    (void)state;
    lanes(4);
    bridge(1, 0, 12);
    bridge(3, 2, 12);
    uses_too(0, nth(2, 20));
    uses_too(2, nth(0, 20));
    assert_int_equal(find(), 1);
}

static void one_bridge_across_is_weighed_and_no_more(void **state)
{
    (void)state;
    lanes(4);
    bridge(1, 0, 12);
    bridge(3, 2, 12);
    uses_too(0, nth(2, 20));
    assert_int_equal(find(), 1);         /* as likely as a one in a hundred thousand */
    for (unsigned i = 12; i < 15; i++) { /* each account is one bridge, whatever it shows */
        give_back(&graph, OBJECT_REFUSED, 500 + i, nth(0, i), nth(1, i));
        give_back(&graph, OBJECT_REFUSED, 600 + i, nth(2, i), nth(3, i));
    }
    for (unsigned lane = 0; lane < 4; lane++)
        for (unsigned i = 0; i + 1 < LANE; i++)
            give_back(&graph, OBJECT_TURN, 1000 + nth(lane, i), nth(lane, i), nth(lane, i + 1));
    assert_int_equal(find(), 2);
    assert_int_equal(found.bridges, 31);
    assert_int_equal(found.items[1].across, 1);
}

static void sides_of_one_frame_are_one_lane(void **state)
{
    (void)state;
    lanes(2);
    add_part(nth(0, 0), 20, 1);
    add_part(nth(1, 0), 20, 1);
    assert_int_equal(find(), 1);
    assert_int_equal(found.lanes, 2);
    assert_int_equal(found.bridges, 0);
}

/* Two wordings of one frame, four pieces, each account with one of either: as many share two pieces as chance in the
 * lane has it, more than chance in the pool. */
static void paraphrases_of_a_frame_are_one_lane(void **state)
{
    (void)state;
    for (unsigned lane = 0; lane < 2; lane++)
        for (unsigned half = 0; half < 2; half++) {
            add_part(nth(lane, 20 * half), 20, 1);
            add_part(nth(lane, 10), 1, 1);
            struct group *ending = &groups.items[groups.n - 1];
            ending->n_members = ending->n_firm = 0;
            for (unsigned i = 0; i < 20; i++)
                uses_too((unsigned)groups.n - 1, nth(lane, 2 * i + half));
        }
    assert_int_equal(find(), 1);
    assert_int_equal(found.lanes, 2);
    assert_int_equal(found.bridges, 0);
}

/* In every lane a conversation goes from each account to the next. */
static void converse(unsigned n)
{
    for (unsigned lane = 0; lane < n; lane++)
        for (unsigned i = 0; i + 1 < LANE; i++)
            give_back(&graph, OBJECT_TURN, 1000 + nth(lane, i), nth(lane, i), nth(lane, i + 1));
}

static void hand_over(enum object_kind kind, unsigned from, unsigned to, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        give_back(&graph, kind, 5000 + nth(from, i), nth(from, i), nth(to, i));
}

static void work_that_is_handed_over_is_a_bridge(void **state)
{
    (void)state;
    lanes(4);
    converse(4);
    hand_over(OBJECT_TURN, 0, 1, 12);
    hand_over(OBJECT_REFUSED, 2, 3, 12);
    assert_int_equal(find(), 2);
    assert_int_equal(found.bridges, 24);
}

static void a_piece_of_an_output_hands_no_work_over(void **state)
{
    (void)state;
    lanes(4);
    converse(4);
    hand_over(OBJECT_ECHO, 0, 1, 12);
    hand_over(OBJECT_ECHO, 2, 3, 12);
    assert_int_equal(find(), 1);
    assert_int_equal(found.bridges, 0);
}

/* Not from lane to lane now and then, but as if they were one. */
static void frames_that_hand_work_over_all_the_time_are_one_lane(void **state)
{
    (void)state;
    lanes(4);
    hand_over(OBJECT_TURN, 0, 1, 12);
    hand_over(OBJECT_TURN, 2, 3, 12);
    assert_int_equal(find(), 1);
    assert_int_equal(found.lanes, 2);
}

static void of_three_operators_that_with_most_accounts_comes_first(void **state)
{
    (void)state;
    lanes(7);
    converse(7);
    hand_over(OBJECT_TURN, 0, 1, 12);
    hand_over(OBJECT_TURN, 2, 3, 12);
    hand_over(OBJECT_TURN, 2, 4, 2);
    hand_over(OBJECT_TURN, 5, 6, 12);
    assert_int_equal(find(), 3);
    assert_int_equal(owner_of(nth(2, 30)), 0);
    assert_int_equal(owner_of(nth(4, 30)), 0);
    assert_int_equal(owner_of(nth(0, 30)), 1);
    assert_int_equal(owner_of(nth(6, 30)), 2);
}

static void an_operator_of_one_lane_is_told_apart_from_nobody(void **state)
{
    (void)state;
    lanes(3);
    bridge(1, 0, 20);
    assert_int_equal(find(), 1);
}

static void parts_of_another_group_do_not_count(void **state)
{
    (void)state;
    lanes(4);
    bridge(1, 0, 12);
    bridge(3, 2, 12);
    groups.items[2].whole = groups.items[3].whole = 2;
    assert_int_equal(find(), 1);
    assert_int_equal(found.n_users, 2 * LANE);
}

static void what_ran_out_of_memory_gives_nothing(void **state)
{
    (void)state;
    enum status st = STATUS_NOMEM;
    lanes(4);
    for (long n = 0; st != STATUS_OK; n++) {
        assert_null(found.users);
        alloc_sweep_arm(n);
        st = try_find();
        assert_int_equal(alloc_sweep_disarm(), st != STATUS_OK);
    }
    assert_int_equal(found.n, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(lanes_with_bridges_within_two_pairs_and_none_across_are_two_operators),
        TEST(the_bound_is_that_of_a_random_matching_times_the_cuts),
        TEST(with_two_bridges_fewer_chance_may_have_it_so),
        TEST(two_bridges_across_make_it_one_operator),
        TEST(one_bridge_across_is_weighed_and_no_more),
        TEST(sides_of_one_frame_are_one_lane),
        TEST(paraphrases_of_a_frame_are_one_lane),
        TEST(work_that_is_handed_over_is_a_bridge),
        TEST(a_piece_of_an_output_hands_no_work_over),
        TEST(frames_that_hand_work_over_all_the_time_are_one_lane),
        TEST(of_three_operators_that_with_most_accounts_comes_first),
        TEST(an_operator_of_one_lane_is_told_apart_from_nobody),
        TEST(parts_of_another_group_do_not_count),
        TEST(what_ran_out_of_memory_gives_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
