#include "campaign/idle.h"

#include "fixture.h"

/* An object table in which nobody repeats anything, but the object that is `said`. */
struct teller {
    uint64_t said;
    unsigned asked;
};

static bool tell_retract(void *context, uint64_t object, int64_t now_ms)
{
    struct teller *teller = context;
    assert_int_equal(now_ms, T0 + 3 * DAY);
    teller->asked++;
    return object != teller->said;
}

static void look(struct graph *graph, struct idle *idle, struct teller *teller, unsigned times)
{
    struct campaign_source source = { .context = teller, .retract = tell_retract };
    for (unsigned i = 0; i < times; i++)
        assert_ok(idle_take_out(idle, graph, &source, T0 + 3 * DAY));
    fixture_build(graph);
}

static bool knows(const struct graph *graph, enum object_kind kind, uint64_t object)
{
    return graph_find_object(graph, object_key(kind, object)) != LOOKUP_NONE;
}

static void what_nobody_repeats_leaves_and_what_is_said_again_stays(void **state)
{
    (void)state;
    struct graph graph;
    struct idle idle = { 0 };
    struct teller teller = { .said = object_key(OBJECT_SYSTEM, 2) };
    fixture_init(&graph);
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 5);
    show_all(&graph, OBJECT_SYSTEM, 2, 1, 5);
    fixture_build(&graph);
    look(&graph, &idle, &teller, IDLE_EPOCHS);
    assert_false(knows(&graph, OBJECT_SYSTEM, 1));
    assert_true(knows(&graph, OBJECT_SYSTEM, 2));
    assert_int_equal(graph.n_edges, 5);
    graph_fini(&graph);
}

static void what_a_confirmed_campaign_is_known_by_stays(void **state)
{
    (void)state;
    struct graph graph;
    struct idle idle = { 0 };
    struct teller teller = { 0 };
    fixture_init(&graph);
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 5);
    graph.objects[object_index(&graph, OBJECT_SYSTEM, 1)].watched = true;
    fixture_build(&graph);
    look(&graph, &idle, &teller, IDLE_EPOCHS);
    assert_true(knows(&graph, OBJECT_SYSTEM, 1));
    assert_int_equal(teller.asked, 0);
    graph_fini(&graph);
}

static void cards_and_addresses_stay(void **state)
{
    (void)state;
    struct graph graph;
    struct idle idle = { 0 };
    struct teller teller = { 0 };
    fixture_init(&graph);
    show_all(&graph, OBJECT_PAYMENT, 1, 1, 5);
    show_all(&graph, OBJECT_IP, 2, 1, 5);
    fixture_build(&graph);
    look(&graph, &idle, &teller, IDLE_EPOCHS);
    assert_true(knows(&graph, OBJECT_PAYMENT, 1));
    assert_true(knows(&graph, OBJECT_IP, 2));
    graph_fini(&graph);
}

static void each_look_takes_a_part_in_turn(void **state)
{
    (void)state;
    struct graph graph;
    struct idle idle = { 0 };
    struct teller teller = { 0 };
    fixture_init(&graph);
    for (uint64_t object = 1; object <= 2 * IDLE_EPOCHS; object++)
        show_all(&graph, OBJECT_SYSTEM, object, 1, 5);
    for (unsigned i = 1; i <= IDLE_EPOCHS; i++) {
        struct campaign_source source = { .context = &teller, .retract = tell_retract };
        assert_ok(idle_take_out(&idle, &graph, &source, T0 + 3 * DAY));
        assert_int_equal(teller.asked, 2 * i);
    }
    graph_fini(&graph);
}

/* At most one echo each: of 1 to 2 once, of 3 to 4 twice, of 5 to 6 a turn, of 7 to 8 once, lately. */
static void give_back_all(struct graph *graph)
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
        assert_ok(graph_add(graph, &ties[i]));
    fixture_build(graph);
}

static void an_old_piece_that_came_back_once_is_forgotten(void **state)
{
    (void)state;
    struct graph graph;
    struct idle idle = { 0 };
    struct teller teller = { 0 };
    fixture_init(&graph);
    give_back_all(&graph);
    look(&graph, &idle, &teller, IDLE_EPOCHS);
    assert_int_equal(graph.accounts[account_index(&graph, 1)].direct, 0);
    assert_int_equal(graph.accounts[account_index(&graph, 2)].direct, 0);
    assert_int_equal(graph.n_direct - graph.empty.direct, 3);
    for (uint64_t account = 3; account <= 8; account++)
        assert_int_not_equal(graph.accounts[account_index(&graph, account)].direct, 0);
    graph_fini(&graph);
}

static void a_piece_of_a_held_account_is_not_forgotten(void **state)
{
    (void)state;
    for (uint64_t held = 1; held <= 2; held++) {
        struct graph graph;
        struct idle idle = { 0 };
        struct teller teller = { 0 };
        fixture_init(&graph);
        give_back_all(&graph);
        graph.accounts[account_index(&graph, held)].watched = true;
        look(&graph, &idle, &teller, IDLE_EPOCHS);
        assert_int_equal(graph.n_direct - graph.empty.direct, 4);
        graph_fini(&graph);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_nobody_repeats_leaves_and_what_is_said_again_stays),
        cmocka_unit_test(what_a_confirmed_campaign_is_known_by_stays),
        cmocka_unit_test(cards_and_addresses_stay),
        cmocka_unit_test(each_look_takes_a_part_in_turn),
        cmocka_unit_test(an_old_piece_that_came_back_once_is_forgotten),
        cmocka_unit_test(a_piece_of_a_held_account_is_not_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
