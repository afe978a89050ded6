/* Who of a group is held. */
#include "grading.h"

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
    tied_clear(&group, tied);
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
    hands =
        (struct hands){ .shared = 3, .in_company = 4, .inside = 9, .partners = 10, .partners_speak = true };
    assert_int_equal(grade_group(&input), 10);
    assert_int_equal(grade_of(5), MEMBER_LIKELY);
    hands.partners_speak = false;
    assert_int_equal(grade_group(&input), 4);
    hands.partners_speak = true;
    hands.inside = 7;
    assert_int_equal(grade_group(&input), 4);
    hands =
        (struct hands){ .shared = 1, .in_company = 2, .inside = 10, .partners = 10, .partners_speak = true };
    assert_int_equal(grade_group(&input), 4);
    hands =
        (struct hands){ .shared = 3, .in_company = 4, .inside = 10, .partners = 10, .partners_speak = true };
    group.merged = true;
    assert_int_equal(grade_group(&input), 4);
    graded(&input);
}

/* Accounts 1 to 4 share a card, 5 to 9 gave something back to somebody outside, 10 has nobody. */
static struct grade_input one_without_company(void)
{
    show_all(&graph, OBJECT_PAYMENT, 2, 1, 4);
    for (uint64_t account = 5; account <= 9; account++)
        give_back(&graph, OBJECT_TURN, account, account, 10 + account);
    return grade(3);
}

static void six_partners_of_three_hands_may_close_a_frame(void **state)
{
    (void)state;
    struct grade_input input = one_without_company();
    hands = (struct hands){
        .shared = 3, .in_company = 4, .repeated = 3, .inside = 6, .partners = 6, .partners_speak = true
    };
    assert_int_equal(grade_group(&input), 10);
    hands = (struct hands){
        .shared = 3, .in_company = 4, .repeated = 2, .inside = 9, .partners = 9, .partners_speak = true
    };
    assert_int_equal(grade_group(&input), 4);
    hands = (struct hands){
        .shared = 3, .in_company = 4, .repeated = 3, .inside = 4, .partners = 6, .partners_speak = true
    };
    assert_int_equal(grade_group(&input), 4);
    hands = (struct hands){
        .shared = 3, .in_company = 4, .repeated = 3, .inside = 5, .partners = 5, .partners_speak = true
    };
    assert_int_equal(grade_group(&input), 4);
    graded(&input);
}

/* Nine with company live off the frame: enough in a group of which nobody is held, one too few beside who is. */
static void beside_who_is_held_ten_must_live_off_it(void **state)
{
    (void)state;
    struct grade_input input = one_without_company();
    hands = (struct hands){
        .shared = 3, .in_company = 4, .repeated = 3, .inside = 6, .partners = 6, .partners_speak = true
    };
    assert_int_equal(grade_group(&input), 10);
    graph.accounts[account_index(&graph, 1)].watched = true;
    assert_int_equal(grade_group(&input), 9);
    assert_int_equal(grade_of(10), MEMBER_NONE);
    graded(&input);
}

static void a_colleagues_card_is_no_company_in_a_group_by_one_frame(void **state)
{
    (void)state;
    show(&graph, OBJECT_PAYMENT, 3, 10);
    show(&graph, OBJECT_PAYMENT, 3, 30);
    struct grade_input input = one_without_company();
    hands = (struct hands){
        .shared = 3, .in_company = 4, .repeated = 3, .inside = 6, .partners = 6, .partners_speak = true
    };
    graph.accounts[account_index(&graph, 1)].watched = true;
    assert_int_equal(grade_group(&input), 10);
    graph.accounts[account_index(&graph, 10)].named = true;
    assert_int_equal(grade_group(&input), 9);
    assert_int_equal(grade_of(10), MEMBER_NONE);
    graded(&input);
}

static void who_has_nobody_is_not_held_by_others_who_send_its_prompt_besides(void **state)
{
    (void)state;
    struct grade_input input = one_without_company();
    for (size_t i = 0; i < 10; i++)
        if (profiles[i].account <= 5)
            profiles[i].top_frame = 4711; /* five of nine with company live off something else */
    hands = (struct hands){
        .shared = 3, .in_company = 4, .repeated = 3, .inside = 6, .partners = 6, .partners_speak = true
    };
    assert_int_equal(grade_group(&input), 8);
    assert_int_equal(grade_of(9), MEMBER_LIKELY);
    assert_int_equal(grade_of(10), MEMBER_NONE);
    hands =
        (struct hands){ .shared = 3, .in_company = 4, .inside = 10, .partners = 10, .partners_speak = true };
    assert_int_equal(grade_group(&input), 8);
    graded(&input);
}

/* Twenty-two live off a frame of that kind; two of them have a card; of the others so many are held, and so many tied. How many of the two are held? */
static size_t held_of_a_pair_beside(enum object_kind kind, uint64_t watched, uint64_t tied_ones)
{
    show_all(&graph, kind, PROMPT, 1, 22);
    show_all(&graph, OBJECT_PAYMENT, 2, 1, 2);
    struct grade_input input = grade(3);
    group.objects[0] = object_index(&graph, kind, PROMPT);
    for (size_t i = 0; i < 10; i++)
        profiles[i].top_frame = object_key(kind, PROMPT);
    for (uint64_t account = 3; account <= 22; account++) {
        graph.accounts[account_index(&graph, account)].watched = account < 3 + watched;
        tied[account_index(&graph, account)] = account >= 3 + watched && account < 3 + watched + tied_ones;
    }
    grade_group(&input);
    size_t held = (size_t)(grade_of(1) >= MEMBER_LIKELY) + (grade_of(2) >= MEMBER_LIKELY);
    memset(tied, 0, sizeof tied);
    graded(&input);
    return held;
}

