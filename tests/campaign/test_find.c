#include "campaign/find.h"

#include "fixture.h"
#include "support/alloc_sweep.h"

#include <stdio.h>

static struct graph graph;
static struct finder finder;

static int set_up(void **state)
{
    (void)state;
    fixture_init(&graph);
    finder_init(&finder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    graph_fini(&graph);
    finder_fini(&finder);
    return 0;
}

static void find_again(uint32_t min_accounts)
{
    assert_ok(finder_begin(&finder, &graph));
    assert_ok(find_groups(&finder, &graph, min_accounts));
}

static void find(uint32_t min_accounts)
{
    fixture_build(&graph);
    find_again(min_accounts);
}

/* How the account stands in the group. */
static enum membership standing(const struct group *group, uint64_t account)
{
    uint32_t index = account_index(&graph, account);
    for (size_t i = 0; i < group->n_members; i++)
        if (group->members[i].account == index)
            return group->members[i].membership;
    return MEMBER_NONE;
}

static const struct group *only_group(enum family found_by)
{
    const struct group *found = NULL;
    for (size_t i = 0; i < finder.groups.n; i++)
        if (finder.groups.items[i].found_by == found_by) {
            assert_null(found);
            found = &finder.groups.items[i];
        }
    assert_non_null(found);
    return found;
}

/* Content groups are looked for among accounts with a few strong ties: pairs share a card. */
static void pay_in_pairs(uint64_t first, uint64_t last)
{
    for (uint64_t account = first; account < last; account += 2)
        show_all(&graph, OBJECT_PAYMENT, 10000 + account, account, account + 1);
}

static void the_users_of_a_frame_are_found_under_camouflage(void **state)
{
    (void)state;
    struct test_random random = { 3 };
    print_message("seed %llu\n", (unsigned long long)random.state);
    for (uint64_t account = 1; account <= 400; account++)
        for (int i = 0; i < 8; i++)
            show(&graph, OBJECT_LEAD12, 100 + test_random_below(&random, 40), account);
    show_all(&graph, OBJECT_SYSTEM, 1, 50, 79);
    show_all(&graph, OBJECT_LEAD24, 2, 50, 79);
    show_all(&graph, OBJECT_TAIL12, 3, 50, 79);
    pay_in_pairs(50, 79);
    find(5);
    const struct group *frame = NULL;
    for (size_t i = 0; i < finder.groups.n; i++)
        if (finder.groups.items[i].found_by == FAMILY_CONTENT && finder.groups.items[i].n_objects == 3)
            frame = &finder.groups.items[i];
    assert_non_null(frame);
    assert_int_equal(frame->n_firm, 30);
    for (uint64_t account = 1; account <= 400; account++)
        assert_int_equal(standing(frame, account) >= MEMBER_LIKELY, account >= 50 && account < 80);
}

static void fixed_texts_found_nothing(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 30);
    show_all(&graph, OBJECT_LEAD24, 2, 1, 30);
    pay_in_pairs(1, 8);
    assert_ok(graph_build(&graph)); /* not seen with many tasks */
    find_again(10);
    assert_int_equal(finder.groups.n, 0);
}

static void a_group_of_few_is_left_out(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 9);
    show_all(&graph, OBJECT_PAYMENT, 1, 1, 9);
    find(10);
    assert_int_equal(finder.groups.n, 0);
    find_again(9);
    assert_int_equal(finder.groups.n, 2);
}

static void who_shows_half_of_the_usual_is_likely_and_who_shows_less_is_halo(void **state)
{
    (void)state;
    for (uint64_t object = 1; object <= 4; object++)
        show_all(&graph, OBJECT_LEAD24, object, 1, 20);
    show_all(&graph, OBJECT_LEAD24, 1, 21, 22);
    show(&graph, OBJECT_LEAD24, 2, 21);
    pay_in_pairs(1, 8);
    find(5);
    const struct group *group = only_group(FAMILY_CONTENT);
    assert_int_equal(standing(group, 20), MEMBER_LIKELY);
    assert_int_equal(standing(group, 21), MEMBER_LIKELY);
    assert_int_equal(standing(group, 22), MEMBER_HALO);
    assert_int_equal(group->n_firm, 21);
    assert_int_equal(group->n_members, 22);
}

