#include "campaign/track.h"

#include "fixture.h"
#include "support/alloc_sweep.h"

enum { CAMPAIGNS_MAX = 8, ACCOUNTS = 100 };

static struct graph graph;
static struct tracker tracker;

/* All accounts show one object: a graph is only needed for their indices. */
static int set_up(void **state)
{
    (void)state;
    fixture_init(&graph);
    show_all(&graph, OBJECT_SYSTEM, 1, 1, ACCOUNTS);
    fixture_build(&graph);
    assert_ok(tracker_init(&tracker, CAMPAIGNS_MAX, 1000));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    tracker_fini(&tracker);
    graph_fini(&graph);
    return 0;
}

static struct track_match match(uint64_t first, uint64_t last)
{
    struct group group = group_of(&graph, FAMILY_CONTENT, first, last);
    struct track_match match = tracker_match(&tracker, &graph, &group);
    group_free(&group);
    return match;
}

static struct campaign_id before(uint64_t first, uint64_t last)
{
    struct group group = group_of(&graph, FAMILY_CONTENT, first, last);
    struct campaign_id id = tracker_before(&tracker, &graph, &group);
    group_free(&group);
    return id;
}

static struct campaign *create(uint64_t first, uint64_t last, struct campaign_id successor_of, int64_t now_ms)
{
    uint32_t index;
    struct group group = group_of(&graph, FAMILY_CONTENT, first, last);
    assert_ok(tracker_create(&tracker, &graph, &group, now_ms, successor_of, &index));
    assert_ok(tracker_update(&tracker, index, &graph, &group, now_ms));
    group_free(&group);
    return tracker.items[index];
}

/* Continues the campaign that matches, or begins one. */
static struct campaign *track(uint64_t first, uint64_t last, int64_t now_ms)
{
    struct track_match found = match(first, last);
    if (found.index == MAP_NONE)
        return create(first, last, before(first, last), now_ms);
    struct group group = group_of(&graph, FAMILY_CONTENT, first, last);
    assert_ok(tracker_update(&tracker, found.index, &graph, &group, now_ms));
    group_free(&group);
    return tracker.items[found.index];
}

static struct campaign *confirm(struct campaign *campaign)
{
    campaign->confirmed = true;
    campaign->status = CAMPAIGN_CONFIRMED;
    return campaign;
}

static bool holds(const struct campaign *campaign, uint64_t account)
{
    const struct campaign_member *member = member_find(campaign, account);
    bool active = member && member->until_ms < 0;
    if (active)
        assert_ptr_equal(tracker.items[map_find(&tracker.member_of, account)], campaign);
    return active;
}

/* Accounts first to last and no others. */
static void assert_holds(const struct campaign *campaign, uint64_t first, uint64_t last)
{
    size_t n = 0;
    for (uint64_t account = 1; account <= ACCOUNTS; account++) {
        assert_int_equal(holds(campaign, account), account >= first && account <= last);
        n += account >= first && account <= last;
    }
    assert_int_equal(campaign->n_active, n);
}

static void growth_keeps_the_id(void **state)
{
    (void)state;
    struct campaign_id id = track(10, 19, T0)->id;
    for (uint64_t last = 20; last < 60; last += 5) {
        struct campaign *campaign = track(5, last, T0 + (int64_t)last * HOUR);
        assert_int_equal(campaign->id.value, id.value);
        assert_holds(campaign, 5, last);
    }
    assert_int_equal(tracker.n, 1);
}

static void the_id_is_made_of_the_first_account_and_the_time(void **state)
{
    (void)state;
    uint64_t id = track(10, 19, T0)->id.value;
    tear_down(NULL);
    set_up(NULL);
    assert_int_equal(track(10, 25, T0)->id.value, id);
    assert_int_not_equal(track(30, 39, T0)->id.value, id);
    tear_down(NULL);
    set_up(NULL);
    assert_int_not_equal(track(10, 19, T0 + 1)->id.value, id);
}

