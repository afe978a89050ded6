#include "campaign/grade.h"
#include "fixture.h"

static struct graph graph;
static struct group group;
static struct rings rings;
static uint8_t inside[200], tied[200];
static uint32_t count[200], shown[200];
static struct recall recall;
static bool merged, idle; /* the group; those who are not in it */
static uint64_t members;  /* of the group: accounts 1 to so many */
static const unsigned identity = 1U << FAMILY_IDENTITY, provenance = 1U << FAMILY_PROVENANCE,
                      timing = 1U << FAMILY_TIMING;

/* What the objects' partition says of the group's frame, another of it and the prompt of accounts 1 to 4. */
static struct object_profile the_frame, another_frame, their_prompt;
enum { PROMPT = 77 };

static enum status object_of(void *context, uint64_t object, struct object_profile *ret_profile)
{
    (void)context;
    *ret_profile = object == object_key(OBJECT_SYSTEM, 1)   ? the_frame
                   : object == object_key(OBJECT_SYSTEM, 9) ? another_frame
                                                            : their_prompt;
    return STATUS_OK;
}

static const struct campaign_source source = { .object = object_of };

/* Accounts 1 to 10 show one frame; firm, all of them. */
static int set_up(void **state)
{
    (void)state;
    merged = idle = false;
    the_frame = another_frame = their_prompt = (struct object_profile){ 0 };
    group = (struct group){ 0 };
    members = 10;
    fixture_init(&graph);
    rings_init(&rings, FAMILY_IDENTITY);
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 10);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    group_free(&group);
    graph_fini(&graph);
    rings_fini(&rings);
    return 0;
}

static bool is_active(void *context, uint32_t account)
{
    (void)context;
    (void)account;
    return !idle;
}

static struct grade_input grading(void)
{
    recall_init(&recall, &source);
    recall_begin(&recall, T0);
    return (struct grade_input){ .graph = &graph,
        .group = &group,
        .identity = &rings,
        .tied = tied,
        .inside = inside,
        .count = count,
        .shown = shown,
        .recall = &recall,
        .active = is_active };
}

/* The families that carry the group. */
static size_t tie_up(unsigned families)
{
    assert_ok(graph_build(&graph));
    group = group_of(&graph, FAMILY_CONTENT, 1, members);
    group.merged = merged;
    for (size_t i = 0; i < graph.n_objects; i++)
        if (graph.objects[i].kind == OBJECT_SYSTEM)
            group.objects[group.n_objects++] = (uint32_t)i;
    rings_fini(&rings);
    rings_init(&rings, FAMILY_IDENTITY);
    assert_ok(rings_update(&rings, &graph, true));
    const struct grade_input input = grading();
    return grade_tied(&input, families);
}

static bool is_tied(uint64_t account)
{
    return tied[graph_find_account(&graph, account)];
}

static void a_card_of_three_ties_all_of_them(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 2, 3, 5);
    assert_int_equal(tie_up(identity), 3);
    assert_true(is_tied(3) && is_tied(4) && is_tied(5));
    assert_false(is_tied(6));
    grade_clear(&group, tied);
    for (size_t i = 0; i < 200; i++)
        assert_true(tied[i] == 0 && inside[i] == 0 && shown[i] == 0);
}

static void two_cards_that_meet_in_one_account_tie_all_of_them(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 2, 3, 4);
    show_all(&graph, OBJECT_PAYMENT, 3, 4, 5);
    assert_int_equal(tie_up(identity), 3);
    grade_clear(&group, tied);
}

static void returned_turns_tie_across_families(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 2, 3, 4);
    give_back(&graph, OBJECT_TURN, 3, 4, 5);
    assert_int_equal(tie_up(identity), 0);
    grade_clear(&group, tied);
    group_free(&group);
    assert_int_equal(tie_up(identity | provenance), 3);
    grade_clear(&group, tied);
}

static void a_pair_is_one_person(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 2, 3, 4);
    show_all(&graph, OBJECT_PAYMENT, 3, 7, 8);
    assert_int_equal(tie_up(identity), 0);
    grade_clear(&group, tied);
}

/* Of two frames the second has two users, one of which has a card with a user of the first; said by so many, so often. */
static void two_frames_and_a_card(uint32_t first_said, uint32_t second_said)
{
    show_all(&graph, OBJECT_SYSTEM, 9, 11, 12);
    show_all(&graph, OBJECT_PAYMENT, 2, 10, 11);
    show_all(&graph, OBJECT_PAYMENT, 3, 7, 8);
    the_frame = (struct object_profile){ .accounts = 10, .sightings = first_said, .first_ms = T0 };
    another_frame = (struct object_profile){ .accounts = 2, .sightings = second_said, .first_ms = T0 };
    members = 12;
}