/* A frame with an opening and an ending, and the openings of ten kinds of task that come with it. */
static void a_newcomer_with_most_sides_of_the_frame_is_likely(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 22);
    show_all(&graph, OBJECT_TAIL6, 1, 1, 21);
    for (uint64_t object = 1; object <= 10; object++)
        show_all(&graph, OBJECT_LEAD12, object, 1, 20);
    pay_in_pairs(1, 8);
    find(5);
    const struct group *group = only_group(FAMILY_CONTENT);
    assert_int_equal(standing(group, 20), MEMBER_LIKELY);
    assert_int_equal(standing(group, 21), MEMBER_LIKELY);
    assert_int_equal(standing(group, 22), MEMBER_HALO);
}

/* What six tokens are worth the other families say: here, that eight accounts who share cards begin with them. */
static void a_short_opening_alone_makes_its_users_firm(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_LEAD6, 1, 1, 30);
    pay_in_pairs(1, 8);
    find(10);
    assert_int_equal(only_group(FAMILY_CONTENT)->n_firm, 30);
}

static void shared_payments_are_a_group_of_their_own(void **state)
{
    (void)state;
    for (uint64_t i = 1; i < 8; i++)
        show_all(&graph, OBJECT_PAYMENT, i, i, i + 1);
    show(&graph, OBJECT_PAYMENT, 50, 3); /* nobody else shows it */
    show(&graph, OBJECT_EMAIL_DOMAIN, 51, 3);
    show(&graph, OBJECT_EMAIL_DOMAIN, 51, 4);
    find(5);
    const struct group *group = only_group(FAMILY_IDENTITY);
    assert_int_equal(group->n_firm, 8);
    assert_int_equal(group->n_objects, 7);
    assert_int_equal(group->root, 1);
}

static void returned_turns_are_a_group_of_their_own(void **state)
{
    (void)state;
    for (uint64_t i = 1; i < 6; i++)
        for (uint64_t turn = 0; turn < 2; turn++)
            give_back(&graph, OBJECT_TURN, 10 * i + turn, i, i + 1);
    find(5);
    assert_int_equal(only_group(FAMILY_PROVENANCE)->n_firm, 6);
    assert_int_equal(only_group(FAMILY_PROVENANCE)->n_objects, 0);
}

enum { WORLD_ACCOUNTS = 120, WORLD_TIES = 4000 };

struct world {
    struct tie ties[WORLD_TIES];
    size_t n;
};

static void world_add(struct world *world, struct tie tie)
{
    assert_true(world->n < WORLD_TIES);
    world->ties[world->n++] = tie;
}

/* Three teams of 20 with frames and cards, some turns handed on, and sixty people with habits. */
static void make_world(struct world *world, struct test_random *random)
{
    world->n = 0;
    for (uint64_t team = 0; team < 3; team++)
        for (uint64_t i = 0; i < 20; i++) {
            uint64_t account = 1 + 20 * team + i;
            for (uint64_t side = 0; side < 3; side++)
                world_add(world, tie_shown(OBJECT_LEAD24, 1 + 3 * team + side, account));
            world_add(world, tie_shown(OBJECT_PAYMENT, 100 + 20 * team + i % 3, account));
            if (i > 0 && team == 2)
                for (uint64_t turn = 0; turn < 3; turn++)
                    world_add(
                        world, tie_returned(OBJECT_TURN, 1000 + 9 * account + turn, account - 1, account));
        }
    for (uint64_t account = 61; account <= WORLD_ACCOUNTS; account++)
        for (int i = 0; i < 4; i++)
            world_add(world, tie_shown(OBJECT_LEAD12, 500 + test_random_below(random, 12), account));
}

static uint64_t renamed(uint64_t account, uint64_t salt)
{
    return object_key(OBJECT_IP, account + salt * 1000);
}

static void shuffle(struct world *world, struct test_random *random)
{
    for (size_t i = world->n; i > 1; i--) {
        size_t j = test_random_below(random, i);
        struct tie swap = world->ties[i - 1];
        world->ties[i - 1] = world->ties[j];
        world->ties[j] = swap;
    }
}

