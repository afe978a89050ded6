#include "campaign/evidence.h"

#include "weighing.h"

#include <math.h>

/* Cards in threes: a key that turns, so that the other families are asked. */
static void turn_a_key(void)
{
    use_frame(1, 20);
    share_in_threes(OBJECT_PAYMENT, 1, 18);
}

static void hands_with_company_raise_evidence(void **state)
{
    (void)state;
    use_frame(1, 20);
    share_in_threes(OBJECT_PAYMENT, 1, 6);
    weigh(FAMILY_CONTENT, 1, 20);
    double two = evidence[FAMILY_IDENTITY].log10_e;
    assert_int_equal(evidence[FAMILY_IDENTITY].top_kind, OBJECT_PAYMENT);
    share_in_threes(OBJECT_PAYMENT, 7, 18);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_true(evidence[FAMILY_IDENTITY].log10_e > two + 1);
    assert_true(evidence[FAMILY_IDENTITY].strong);
}

/* Each has a card with six who do not use the frame: that alone is what merged frames are chosen by. */
static void shared_hands_say_nothing_for_what_was_merged_by_them(void **state)
{
    (void)state;
    use_frame(1, 20);
    for (uint64_t account = 1; account <= 20; account++) {
        show(&graph, OBJECT_PAYMENT, 100 + account, account);
        show_all(&graph, OBJECT_PAYMENT, 100 + account, 300 + 6 * account, 305 + 6 * account);
    }
    weigh(FAMILY_CONTENT, 1, 20);
    assert_true(evidence[FAMILY_IDENTITY].strong);
    struct evidence_input input = input_of();
    group.merged = true;
    evidence_links(&input, evidence);
    assert_int_equal(hands.shared, 20);
    assert_true(evidence[FAMILY_IDENTITY].log10_e < 0);
    assert_false(evidence[FAMILY_IDENTITY].strong);
}

static void one_card_for_all_is_one_hand_and_no_key(void **state)
{
    (void)state;
    use_frame(1, 20);
    show_all(&graph, OBJECT_PAYMENT, 7, 1, 4);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(hands.shared, 1);
    assert_false(evidence[FAMILY_IDENTITY].strong);
}

static void hands_like_those_of_the_population_are_no_evidence(void **state)
{
    (void)state;
    use_frame(1, 60);
    share_in_pairs(OBJECT_PAYMENT, 1, 4);
    for (uint64_t account = 201; account < 600; account += 2)
        show_all(&graph, OBJECT_PAYMENT, 1000 + account, account, account + 1);
    weigh(FAMILY_CONTENT, 1, 60);
    assert_true(evidence[FAMILY_IDENTITY].log10_e < 1);
    assert_false(evidence[FAMILY_IDENTITY].strong);
}

/* Three families of five use it, each altogether, and 45 strangers. */
static void relatives_who_all_use_a_tool_are_no_evidence(void **state)
{
    (void)state;
    use_frame(1, 60);
    for (uint64_t family = 0; family < 3; family++)
        show_all(&graph, OBJECT_PAYMENT, 7 + family, 1 + 5 * family, 5 + 5 * family);
    weigh(FAMILY_CONTENT, 1, 60);
    assert_int_equal(hands.shared, 3);
    assert_true(hands.partners == 12 && hands.inside == 12);
    assert_false(hands.partners_speak);
    assert_false(evidence[FAMILY_IDENTITY].strong);
}

static void where_work_moves_between_three_hands_they_are(void **state)
{
    (void)state;
    use_frame(1, 60);
    for (uint64_t family = 0; family < 3; family++)
        show_all(&graph, OBJECT_PAYMENT, 7 + family, 1 + 5 * family, 5 + 5 * family);
    for (uint64_t account = 30; account < 36; account += 2) {
        weigh(FAMILY_CONTENT, 1, 60);
        assert_false(hands.partners_speak);
        for (uint64_t i = 0; i < 2; i++)
            give_back(&graph, OBJECT_TURN, 10 * account + i, account, account + 1);
    }
    weigh(FAMILY_CONTENT, 1, 60);
    assert_int_equal(hands.pairs, 3);
    assert_true(hands.partners_speak && evidence[FAMILY_IDENTITY].strong);
}