static void a_pair_whose_work_is_different_is_tied(void **state)
{
    (void)state;
    two_frames_and_a_card(15, 3);
    assert_int_equal(tie_up(identity), 2);
    assert_true(is_tied(10) && is_tied(11));
    grade_clear(&group, tied);
    group_free(&group);
    show(&graph, OBJECT_SYSTEM, 9, 10); /* it shows what the other shows as well */
    assert_int_equal(tie_up(identity), 0);
}

static void what_either_of_a_pair_said_once_as_others_did_is_not_its_work(void **state)
{
    (void)state;
    two_frames_and_a_card(14, 3);
    assert_int_equal(tie_up(identity), 0);
    group_free(&group);
    two_frames_and_a_card(15, 2);
    assert_int_equal(tie_up(identity), 0);
}

static void on_later_days_work_is_said_more_often(void **state)
{
    (void)state;
    two_frames_and_a_card(15, 3);
    the_frame.first_ms = another_frame.first_ms = T0 - 10 * DAY;
    assert_int_equal(tie_up(identity), 0);
    group_free(&group);
    the_frame.sightings = 20;
    another_frame.sightings = 4;
    assert_int_equal(tie_up(identity), 2);
    grade_clear(&group, tied);
}

static void what_both_said_once_makes_them_one(void **state)
{
    (void)state;
    two_frames_and_a_card(15, 3);
    show_all(&graph, OBJECT_SYSTEM, PROMPT, 10, 11);
    their_prompt = (struct object_profile){ .accounts = 2, .sightings = 2, .first_ms = T0 };
    assert_int_equal(tie_up(identity), 0);
}

/* Accounts 3 to 5 of one card show the frame, and so many others of that card do not. */
static size_t tied_of_a_hand_with_others(uint64_t others)
{
    show_all(&graph, OBJECT_PAYMENT, 2, 3, 5);
    for (uint64_t account = 20; account < 20 + others; account++)
        show(&graph, OBJECT_PAYMENT, 2, account);
    group_free(&group);
    size_t n = tie_up(identity);
    grade_clear(&group, tied);
    return n;
}

static void in_a_merged_group_most_of_a_hand_is_in_it_or_nobody(void **state)
{
    (void)state;
    merged = true;
    assert_int_equal(tied_of_a_hand_with_others(0), 3);
    assert_int_equal(tied_of_a_hand_with_others(2), 3);
    assert_int_equal(tied_of_a_hand_with_others(3), 0);
    merged = false;
    assert_int_equal(tied_of_a_hand_with_others(3), 3);
    merged = true;
    idle = true; /* the three have sent too little to tell */
    assert_int_equal(tied_of_a_hand_with_others(3), 3);
}

static void in_a_merged_group_a_team_with_a_mail_domain_is_tied_by_what_is_said_again(void **state)
{
    (void)state;
    merged = true;
    show_all(&graph, OBJECT_PAYMENT, 2, 3, 5);
    for (uint64_t account = 3; account <= 5; account++)
        graph.accounts[account_index(&graph, account)].named = true;
    the_frame = (struct object_profile){ .accounts = 10, .sightings = 14, .first_ms = T0 };
    assert_int_equal(tie_up(identity), 0);
    group_free(&group);
    the_frame.sightings = 15;
    assert_int_equal(tie_up(identity), 3);
    grade_clear(&group, tied);
}

static void a_card_ties_nobody_where_cards_do_not_carry_the_group(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 2, 3, 9);
    assert_int_equal(tie_up(provenance), 0);
    grade_clear(&group, tied);
}

static void the_family_that_found_a_group_may_tie(void **state)
{
    (void)state;
    struct evidence evidence[FAMILY_COUNT] = { [FAMILY_PROVENANCE] = { .strong = true } };
    assert_int_equal(grade_families(FAMILY_IDENTITY, evidence), identity | provenance);
    assert_int_equal(grade_families(FAMILY_CONTENT, evidence), provenance);
}

static void a_card_shared_with_strangers_ties_nobody(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 2, 10, 13);
    assert_int_equal(tie_up(identity), 0);
    grade_clear(&group, tied);
}