/* Which accounts stand together, as text: one line a group, lines in order; independent of names and indices. */
struct partition {
    char lines[64][3 * WORLD_ACCOUNTS];
    size_t n;
};

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void partition_of(const struct world *world, uint64_t salt, struct partition *ret_partition)
{
    struct graph g;
    struct finder again;
    fixture_init(&g);
    for (size_t i = 0; i < world->n; i++) {
        struct tie tie = world->ties[i];
        tie.a = renamed(tie.a, salt);
        tie.b = tie.b ? renamed(tie.b, salt) : 0;
        assert_ok(graph_add(&g, &tie));
    }
    let_strong_count(&g);
    fixture_build(&g);
    finder_init(&again);
    assert_ok(finder_begin(&again, &g));
    assert_ok(find_groups(&again, &g, 5));
    struct group_list list = again.groups;
    *ret_partition = (struct partition){ .n = list.n };
    assert_true(list.n <= 64);
    for (size_t i = 0; i < list.n; i++) {
        char *line = ret_partition->lines[i];
        line[0] = (char)('0' + list.items[i].found_by);
        for (uint64_t account = 1; account <= WORLD_ACCOUNTS; account++) {
            uint32_t index = graph_find_account(&g, renamed(account, salt));
            line[account] = '.';
            for (size_t j = 0; j < list.items[i].n_members; j++)
                if (list.items[i].members[j].account == index)
                    line[account] = (char)('0' + list.items[i].members[j].membership);
        }
    }
    qsort(ret_partition->lines, list.n, sizeof ret_partition->lines[0], by_text);
    finder_fini(&again);
    graph_fini(&g);
}

static void renaming_accounts_and_another_order_change_no_partition(void **state)
{
    (void)state;
    static struct world world;
    static struct partition first;
    static struct partition again;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct test_random random = { seed };
        print_message("seed %llu\n", (unsigned long long)seed);
        make_world(&world, &random);
        partition_of(&world, 1, &first);
        assert_true(first.n == 13); /* three frames, nine cards, one line of turns */
        for (uint64_t salt = 2; salt <= 5; salt++) {
            shuffle(&world, &random);
            partition_of(&world, salt, &again);
            assert_int_equal(again.n, first.n);
            for (size_t i = 0; i < first.n; i++)
                assert_string_equal(again.lines[i], first.lines[i]);
        }
    }
}

static void the_root_of_a_group_does_not_depend_on_the_order(void **state)
{
    (void)state;
    for (uint64_t account = 20; account >= 1; account--) {
        show(&graph, OBJECT_SYSTEM, 2, account);
        show(&graph, OBJECT_LEAD24, 1, account);
        show(&graph, OBJECT_PAYMENT, 3, account);
    }
    find(5);
    uint64_t a = object_key(OBJECT_SYSTEM, 2);
    uint64_t b = object_key(OBJECT_LEAD24, 1);
    assert_int_equal(only_group(FAMILY_CONTENT)->root, a < b ? a : b);
    assert_int_equal(only_group(FAMILY_IDENTITY)->root, 1);
}

static void what_ran_out_of_memory_is_found_anew(void **state)
{
    (void)state;
    static struct world world;
    struct test_random random = { 1 };
    make_world(&world, &random);
    for (size_t i = 0; i < world.n; i++)
        assert_ok(graph_add(&graph, &world.ties[i]));
    let_strong_count(&graph);
    fixture_build(&graph);
    enum status st = STATUS_NOMEM;
    for (long n = 0; st != STATUS_OK; n++) {
        alloc_sweep_arm(n);
        st = finder_begin(&finder, &graph);
        if (st == STATUS_OK)
            st = find_groups(&finder, &graph, 5);
        assert_int_equal(alloc_sweep_disarm(), st != STATUS_OK);
        assert_true(st == STATUS_OK || st == STATUS_NOMEM);
    }
    assert_int_equal(finder.groups.n, 13);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_users_of_a_frame_are_found_under_camouflage, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fixed_texts_found_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_group_of_few_is_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            who_shows_half_of_the_usual_is_likely_and_who_shows_less_is_halo, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_newcomer_with_most_sides_of_the_frame_is_likely, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_short_opening_alone_makes_its_users_firm, set_up, tear_down),
        cmocka_unit_test_setup_teardown(shared_payments_are_a_group_of_their_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(returned_turns_are_a_group_of_their_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            renaming_accounts_and_another_order_change_no_partition, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_root_of_a_group_does_not_depend_on_the_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_ran_out_of_memory_is_found_anew, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