/* Ten cards of three: families, or a class with school cards. */
static void a_tool_of_families_alone_is_no_evidence(void **state)
{
    (void)state;
    use_frame(1, 30);
    share_in_threes(OBJECT_PAYMENT, 1, 30);
    weigh(FAMILY_CONTENT, 1, 30);
    assert_true(hands.shared == 10 && hands.of_lots == 0);
    assert_false(evidence[FAMILY_IDENTITY].strong);
    struct evidence_input input = input_of();
    group.merged = true;
    evidence_links(&input, evidence);
    assert_false(evidence[FAMILY_IDENTITY].strong || hands.partners_speak);
}

static void lots_larger_than_families_are(void **state)
{
    (void)state;
    use_frame(1, 28);
    for (uint64_t card = 0; card < 4; card++)
        show_all(&graph, OBJECT_PAYMENT, 7 + card, 1 + HANDS_LOT * card, HANDS_LOT * (card + 1));
    weigh(FAMILY_CONTENT, 1, 28);
    assert_true(hands.shared == 4 && hands.of_lots == 28);
    assert_true(evidence[FAMILY_IDENTITY].strong && hands.partners_speak);
}

/* The same tie of a group whose kind of people has more company in the population says less. */
static void chance_follows_the_population_outside(void **state)
{
    (void)state;
    turn_a_key();
    weigh(FAMILY_CONTENT, 1, 20);
    double rare = evidence[FAMILY_IDENTITY].log10_e;
    struct evidence_input input = input_of();
    input.population.sharing += POPULATION / 5;
    evidence_links(&input, evidence);
    assert_true(evidence[FAMILY_IDENTITY].log10_e < rare);
    assert_true(evidence[FAMILY_IDENTITY].log10_e >= log10(0.5));
}

static void chains_of_returned_turns_raise_evidence(void **state)
{
    (void)state;
    use_frame(1, 20);
    for (uint64_t account = 1; account <= 12; account += 3)
        for (uint64_t i = 0; i < 2; i++) {
            give_back(&graph, OBJECT_TURN, 10 * account + i, account, account + 1);
            give_back(&graph, OBJECT_TURN, 10 * account + 5 + i, account + 1, account + 2);
        }
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(hands.pairs, 4);
    assert_int_equal(hands.long_ones, 4);
    assert_true(evidence[FAMILY_PROVENANCE].strong);
}

/* People with two accounts carry conversations over: pairs, as many as elsewhere. */
static void pairs_as_everywhere_are_no_evidence(void **state)
{
    (void)state;
    use_frame(1, 60);
    for (uint64_t account = 1; account < 5; account += 2)
        for (uint64_t i = 0; i < 2; i++)
            give_back(&graph, OBJECT_TURN, 10 * account + i, account, account + 1);
    weigh(FAMILY_CONTENT, 1, 60);
    assert_int_equal(hands.pairs, 2);
    assert_int_equal(hands.long_ones, 0);
    assert_false(evidence[FAMILY_PROVENANCE].strong);
}

static void chance_of_weak_families_is_homophily_and_the_share_of_the_population(void **state)
{
    (void)state;
    turn_a_key();
    weigh(FAMILY_CONTENT, 1, 20);
    assert_true(fabs(evidence[FAMILY_NETWORK].p0 - (0.2 + 20.0 / POPULATION)) < 1e-12);
    struct evidence_input input = input_of();
    input.accounts = 21;
    evidence_links(&input, evidence);
    assert_true(evidence[FAMILY_NETWORK].p0 == 0.5);
}

static void one_object_counts_for_few_partners_at_most(void **state)
{
    (void)state;
    turn_a_key();
    show_all(&graph, OBJECT_IP, 7, 1, 20);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(evidence[FAMILY_NETWORK].trials, EVIDENCE_PER_OBJECT);
    assert_int_equal(evidence[FAMILY_NETWORK].inside, EVIDENCE_PER_OBJECT);
    show_all(&graph, OBJECT_IP, 7, 201, 220); /* as many outside: in proportion */
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(evidence[FAMILY_NETWORK].trials, EVIDENCE_PER_OBJECT);
    assert_int_equal(evidence[FAMILY_NETWORK].inside, 2);
}

static void accounts_of_one_organisation_count_once(void **state)
{
    (void)state;
    turn_a_key();
    for (uint64_t account = 201; account <= 210; account++)
        show_paid(&graph, OBJECT_IP, 7, account, 900);
    show(&graph, OBJECT_IP, 7, 20);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(evidence[FAMILY_NETWORK].trials, 1);
    show_paid(&graph, OBJECT_IP, 7, 211, 901);
    show_paid(&graph, OBJECT_IP, 7, 212, 901);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(evidence[FAMILY_NETWORK].trials, 2);
}

