#include "campaign/idle.h"

#include "fixture.h"

/* An object table in which nobody repeats anything, but the object that is `said`. */
struct teller {
    uint64_t said;
    unsigned asked;
};

static struct graph graph;
static struct idle idle;
static struct teller teller;

static int set_up(void **state)
{
    (void)state;
    idle = (struct idle){ 0 };
    teller = (struct teller){ 0 };
    fixture_init(&graph);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    graph_fini(&graph);
    return 0;
}

static bool tell_retract(void *context, uint64_t object, int64_t now_ms)
{
    struct teller *t = context;
    assert_int_equal(now_ms, T0 + 3 * DAY);
    t->asked++;
    return object != t->said;
}

static void look(void)
{
    struct campaign_source source = { .context = &teller, .retract = tell_retract };
    assert_ok(idle_take_out(&idle, &graph, &source, T0 + 3 * DAY));
}

static void look_at_all(void)
{
    for (unsigned i = 0; i < IDLE_EPOCHS; i++)
        look();
    fixture_build(&graph);
}

static bool knows(enum object_kind kind, uint64_t object)
{
    return graph_find_object(&graph, object_key(kind, object)) != LOOKUP_NONE;
}

static void what_nobody_repeats_leaves_and_what_is_said_again_stays(void **state)
{
    (void)state;
    teller.said = object_key(OBJECT_SYSTEM, 2);
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 5);
    show_all(&graph, OBJECT_SYSTEM, 2, 1, 5);
    fixture_build(&graph);
    look_at_all();
    assert_false(knows(OBJECT_SYSTEM, 1));
    assert_true(knows(OBJECT_SYSTEM, 2));
    assert_int_equal(graph.n_edges, 5);
}

static void what_a_confirmed_campaign_is_known_by_stays(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 5);
    graph.objects[object_index(&graph, OBJECT_SYSTEM, 1)].watched = true;
    fixture_build(&graph);
    look_at_all();
    assert_true(knows(OBJECT_SYSTEM, 1));
    assert_int_equal(teller.asked, 0);
}

static void cards_and_addresses_stay(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 1, 1, 5);
    show_all(&graph, OBJECT_IP, 2, 1, 5);
    fixture_build(&graph);
    look_at_all();
    assert_true(knows(OBJECT_PAYMENT, 1));
    assert_true(knows(OBJECT_IP, 2));
}

static void each_look_takes_a_part_in_turn(void **state)
{
    (void)state;
    for (uint64_t object = 1; object <= 2 * IDLE_EPOCHS; object++)
        show_all(&graph, OBJECT_SYSTEM, object, 1, 5);
    for (unsigned i = 1; i <= IDLE_EPOCHS; i++) {
        look();
        assert_int_equal(teller.asked, 2 * i);
    }
}

/* At most one echo each: of 1 to 2 once, of 3 to 4 twice, of 5 to 6 a turn, of 7 to 8 once, lately. */
static void give_back_all(void)
{
    struct tie ties[] = {
        tie_returned(OBJECT_ECHO, 1, 1, 2),
        tie_returned(OBJECT_ECHO, 2, 3, 4),
        tie_returned(OBJECT_ECHO, 2, 3, 4),
        tie_returned(OBJECT_TURN, 3, 5, 6),
        tie_returned(OBJECT_ECHO, 4, 7, 8),
    };
    ties[4].time_ms = T0 + 2 * DAY;
    for (size_t i = 0; i < sizeof ties / sizeof *ties; i++)
        assert_ok(graph_add(&graph, &ties[i]));
    fixture_build(&graph);
}

static void an_old_piece_that_came_back_once_is_forgotten(void **state)
{
    (void)state;
    give_back_all();
    look_at_all();
    assert_int_equal(graph.accounts[account_index(&graph, 1)].direct, 0);
    assert_int_equal(graph.accounts[account_index(&graph, 2)].direct, 0);
    assert_int_equal(graph.n_direct - graph.empty.direct, 3);
    for (uint64_t account = 3; account <= 8; account++)
        assert_int_not_equal(graph.accounts[account_index(&graph, account)].direct, 0);
}

static void a_piece_from_a_held_account_is_not_forgotten(void **state)
{
    (void)state;
    give_back_all();
    graph.accounts[account_index(&graph, 1)].watched = true;
    look_at_all();
    assert_int_equal(graph.n_direct - graph.empty.direct, 4);
}

static void nor_is_a_piece_that_a_held_account_returned(void **state)
{
    (void)state;
    give_back_all();
    graph.accounts[account_index(&graph, 2)].watched = true;
    look_at_all();
    assert_int_equal(graph.n_direct - graph.empty.direct, 4);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_nobody_repeats_leaves_and_what_is_said_again_stays),
        TEST(what_a_confirmed_campaign_is_known_by_stays),
        TEST(cards_and_addresses_stay),
        TEST(each_look_takes_a_part_in_turn),
        TEST(an_old_piece_that_came_back_once_is_forgotten),
        TEST(a_piece_from_a_held_account_is_not_forgotten),
        TEST(nor_is_a_piece_that_a_held_account_returned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