static void two_campaigns_of_one_moment_have_two_ids(void **state)
{
    (void)state;
    struct campaign_id none = { 0 };
    struct campaign *first = create(10, 39, none, T0);
    confirm(first);
    struct campaign *second = create(10, 39, none, T0);
    assert_int_not_equal(first->id.value, second->id.value);
}

static void a_group_of_strangers_is_a_new_campaign(void **state)
{
    (void)state;
    struct campaign *first = track(1, 20, T0);
    struct campaign *second = track(21, 40, T0);
    assert_holds(first, 1, 20);
    assert_holds(second, 21, 40);
    assert_int_not_equal(first->id.value, second->id.value);
}

static void a_match_says_who_covers_whom(void **state)
{
    (void)state;
    track(1, 20, T0);
    struct track_match small = match(16, 20);
    assert_true(small.within && !small.covers);
    struct track_match large = match(1, 60);
    assert_true(large.covers && !large.within);
    struct track_match same = match(3, 22);
    assert_true(same.covers && same.within);
    struct track_match other = match(18, 40);
    assert_int_equal(other.index, MAP_NONE);
}

static void members_of_a_suspected_campaign_leave_with_its_group(void **state)
{
    (void)state;
    track(1, 20, T0);
    assert_holds(track(1, 15, T0 + HOUR), 1, 15);
}

static void members_of_a_confirmed_campaign_stay(void **state)
{
    (void)state;
    confirm(track(1, 20, T0));
    assert_holds(track(5, 25, T0 + HOUR), 1, 25);
}

static void members_of_a_confirmed_campaign_go_to_no_other(void **state)
{
    (void)state;
    struct campaign *first = confirm(track(1, 20, T0));
    struct campaign *second = track(17, 40, T0 + HOUR);
    assert_ptr_not_equal(first, second);
    assert_holds(first, 1, 20);
    assert_holds(second, 21, 40);
}

static void of_two_that_merge_the_older_lives_on(void **state)
{
    (void)state;
    struct campaign *older = track(1, 20, T0);
    struct campaign *younger = track(21, 30, T0 + HOUR);
    assert_ptr_equal(track(1, 30, T0 + DAY), older);
    assert_holds(older, 1, 30);
    assert_int_equal(younger->status, CAMPAIGN_CLOSED);
    assert_int_equal(younger->n_active, 0);
}

static void the_older_lives_on_even_if_it_is_smaller(void **state)
{
    (void)state;
    struct campaign *older = track(1, 10, T0);
    struct campaign *younger = track(11, 30, T0 + HOUR);
    assert_ptr_equal(track(1, 30, T0 + DAY), older);
    assert_holds(older, 1, 30);
    assert_int_equal(younger->status, CAMPAIGN_CLOSED);
}

static void a_merge_releases_no_member_of_a_confirmed_campaign(void **state)
{
    (void)state;
    struct campaign *older = confirm(track(1, 20, T0));
    confirm(track(21, 30, T0 + HOUR));
    assert_ptr_equal(track(1, 29, T0 + DAY), older);
    assert_holds(older, 1, 30);
}

static void a_confirmed_campaign_does_not_merge_into_a_suspected_one(void **state)
{
    (void)state;
    struct campaign *suspected = track(1, 20, T0);
    struct campaign *confirmed = confirm(track(21, 30, T0 + HOUR));
    track(1, 30, T0 + DAY);
    assert_holds(suspected, 1, 20);
    assert_holds(confirmed, 21, 30);
    assert_int_equal(confirmed->status, CAMPAIGN_CONFIRMED);
}

static void a_split_gives_the_second_part_a_new_id(void **state)
{
    (void)state;
    struct campaign *whole = track(1, 30, T0);
    assert_ptr_equal(track(1, 18, T0 + HOUR), whole);
    struct campaign *part = track(19, 30, T0 + HOUR);
    assert_ptr_not_equal(part, whole);
    assert_holds(whole, 1, 18);
    assert_holds(part, 19, 30);
}