static void partners_that_sent_too_little_do_not_count(void **state)
{
    (void)state;
    turn_a_key();
    show_all(&graph, OBJECT_IP, 7, 1, 3);
    show_all(&graph, OBJECT_IP, 7, SILENT_FROM, SILENT_FROM + 20);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(evidence[FAMILY_NETWORK].inside, 2);
    assert_int_equal(evidence[FAMILY_NETWORK].trials, 2);
}

static void the_family_that_found_a_group_never_speaks_for_it(void **state)
{
    (void)state;
    turn_a_key();
    show_all(&graph, OBJECT_TOOLSET, 2, 1, 20);
    for (uint64_t account = 1; account < 20; account++)
        give_back(&graph, OBJECT_TURN, account, account, account + 1);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(evidence[FAMILY_CONTENT].trials, 0);
    memset(evidence, 0, sizeof evidence);
    weigh(FAMILY_IDENTITY, 1, 20);
    assert_int_equal(evidence[FAMILY_IDENTITY].trials, 0);
    memset(evidence, 0, sizeof evidence);
    weigh(FAMILY_PROVENANCE, 1, 20);
    assert_int_equal(evidence[FAMILY_PROVENANCE].trials, 0);
    assert_true(evidence[FAMILY_IDENTITY].trials > 0);
}

/* A request's shape founds no group: it may speak where content found one, but it is weak. */
static void a_shape_speaks_for_a_group_that_content_found(void **state)
{
    (void)state;
    turn_a_key();
    share_in_pairs(OBJECT_SHAPE, 1, 20);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(evidence[FAMILY_CONTENT].trials, 10);
    assert_false(evidence[FAMILY_CONTENT].strong);
}

static void a_hand_counts_once_at_whichever_end_its_hand_offs_are(void **state)
{
    (void)state;
    turn_a_key();
    for (uint64_t task = 0; task < 9; task++)
        give_back(&graph, OBJECT_REFUSED, task + 1, 1, 20);
    give_back(&graph, OBJECT_REFUSED, 20, 4, 100);
    give_back(&graph, OBJECT_REFUSED, 21, 101, 7);
    give_back(&graph, OBJECT_REFUSED, 22, 101, 102);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(evidence[FAMILY_TIMING].inside, 4); /* of eight hands: cards in threes, and two alone */
    assert_int_equal(evidence[FAMILY_TIMING].trials, 8);
}

/* A queue whose tasks move on when they fail: to whom does not matter, as long as it is another hand. */
static void members_that_hand_on_raise_evidence(void **state)
{
    (void)state;
    use_frame(1, 20);
    for (uint64_t account = 1; account <= 8; account++)
        give_back(&graph, OBJECT_REFUSED, account, account, 200 + account);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(evidence[FAMILY_TIMING].inside, 8);
    assert_int_equal(evidence[FAMILY_TIMING].trials, 20);
    assert_int_equal(evidence[FAMILY_TIMING].counted, COUNTED_HANDING);
    assert_true(evidence[FAMILY_TIMING].strong);
    assert_false(evidence[FAMILY_PROVENANCE].strong);
}

/* One that nobody declared, with a card for all: its accounts try each other's keys. */
static void a_firm_that_fails_over_among_its_own_is_no_evidence(void **state)
{
    (void)state;
    use_frame(1, 20);
    show_all(&graph, OBJECT_PAYMENT, 7, 1, 20);
    for (uint64_t account = 1; account < 20; account++)
        give_back(&graph, OBJECT_REFUSED, account, account, account + 1);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(hands.handing, 0);
    assert_false(evidence[FAMILY_TIMING].strong);
}

/* Where everybody has a second account to go to, who uses one frame is no different. */
static void a_population_that_hands_on_as_often_is_no_evidence(void **state)
{
    (void)state;
    use_frame(1, 60);
    for (uint64_t account = 1; account <= 10; account++)
        give_back(&graph, OBJECT_REFUSED, account, account, 100 + account);
    weigh(FAMILY_CONTENT, 1, 60);
    double rare = evidence[FAMILY_TIMING].log10_e;
    assert_true(evidence[FAMILY_TIMING].strong);
    for (uint64_t account = 201; account <= 400; account += 2)
        give_back(&graph, OBJECT_REFUSED, account, account, account + 1);
    struct evidence_input input;
    weigh(FAMILY_CONTENT, 1, 60);
    assert_true(evidence[FAMILY_TIMING].log10_e < rare);
    input = input_of();
    input.population.handing += POPULATION / 6;
    evidence_links(&input, evidence);
    assert_true(evidence[FAMILY_TIMING].log10_e < 1);
    assert_false(evidence[FAMILY_TIMING].strong);
}