/* The queue has other frames: what account 9 hands on, somebody else of three takes. */
static void hand_offs_tie_wherever_the_others_are(void **state)
{
    (void)state;
    give_back(&graph, OBJECT_REFUSED, 2, 9, 11);
    give_back(&graph, OBJECT_REFUSED, 3, 11, 12);
    give_back(&graph, OBJECT_REFUSED, 4, 5, 13); /* a pair */
    assert_int_equal(tie_up(timing), 1);
    assert_true(is_tied(9));
    grade_clear(&group, tied);
    group_free(&group);
    assert_int_equal(tie_up(identity | provenance), 0);
    grade_clear(&group, tied);
}

static void networks_tie_nobody(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_NET, 2, 1, 10);
    assert_int_equal(tie_up(~0U), 0);
    grade_clear(&group, tied);
}

/* Accounts 1 to 10 as the group, which cards carry; all live off the frame, with so many exchanges. */
static struct account_profile profiles[10];
static struct hands hands;

static struct grade_input grade(uint64_t exchanges)
{
    tie_up(identity);
    for (size_t i = 0; i < 10; i++)
        profiles[i] = (struct account_profile){ .account = graph.accounts[group.members[i].account].account,
            .exchanges = exchanges,
            .focus = 0.5,
            .top_frame = object_key(OBJECT_SYSTEM, 1) };
    struct grade_input input = grading();
    input.hands = &hands;
    input.profiles = profiles;
    input.n_profiles = 10;
    return input;
}

static void graded(struct grade_input *input)
{
    grade_clear(&group, tied);
    hands = (struct hands){ 0 };
    for (size_t i = 0; i < 200; i++)
        assert_int_equal(input->count[i], 0);
}

static unsigned grade_of(uint64_t account)
{
    for (size_t i = 0; i < group.n_members; i++)
        if (graph.accounts[group.members[i].account].account == account)
            return group.members[i].grade;
    return MEMBER_NONE;
}

static void the_core_is_tied_and_lives_off_the_frame(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 2, 1, 4);
    struct grade_input input = grade(3);
    assert_int_equal(grade_group(&input), 4);
    assert_int_equal(grade_of(4), MEMBER_CORE);
    assert_int_equal(grade_of(5), MEMBER_NONE);
    for (size_t i = 0; i < 10; i++)
        profiles[i].exchanges = 2;
    assert_int_equal(grade_group(&input), 4);
    assert_int_equal(grade_of(4), MEMBER_LIKELY);
    graded(&input);
}

static void who_lives_off_a_frame_that_all_partners_use_is_likely_without_a_tie(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 2, 1, 4);
    struct grade_input input = grade(3);
    hands = (struct hands){ .n = 9, .shared = 3, .inside = 9, .partners = 10 };
    assert_int_equal(grade_group(&input), 10);
    assert_int_equal(grade_of(5), MEMBER_LIKELY);
    hands.inside = 7;
    assert_int_equal(grade_group(&input), 4);
    hands = (struct hands){ .n = 9, .shared = 1, .inside = 10, .partners = 10 }; /* two of ten in company */
    assert_int_equal(grade_group(&input), 4);
    hands = (struct hands){ .n = 9, .shared = 3, .inside = 10, .partners = 10 };
    group.merged = true;
    assert_int_equal(grade_group(&input), 4);
    graded(&input);
}

/* Accounts 1 to 4 share a card, 5 to 9 have one each with somebody outside, 10 has nobody. */
static struct grade_input one_without_company(void)
{
    show_all(&graph, OBJECT_PAYMENT, 2, 1, 4);
    for (uint64_t account = 5; account <= 9; account++) {
        show(&graph, OBJECT_PAYMENT, account, account);
        show(&graph, OBJECT_PAYMENT, account, 10 + account);
    }
    return grade(3);
}

static void six_partners_of_three_hands_may_close_a_frame(void **state)
{
    (void)state;
    struct grade_input input = one_without_company();
    hands = (struct hands){ .n = 9, .shared = 3, .repeated = 3, .inside = 6, .partners = 6 };
    assert_int_equal(grade_group(&input), 10);
    hands = (struct hands){ .n = 9, .shared = 3, .repeated = 2, .inside = 9, .partners = 9 };
    assert_int_equal(grade_group(&input), 4);
    hands = (struct hands){ .n = 9, .shared = 3, .repeated = 3, .inside = 4, .partners = 6 };
    assert_int_equal(grade_group(&input), 4);
    hands = (struct hands){ .n = 9, .shared = 3, .repeated = 3, .inside = 5, .partners = 5 };
    assert_int_equal(grade_group(&input), 4);
    graded(&input);
}

