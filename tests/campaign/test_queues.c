/* Which ties between two accounts count: those among more hands than a firm has, that are no spokes of a hub. */
#include "campaign/queues.h"

#include "support/alloc_sweep.h"
#include "weighing.h"

static struct queues queues;

static int begin(void **state)
{
    queues_init(&queues);
    return set_up(state);
}

static int end(void **state)
{
    queues_fini(&queues);
    return tear_down(state);
}

/* A task that failed with one turns up with the other after so long. */
static void hand_off_after(uint16_t lag_s, uint64_t from, uint64_t to)
{
    static uint64_t task;
    struct tie tie = tie_returned(OBJECT_REFUSED, ++task, from, to);
    tie.lag_s = lag_s;
    assert_ok(graph_add(&graph, &tie));
}

static void hand_off(uint64_t from, uint64_t to)
{
    hand_off_after(0, from, to);
}

static void hold(uint64_t account)
{
    graph.accounts[account_index(&graph, account)].watched = true;
}

static void build(void)
{
    fixture_build(&graph);
    assert_ok(rings_update(&identity_rings, &graph, true));
    hands_note_firms(&graph, &identity_rings);
}

static void look(void)
{
    build();
    assert_ok(queues_update(&queues, &graph, &identity_rings));
}

/* Each hands on to the next, and the last to the first. */
static void pass_around(uint64_t first, uint64_t last)
{
    for (uint64_t account = first; account < last; account++)
        hand_off(account, account + 1);
    hand_off(last, first);
}

static bool is_tied(uint64_t account)
{
    return graph_hangs(&graph.accounts[account_index(&graph, account)]);
}

static void tasks_that_go_round_among_ten_strangers_tie_them(void **state)
{
    (void)state;
    pass_around(1, QUEUES_FIRM + 1);
    look();
    for (uint64_t account = 1; account <= QUEUES_FIRM + 1; account++)
        assert_true(is_tied(account));
}

static void a_firm_of_nine_hands_on_for_ever_and_is_not_tied(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 50; round++)
        pass_around(1, QUEUES_FIRM);
    look();
    for (uint64_t account = 1; account <= QUEUES_FIRM; account++)
        assert_false(is_tied(account));
}

static void firms_that_have_nothing_to_do_with_each_other_do_not_add_up(void **state)
{
    (void)state;
    for (uint64_t firm = 0; firm < 6; firm++)
        pass_around(1 + 10 * firm, 6 + 10 * firm);
    look();
    for (uint64_t firm = 0; firm < 6; firm++)
        assert_false(is_tied(1 + 10 * firm));
}

/* A router that takes over with an account of its own whatever fails with its clients'. */
static void spokes_of_one_hub_are_not_tied(void **state)
{
    (void)state;
    for (uint64_t client = 1; client <= 40; client++)
        hand_off(client, 99);
    look();
    assert_false(is_tied(1));
    assert_false(is_tied(99));
}

static void two_accounts_of_a_hub_on_one_card_are_one_hub(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 7, 98, 99);
    for (uint64_t client = 1; client <= 40; client++) {
        hand_off(client, 98);
        hand_off(client, 99);
    }
    look();
    assert_false(is_tied(1));
}

static void ten_accounts_of_five_devices_are_five_hands(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 5; i++)
        show_all(&graph, OBJECT_DEVICE, 7 + i, 1 + 2 * i, 2 + 2 * i);
    for (uint64_t account = 1; account <= 9; account += 2) {
        hand_off(account, account % 10 + 2 > 10 ? 1 : account + 2);
        hand_off(account + 1, account + 3 > 10 ? 2 : account + 3);
    }
    look();
    for (uint64_t account = 1; account <= 10; account++)
        assert_int_equal(graph.accounts[account_index(&graph, account)].n_linked, 0);
}