static void a_closed_campaign_has_a_successor(void **state)
{
    (void)state;
    struct campaign *first = confirm(track(1, 20, T0));
    tracker_close(&tracker, 0, T0 + HOUR);
    assert_holds(first, 1, 0);
    assert_false(first->confirmed);
    struct campaign *second = track(1, 18, T0 + DAY);
    assert_ptr_not_equal(second, first);
    assert_int_equal(second->successor_of.value, first->id.value);
    assert_holds(second, 1, 18);
}

static void halo_accounts_are_taken_from_no_campaign(void **state)
{
    (void)state;
    struct campaign *first = track(1, 20, T0);
    struct group group = group_of(&graph, FAMILY_CONTENT, 15, 60);
    for (size_t i = 0; i < group.n_members; i++)
        if (graph.accounts[group.members[i].account].account <= 20)
            group.members[i].membership = group.members[i].grade = MEMBER_HALO;
    uint32_t index;
    assert_ok(tracker_create(&tracker, &graph, &group, T0, (struct campaign_id){ 0 }, &index));
    assert_ok(tracker_update(&tracker, index, &graph, &group, T0));
    group_free(&group);
    assert_holds(first, 1, 20);
    assert_holds(tracker.items[index], 21, 60);
}

static void membership_falls_only_while_suspected(void **state)
{
    (void)state;
    struct campaign *campaign = track(1, 20, T0);
    member_find(campaign, 7)->membership = MEMBER_CORE;
    track(1, 20, T0 + HOUR);
    assert_int_equal(member_find(campaign, 7)->membership, MEMBER_LIKELY);
    member_find(campaign, 7)->membership = MEMBER_CORE;
    campaign->confirmed = true;
    track(1, 20, T0 + 2 * HOUR);
    assert_int_equal(member_find(campaign, 7)->membership, MEMBER_CORE);
}

static void a_full_tracker_begins_no_campaign(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < CAMPAIGNS_MAX; i++)
        track(10 * i + 1, 10 * i + 10, T0);
    uint32_t index = 77;
    struct group group = group_of(&graph, FAMILY_CONTENT, 91, 100);
    assert_int_equal(
        tracker_create(&tracker, &graph, &group, T0, (struct campaign_id){ 0 }, &index), STATUS_FULL);
    assert_int_equal(index, 77);
    group_free(&group);
}

static void too_few_are_handed_over_to_whom_the_group_belongs_as_well(void **state)
{
    (void)state;
    struct campaign *first = confirm(track(1, 20, T0));
    struct campaign *small = track(21, 25, T0);
    struct group group = group_of(&graph, FAMILY_CONTENT, 20, 25);
    uint32_t to;
    assert_ok(tracker_hand_over(&tracker, 1, &graph, &group, T0 + 5, &to)); /* one in common: no reason */
    assert_int_equal(to, 1);
    assert_int_equal(small->n_active, 5);
    group_free(&group);
    group = group_of(&graph, FAMILY_CONTENT, 19, 25);
    assert_int_equal(tracker_firm(&tracker, 1), 5);
    assert_ok(tracker_hand_over(&tracker, 1, &graph, &group, T0 + 5, &to));
    assert_int_equal(to, 0);
    group_free(&group);
    assert_int_equal(small->status, CAMPAIGN_CLOSED);
    assert_int_equal(small->n_active, 0);
    assert_holds(first, 1, 25);
}

static const struct campaign_parting parting = { 40, 20, 1, 5, -7 };

/* Accounts first to last of the first campaign are another operator's. */
static enum status try_divide(struct tracker *t, uint64_t first, uint64_t last, int64_t now_ms)
{
    uint64_t accounts[ACCOUNTS];
    size_t n = 0;
    for (uint64_t account = first; account <= last; account++)
        accounts[n++] = account;
    return tracker_divide(t, 0, accounts, n, &parting, now_ms);
}