/* Nine with company live off the frame: enough in a group of which nobody is held, one too few beside who is. */
static void beside_who_is_held_ten_must_live_off_it(void **state)
{
    (void)state;
    struct grade_input input = one_without_company();
    hands = (struct hands){ .n = 9, .shared = 3, .repeated = 3, .inside = 6, .partners = 6 };
    assert_int_equal(grade_group(&input), 10);
    graph.accounts[account_index(&graph, 1)].watched = true;
    assert_int_equal(grade_group(&input), 9);
    assert_int_equal(grade_of(10), MEMBER_NONE);
    graded(&input);
}

static void who_has_nobody_is_not_held_by_few_partners_who_send_its_prompt_besides(void **state)
{
    (void)state;
    struct grade_input input = one_without_company();
    for (size_t i = 0; i < 10; i++)
        if (profiles[i].account <= 5)
            profiles[i].top_frame = 4711; /* five of nine with company live off something else */
    hands = (struct hands){ .n = 9, .shared = 3, .repeated = 3, .inside = 6, .partners = 6 };
    assert_int_equal(grade_group(&input), 8);
    assert_int_equal(grade_of(9), MEMBER_LIKELY);
    assert_int_equal(grade_of(10), MEMBER_NONE);
    hands = (struct hands){ .n = 9, .shared = 3, .inside = 10, .partners = 10 };
    assert_int_equal(grade_group(&input), 9);
    graded(&input);
}

static void a_prompt_of_its_own_keeps_an_account_out(void **state)
{
    (void)state;
    struct grade_input input = grade(90);
    hands = (struct hands){ .n = 9, .shared = 3, .inside = 10, .partners = 10 };
    for (size_t i = 0; i < 10; i++)
        profiles[i].top_frame = 4711;
    assert_int_equal(grade_group(&input), 0);
    assert_int_equal(grade_of(1), MEMBER_NONE);
    graded(&input);
}

/* Accounts 1 to 4 and 6 to 9 have a card each four; the first four are as given. How many of the group are held? */
static size_t held_with(const struct account_profile *four)
{
    struct grade_input input = grade(100);
    for (size_t i = 0; i < 10; i++)
        if (profiles[i].account <= 4) {
            uint64_t account = profiles[i].account;
            profiles[i] = *four;
            profiles[i].account = account;
        }
    grade_clear(&group, tied);
    grade_elsewhere(&input);
    grade_tied(&input, identity);
    size_t held = grade_group(&input);
    graded(&input);
    return held;
}

static const struct account_profile team = {
    .adopter = ADOPTER_ESTABLISHED, .exchanges = GRADE_LIFE, .focus = 1, .last_seen_ms = 16 * 3600 * 1000
};

/* Two uses of the group's frame a user in sixteen hours would be one too many. */
static struct account_profile two_teams(void)
{
    struct account_profile four = team;
    four.top_frame = object_key(OBJECT_TOOLSET, PROMPT);
    show_all(&graph, OBJECT_PAYMENT, 2, 1, 4);
    show_all(&graph, OBJECT_PAYMENT, 3, 6, 9);
    the_frame = (struct object_profile){ .shared = true, .accounts = 10, .sightings = 19 };
    their_prompt = (struct object_profile){ .accounts = 4, .sightings = 400 };
    return four;
}

static void a_team_with_work_of_its_own_is_not_held(void **state)
{
    (void)state;
    struct account_profile four = two_teams();
    assert_int_equal(held_with(&four), 4);
    assert_int_equal(grade_of(1), MEMBER_NONE);
    assert_int_equal(grade_of(6), MEMBER_CORE);
}

static void who_shows_the_groups_frame_often_is_held(void **state)
{
    (void)state;
    struct account_profile four = two_teams();
    the_frame.sightings = 20;
    assert_int_equal(held_with(&four), 8);
    assert_int_equal(grade_of(1), MEMBER_LIKELY);
}

static void what_only_others_of_the_group_say_often_is_nothing_to_it(void **state)
{
    (void)state;
    struct account_profile four = two_teams();
    show_all(&graph, OBJECT_SYSTEM, 9, 6, 9);
    another_frame = (struct object_profile){ .shared = true, .accounts = 4, .sightings = 400 };
    assert_int_equal(held_with(&four), 4);
    assert_int_equal(grade_of(1), MEMBER_NONE);
}

static void a_new_team_with_a_mail_domain_of_its_own_is_not_held(void **state)
{
    (void)state;
    struct account_profile four = two_teams();
    four.adopter = 0;
    for (uint64_t account = 1; account <= 4; account++)
        graph.accounts[account_index(&graph, account)].named = true;
    assert_int_equal(held_with(&four), 4);
    assert_int_equal(grade_of(1), MEMBER_NONE);
}