static void a_pair_that_lives_off_a_frame_whose_users_are_held_is_held(void **state)
{
    (void)state;
    assert_int_equal(held_of_a_pair_beside(OBJECT_TAIL6, 20, 0), 2);
}

static void those_who_are_tied_count_as_held(void **state)
{
    (void)state;
    assert_int_equal(held_of_a_pair_beside(OBJECT_TAIL6, 12, 8), 2);
}

static void a_pair_that_lives_off_a_frame_of_which_few_others_are_not_held_is_not(void **state)
{
    (void)state;
    assert_int_equal(held_of_a_pair_beside(OBJECT_TAIL6, 12, 7), 0);
}

static void a_prompt_that_is_copied_says_nothing_of_a_pair(void **state)
{
    (void)state;
    assert_int_equal(held_of_a_pair_beside(OBJECT_SYSTEM, 20, 0), 0);
}

static void a_prompt_of_its_own_keeps_an_account_out(void **state)
{
    (void)state;
    struct grade_input input = grade(90);
    hands =
        (struct hands){ .shared = 3, .in_company = 4, .inside = 10, .partners = 10, .partners_speak = true };
    for (size_t i = 0; i < 10; i++)
        profiles[i].top_frame = 4711;
    assert_int_equal(grade_group(&input), 0);
    assert_int_equal(grade_of(1), MEMBER_NONE);
    graded(&input);
}

static const int64_t day_ms = 24 * INT64_C(3600000);

/* Of twenty-two who live off a frame of that kind, so many of whom are held, account 1 has nothing else in common with anybody: as what is it graded? */
static unsigned grade_alone_with(
    enum object_kind kind, uint64_t watched, int64_t frame_days, int64_t own_days)
{
    show_all(&graph, kind, PROMPT, 1, 22);
    merged = true;
    struct grade_input input = grade(300);
    group.objects[0] = object_index(&graph, kind, PROMPT);
    their_prompt =
        (struct object_profile){ .shared = true, .accounts = 22, .first_ms = T0 - frame_days * day_ms };
    for (size_t i = 0; i < 10; i++) {
        profiles[i].top_frame = object_key(kind, PROMPT);
        profiles[i].first_seen_ms = T0 - own_days * day_ms;
        profiles[i].last_seen_ms = T0;
    }
    for (uint64_t account = 2; account <= 22; account++)
        graph.accounts[account_index(&graph, account)].watched = account < 2 + watched;
    grade_group(&input);
    unsigned grade = grade_of(1);
    graded(&input);
    return grade;
}

static void who_is_alone_with_the_operator_for_a_week_is_asked(void **state)
{
    (void)state;
    assert_int_equal(grade_alone_with(OBJECT_TAIL6, 21, 8, 8), MEMBER_HALO);
}

static void who_lives_off_a_frame_younger_than_a_week_is_not_asked(void **state)
{
    (void)state;
    assert_int_equal(grade_alone_with(OBJECT_TAIL6, 21, 6, 8), MEMBER_NONE);
}

static void who_has_been_there_for_less_than_a_week_is_not_asked(void **state)
{
    (void)state;
    assert_int_equal(grade_alone_with(OBJECT_TAIL6, 21, 8, 6), MEMBER_NONE);
}

static void who_lives_off_what_others_use_as_well_is_not_asked(void **state)
{
    (void)state;
    assert_int_equal(grade_alone_with(OBJECT_TAIL6, 19, 8, 8), MEMBER_NONE);
}

static void who_lives_off_a_prompt_that_is_copied_is_not_asked(void **state)
{
    (void)state;
    assert_int_equal(grade_alone_with(OBJECT_SYSTEM, 21, 8, 8), MEMBER_NONE);
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
    tied_clear(&group, tied);
    grade_elsewhere(&input);
    tied_mark(&input, identity);
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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_core_is_tied_and_lives_off_the_frame),
        TEST(who_lives_off_a_frame_that_all_partners_use_is_likely_without_a_tie),
        TEST(six_partners_of_three_hands_may_close_a_frame),
        TEST(beside_who_is_held_ten_must_live_off_it),
        TEST(a_colleagues_card_is_no_company_in_a_group_by_one_frame),
        TEST(who_has_nobody_is_not_held_by_others_who_send_its_prompt_besides),
        TEST(a_pair_that_lives_off_a_frame_whose_users_are_held_is_held),
        TEST(those_who_are_tied_count_as_held),
        TEST(a_pair_that_lives_off_a_frame_of_which_few_others_are_not_held_is_not),
        TEST(a_prompt_that_is_copied_says_nothing_of_a_pair),
        TEST(who_is_alone_with_the_operator_for_a_week_is_asked),
        TEST(who_lives_off_a_frame_younger_than_a_week_is_not_asked),
        TEST(who_has_been_there_for_less_than_a_week_is_not_asked),
        TEST(who_lives_off_what_others_use_as_well_is_not_asked),
        TEST(who_lives_off_a_prompt_that_is_copied_is_not_asked),
        TEST(a_prompt_of_its_own_keeps_an_account_out),
        TEST(a_team_with_work_of_its_own_is_not_held),
        TEST(who_shows_the_groups_frame_often_is_held),
        TEST(what_only_others_of_the_group_say_often_is_nothing_to_it),
        TEST(a_new_team_with_a_mail_domain_of_its_own_is_not_held),
        TEST(a_prompt_of_strangers_or_of_everybody_is_nobodys_own_work),
        TEST(new_accounts_and_those_that_sent_little_have_no_other_life),
        TEST(a_hand_of_which_one_lives_off_the_frame_is_held),
        TEST(one_exchange_with_the_frame_and_a_card_of_members_is_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