static struct campaign *divide(uint64_t first, uint64_t last)
{
    assert_ok(try_divide(&tracker, first, last, T0 + DAY));
    return tracker.items[tracker.n - 1];
}

static void a_campaign_that_is_divided_is_two_as_it_was(void **state)
{
    (void)state;
    struct campaign *first = confirm(track(1, 40, T0));
    first->contained_ms = T0 + 7;
    first->status = CAMPAIGN_CONTAINED;
    member_find(first, 30)->membership = MEMBER_CORE;
    member_find(first, 30)->told = 0x83;
    member_leave(first, member_find(first, 40), T0 + 9);
    struct campaign *second = divide(21, 60); /* 40 has left, 41 to 60 never were members */
    assert_holds(first, 1, 20);
    assert_holds(second, 21, 39);
    assert_true(second->confirmed);
    assert_int_equal(second->status, CAMPAIGN_CONTAINED);
    assert_int_equal(second->contained_ms, T0 + 7);
    assert_int_not_equal(second->id.value, first->id.value);
    assert_true(second->number > first->number);
    assert_int_equal(second->pool.value, first->id.value);
    assert_int_equal(first->pool.value, first->id.value);
    assert_int_equal(second->parting.across, 1);
    const struct campaign_member *moved = member_find(second, 30);
    assert_int_equal(moved->membership, MEMBER_CORE);
    assert_int_equal(moved->since_ms, T0);
    assert_int_equal(moved->told, 0); /* so that policy hears of its new campaign */
    assert_null(member_find(first, 30));
    assert_non_null(member_find(first, 40)); /* history stays */
}

static void operators_of_one_pool_never_absorb_each_other(void **state)
{
    (void)state;
    struct campaign *first = confirm(track(1, 40, T0));
    struct campaign *second = divide(21, 40);
    track(1, 41, T0 + 2 * DAY);
    assert_holds(second, 21, 40);
    assert_true(second->confirmed);
    assert_true(tracker_are_parted(&tracker, 0, 1) && tracker_are_parted(&tracker, 1, 0));
    assert_false(tracker_are_parted(&tracker, 0, 0));
    assert_int_equal(first->n_active, 21);
}

static void strangers_were_never_told_apart(void **state)
{
    (void)state;
    track(1, 20, T0);
    track(21, 40, T0);
    assert_false(tracker_are_parted(&tracker, 0, 1));
}

static void a_group_is_that_operators_who_holds_most_of_it(void **state)
{
    (void)state;
    confirm(track(1, 40, T0));
    struct group group = group_of(&graph, FAMILY_CONTENT, 15, 30);
    assert_int_equal(tracker_parted(&tracker, &graph, &group), MAP_NONE); /* nobody was told apart */
    divide(21, 40);
    assert_int_equal(tracker_parted(&tracker, &graph, &group), 1);
    group_free(&group);
    group = group_of(&graph, FAMILY_CONTENT, 1, 40);
    assert_int_equal(tracker_parted(&tracker, &graph, &group), MAP_NONE); /* half is not most */
    group_free(&group);
}

static void what_is_spent_gives_way_in_a_full_tracker(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < CAMPAIGNS_MAX; i++)
        track(10 * i + 1, 10 * i + 10, T0);
    tracker_close(&tracker, 3, T0);
    tracker.items[3]->members[0].told = 1;
    struct group group = group_of(&graph, FAMILY_CONTENT, 91, 100);
    uint32_t index = 77;
    assert_int_equal(
        tracker_create(&tracker, &graph, &group, T0, (struct campaign_id){ 0 }, &index), STATUS_FULL);
    tracker.items[3]->members[0].told = 0;
    tracker.items[3]->detected_ms = T0; /* what was confirmed is history that is kept */
    assert_int_equal(
        tracker_create(&tracker, &graph, &group, T0, (struct campaign_id){ 0 }, &index), STATUS_FULL);
    tracker.items[3]->detected_ms = -1;
    assert_ok(tracker_create(&tracker, &graph, &group, T0, (struct campaign_id){ 0 }, &index));
    assert_int_equal(index, 3);
    assert_int_equal(tracker.n, CAMPAIGNS_MAX);
    assert_int_equal(tracker.items[3]->n_members, 0);
    group_free(&group);
}