static void returned_turns_and_hand_offs_make_one_queue(void **state)
{
    (void)state;
    for (uint64_t account = 1; account <= 12; account++) {
        struct tie tie =
            tie_returned(account % 2 ? OBJECT_TURN : OBJECT_REFUSED, account, account, account % 12 + 1);
        assert_ok(graph_add(&graph, &tie));
    }
    look();
    assert_true(is_tied(1));
    assert_true(is_tied(2));
}

static void work_of_one_hand_and_of_the_held_counts_at_any_size(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 7, 1, 2);
    hand_off(1, 2);
    hand_off(3, 4);
    hand_off(5, 6);
    hold(3);
    look();
    assert_int_equal(graph.accounts[account_index(&graph, 1)].n_linked, 1);
    assert_true(is_tied(4));
    assert_false(is_tied(6));
}

static void a_late_hand_off_with_the_held_counts_from_the_second_time_on(void **state)
{
    (void)state;
    hand_off_after(GRAPH_PROMPT_S + 1, 1, 2);
    hold(1);
    look();
    assert_false(is_tied(2));
    hand_off_after(GRAPH_PROMPT_S + 1, 1, 2);
    look();
    assert_true(is_tied(2));
}

static void a_late_hand_off_with_the_held_counts_where_both_have_others_too(void **state)
{
    (void)state;
    hand_off_after(GRAPH_PROMPT_S + 1, 1, 2);
    hand_off_after(GRAPH_PROMPT_S + 1, 1, 3);
    hold(1);
    look();
    assert_false(is_tied(2));
    hand_off_after(GRAPH_PROMPT_S + 1, 2, 4);
    look();
    assert_true(is_tied(2));
    assert_false(is_tied(3));
}

static void a_late_hand_off_of_one_hand_counts(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 7, 1, 2);
    hand_off_after(GRAPH_PROMPT_S + 1, 1, 2);
    hold(1);
    look();
    assert_int_equal(graph.accounts[account_index(&graph, 2)].n_linked, 1);
}

static void what_hangs_on_a_queue_by_one_end_is_not_tied(void **state)
{
    (void)state;
    pass_around(1, 12);
    hand_off(2, 77);
    look();
    assert_true(is_tied(2));
    assert_false(is_tied(77));
}

static void a_queue_that_grows_ties_those_who_were_there_before(void **state)
{
    (void)state;
    pass_around(1, 8);
    look();
    assert_false(is_tied(1));
    hand_off(8, 9);
    hand_off(9, 10);
    hand_off(10, 1);
    look();
    assert_true(is_tied(1));
    assert_true(is_tied(10));
}

static void without_memory_nothing_counts_that_did_not(void **state)
{
    (void)state;
    bool reached = true;
    pass_around(1, 13);
    build();
    for (long nth = 0; reached; nth++) {
        queues_fini(&queues);
        alloc_sweep_arm(nth);
        enum status st = queues_update(&queues, &graph, &identity_rings);
        reached = alloc_sweep_disarm();
        assert_int_equal(st, reached ? STATUS_NOMEM : STATUS_OK);
        assert_int_equal(is_tied(1), !reached);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(tasks_that_go_round_among_ten_strangers_tie_them),
        TEST(a_firm_of_nine_hands_on_for_ever_and_is_not_tied),
        TEST(firms_that_have_nothing_to_do_with_each_other_do_not_add_up),
        TEST(spokes_of_one_hub_are_not_tied),
        TEST(two_accounts_of_a_hub_on_one_card_are_one_hub),
        TEST(ten_accounts_of_five_devices_are_five_hands),
        TEST(returned_turns_and_hand_offs_make_one_queue),
        TEST(work_of_one_hand_and_of_the_held_counts_at_any_size),
        TEST(a_late_hand_off_with_the_held_counts_from_the_second_time_on),
        TEST(a_late_hand_off_with_the_held_counts_where_both_have_others_too),
        TEST(a_late_hand_off_of_one_hand_counts),
        TEST(what_hangs_on_a_queue_by_one_end_is_not_tied),
        TEST(a_queue_that_grows_ties_those_who_were_there_before),
        TEST(without_memory_nothing_counts_that_did_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