static void a_prompt_of_strangers_or_of_everybody_is_nobodys_own_work(void **state)
{
    (void)state;
    struct account_profile four = two_teams();
    their_prompt.is_public = true;
    assert_int_equal(held_with(&four), 8);
    group_free(&group);
    their_prompt = (struct object_profile){ .shared = true };
    assert_int_equal(held_with(&four), 8);
    group_free(&group);
    their_prompt = (struct object_profile){ .accounts = 4 };
    assert_int_equal(held_with(&four), 4);
    group_free(&group);
    show_all(&graph, OBJECT_TOOLSET, PROMPT, 4, 5); /* known to the graph, so somebody else's too */
    assert_int_equal(held_with(&four), 8);
}

static void new_accounts_and_those_that_sent_little_have_no_other_life(void **state)
{
    (void)state;
    struct account_profile four = two_teams();
    four.adopter = 0;
    assert_int_equal(held_with(&four), 8);
    group_free(&group);
    four.adopter = ADOPTER_ESTABLISHED;
    four.exchanges = GRADE_LIFE - 1;
    assert_int_equal(held_with(&four), 8);
    group_free(&group);
    four.exchanges = GRADE_LIFE;
    four.focus = 0.29;
    assert_int_equal(held_with(&four), 8);
}

static void a_hand_of_which_one_lives_off_the_frame_is_held(void **state)
{
    (void)state;
    struct account_profile four = two_teams();
    show(&graph, OBJECT_PAYMENT, 2, 5);
    assert_int_equal(held_with(&four), 9);
    assert_int_equal(grade_of(5), MEMBER_CORE);
}

static void one_exchange_with_the_frame_and_a_card_of_members_is_enough(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 2, 1, 4);
    struct grade_input input = grade(3);
    for (size_t i = 0; i < group.n_members; i++)
        if (graph.accounts[group.members[i].account].account >= 4)
            group.members[i].membership = MEMBER_HALO;
    input.n_profiles = 3;
    assert_int_equal(grade_group(&input), 4);
    assert_int_equal(grade_of(4), MEMBER_LIKELY);
    assert_int_equal(grade_of(5), MEMBER_NONE);
    graded(&input);
}

static void an_open_team_is_not_tied_by_its_card(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 2, 3, 9);
    assert_ok(graph_build(&graph));
    for (uint64_t account = 3; account <= 9; account++)
        graph.accounts[account_index(&graph, account)].open = true;
    assert_int_equal(tie_up(identity), 0);
    grade_clear(&group, tied);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_card_of_three_ties_all_of_them),
        TEST(two_cards_that_meet_in_one_account_tie_all_of_them),
        TEST(returned_turns_tie_across_families),
        TEST(a_pair_is_one_person),
        TEST(a_pair_whose_work_is_different_is_tied),
        TEST(what_either_of_a_pair_said_once_as_others_did_is_not_its_work),
        TEST(on_later_days_work_is_said_more_often),
        TEST(what_both_said_once_makes_them_one),
        TEST(in_a_merged_group_most_of_a_hand_is_in_it_or_nobody),
        TEST(in_a_merged_group_a_team_with_a_mail_domain_is_tied_by_what_is_said_again),
        TEST(a_card_ties_nobody_where_cards_do_not_carry_the_group),
        TEST(the_family_that_found_a_group_may_tie),
        TEST(a_card_shared_with_strangers_ties_nobody),
        TEST(hand_offs_tie_wherever_the_others_are),
        TEST(networks_tie_nobody),
        TEST(the_core_is_tied_and_lives_off_the_frame),
        TEST(who_lives_off_a_frame_that_all_partners_use_is_likely_without_a_tie),
        TEST(six_partners_of_three_hands_may_close_a_frame),
        TEST(beside_who_is_held_ten_must_live_off_it),
        TEST(who_has_nobody_is_not_held_by_few_partners_who_send_its_prompt_besides),
        TEST(a_prompt_of_its_own_keeps_an_account_out),
        TEST(a_team_with_work_of_its_own_is_not_held),
        TEST(who_shows_the_groups_frame_often_is_held),
        TEST(what_only_others_of_the_group_say_often_is_nothing_to_it),
        TEST(a_new_team_with_a_mail_domain_of_its_own_is_not_held),
        TEST(a_prompt_of_strangers_or_of_everybody_is_nobodys_own_work),
        TEST(new_accounts_and_those_that_sent_little_have_no_other_life),
        TEST(a_hand_of_which_one_lives_off_the_frame_is_held),
        TEST(one_exchange_with_the_frame_and_a_card_of_members_is_enough),
        TEST(an_open_team_is_not_tied_by_its_card),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