static void what_ran_out_of_memory_can_be_done_again(void **state)
{
    (void)state;
    for (long n = 0; n < 30; n++) {
        struct tracker t;
        uint32_t index;
        struct group group = group_of(&graph, FAMILY_CONTENT, 1, 60);
        alloc_sweep_arm(n);
        while (tracker_init(&t, CAMPAIGNS_MAX, 1000) != STATUS_OK)
            alloc_sweep_disarm();
        while (tracker_create(&t, &graph, &group, T0, (struct campaign_id){ 0 }, &index) != STATUS_OK)
            alloc_sweep_disarm();
        while (tracker_update(&t, index, &graph, &group, T0) != STATUS_OK)
            alloc_sweep_disarm();
        alloc_sweep_disarm();
        assert_int_equal(t.n, 1);
        assert_int_equal(t.items[0]->n_active, 60);
        alloc_sweep_arm(n);
        bool divided = try_divide(&t, 1, 30, T0) == STATUS_OK;
        alloc_sweep_disarm();
        for (uint64_t account = 1; account <= 60; account++) { /* each is in one, whatever fails */
            struct campaign *c = t.items[map_find(&t.member_of, account)];
            assert_true(member_find(c, account) && member_find(c, account)->until_ms < 0);
            assert_true(!divided || (c == t.items[1]) == (account <= 30));
        }
        tracker_fini(&t);
        group_free(&group);
    }
}

static void whom_no_group_had_is_missed_in_no_view(void **state)
{
    (void)state;
    uint32_t mates[30];
    confirm(create(1, 20, (struct campaign_id){ 0 }, T0));
    for (uint64_t i = 0; i < 30; i++)
        mates[i] = account_index(&graph, 40 + i);
    assert_ok(tracker_take_others(&tracker, 0, &graph, mates, 30, MEMBER_LIKELY, T0));
    assert_int_equal(tracker_firm(&tracker, 0), 50);
    struct track_match found = match(1, 18);
    assert_int_equal(found.index, 0);
    assert_true(found.covers && found.within);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(whom_no_group_had_is_missed_in_no_view),
        TEST(growth_keeps_the_id),
        TEST(the_id_is_made_of_the_first_account_and_the_time),
        TEST(two_campaigns_of_one_moment_have_two_ids),
        TEST(a_group_of_strangers_is_a_new_campaign),
        TEST(a_match_says_who_covers_whom),
        TEST(members_of_a_suspected_campaign_leave_with_its_group),
        TEST(members_of_a_confirmed_campaign_stay),
        TEST(members_of_a_confirmed_campaign_go_to_no_other),
        TEST(of_two_that_merge_the_older_lives_on),
        TEST(the_older_lives_on_even_if_it_is_smaller),
        TEST(a_merge_releases_no_member_of_a_confirmed_campaign),
        TEST(a_confirmed_campaign_does_not_merge_into_a_suspected_one),
        TEST(a_split_gives_the_second_part_a_new_id),
        TEST(a_closed_campaign_has_a_successor),
        TEST(halo_accounts_are_taken_from_no_campaign),
        TEST(membership_falls_only_while_suspected),
        TEST(a_full_tracker_begins_no_campaign),
        TEST(too_few_are_handed_over_to_whom_the_group_belongs_as_well),
        TEST(a_campaign_that_is_divided_is_two_as_it_was),
        TEST(operators_of_one_pool_never_absorb_each_other),
        TEST(strangers_were_never_told_apart),
        TEST(a_group_is_that_operators_who_holds_most_of_it),
        TEST(what_is_spent_gives_way_in_a_full_tracker),
        TEST(what_ran_out_of_memory_can_be_done_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