/* Evidence of a weak family is the mean over its kinds: a second kind that says nothing costs half at most. */
static void a_weak_family_is_the_mean_of_its_kinds(void **state)
{
    (void)state;
    turn_a_key();
    share_in_pairs(OBJECT_IP, 1, 20);
    weigh(FAMILY_CONTENT, 1, 20);
    double alone = evidence[FAMILY_NETWORK].log10_e;
    for (uint64_t account = 1; account <= 20; account++) {
        show(&graph, OBJECT_NET, 100 + account, account);
        show(&graph, OBJECT_NET, 100 + account, 200 + account);
    }
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(evidence[FAMILY_NETWORK].top_kind, OBJECT_IP);
    assert_true(fabs(evidence[FAMILY_NETWORK].log10_e - (alone - log10(2))) < 0.01);
}

static void silence_of_a_weak_family_costs_a_fifth_at_most(void **state)
{
    (void)state;
    turn_a_key();
    for (uint64_t account = 1; account <= 20; account++) {
        show(&graph, OBJECT_NET, 100 + account, account);
        show(&graph, OBJECT_NET, 100 + account, 200 + account);
    }
    weigh(FAMILY_CONTENT, 1, 20);
    assert_true(evidence[FAMILY_NETWORK].log10_e < -0.05);
    assert_true(evidence[FAMILY_NETWORK].log10_e > log10(0.8) - 1e-9);
}

static void even_load_is_measured_over_active_days(void **state)
{
    (void)state;
    struct account_profile profiles[600];
    struct evidence even;
    for (size_t i = 0; i < 600; i++)
        profiles[i] =
            (struct account_profile){ .exchanges = 50 * (1 + i % 4), .active_days = 1.0 + (double)(i % 4) };
    evidence_volume(profiles, 20, &even);
    assert_true(even.log10_e > 2);
    assert_false(even.strong);
    assert_int_equal(even.trials, 20);
    evidence_volume(profiles, 600, &even);
    assert_true(isfinite(even.log10_e));
    profiles[3].exchanges = 2;
    profiles[4].active_days = NAN;
    evidence_volume(profiles, 20, &even);
    assert_int_equal(even.inside, 18);
}

static void uneven_load_costs_half_at_most(void **state)
{
    (void)state;
    struct account_profile profiles[12];
    struct evidence uneven;
    for (size_t i = 0; i < 12; i++)
        profiles[i] = (struct account_profile){ .exchanges = 3ULL << i, .active_days = 5 };
    evidence_volume(profiles, 12, &uneven);
    assert_true(uneven.log10_e < 0);
    assert_true(uneven.log10_e >= log10(0.5));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(hands_with_company_raise_evidence),
        TEST(shared_hands_say_nothing_for_what_was_merged_by_them),
        TEST(one_card_for_all_is_one_hand_and_no_key),
        TEST(hands_like_those_of_the_population_are_no_evidence),
        TEST(a_tool_of_families_alone_is_no_evidence),
        TEST(lots_larger_than_families_are),
        TEST(relatives_who_all_use_a_tool_are_no_evidence),
        TEST(where_work_moves_between_three_hands_they_are),
        TEST(chance_follows_the_population_outside),
        TEST(chains_of_returned_turns_raise_evidence),
        TEST(pairs_as_everywhere_are_no_evidence),
        TEST(chance_of_weak_families_is_homophily_and_the_share_of_the_population),
        TEST(one_object_counts_for_few_partners_at_most),
        TEST(accounts_of_one_organisation_count_once),
        TEST(partners_that_sent_too_little_do_not_count),
        TEST(the_family_that_found_a_group_never_speaks_for_it),
        TEST(a_shape_speaks_for_a_group_that_content_found),
        TEST(a_hand_counts_once_at_whichever_end_its_hand_offs_are),
        TEST(members_that_hand_on_raise_evidence),
        TEST(a_firm_that_fails_over_among_its_own_is_no_evidence),
        TEST(a_population_that_hands_on_as_often_is_no_evidence),
        TEST(a_weak_family_is_the_mean_of_its_kinds),
        TEST(silence_of_a_weak_family_costs_a_fifth_at_most),
        TEST(even_load_is_measured_over_active_days),
        TEST(uneven_load_costs_half_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
