#include "campaign/evidence.h"

#include "weighing.h"

#include <math.h>

static void partners_inside_raise_evidence(void **state)
{
    (void)state;
    use_frame(1, 20);
    share_in_pairs(OBJECT_PAYMENT, 1, 10);
    weigh(FAMILY_CONTENT, 1, 20);
    double five = evidence[FAMILY_IDENTITY].log10_e;
    assert_int_equal(evidence[FAMILY_IDENTITY].inside, 5);
    assert_int_equal(evidence[FAMILY_IDENTITY].trials, 5);
    assert_int_equal(evidence[FAMILY_IDENTITY].top_kind, OBJECT_PAYMENT);
    assert_true(five > 1);
    share_in_pairs(OBJECT_PAYMENT, 11, 20);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_true(evidence[FAMILY_IDENTITY].log10_e > five + 1);
    assert_true(evidence[FAMILY_IDENTITY].strong);
}

static void partners_outside_lower_evidence_to_half_at_least(void **state)
{
    (void)state;
    use_frame(1, 20);
    for (uint64_t account = 1; account <= 20; account++) {
        show(&graph, OBJECT_PAYMENT, 100 + account, account);
        show_all(&graph, OBJECT_PAYMENT, 100 + account, 200 + 5 * account, 204 + 5 * account);
    }
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(evidence[FAMILY_IDENTITY].inside, 0);
    assert_int_equal(evidence[FAMILY_IDENTITY].trials, 100);
    assert_true(evidence[FAMILY_IDENTITY].log10_e < 0);
    assert_true(evidence[FAMILY_IDENTITY].log10_e >= log10(0.5));
    assert_false(evidence[FAMILY_IDENTITY].strong);
}

static void chance_is_homophily_and_the_share_of_the_population(void **state)
{
    (void)state;
    use_frame(1, 20);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_true(fabs(evidence[FAMILY_IDENTITY].p0 - (0.2 + 20.0 / POPULATION)) < 1e-12);
    struct evidence_input input = input_of();
    input.accounts = 21;
    evidence_links(&input, evidence);
    assert_true(evidence[FAMILY_IDENTITY].p0 == 0.5);
}

static void one_object_counts_for_few_partners_at_most(void **state)
{
    (void)state;
    use_frame(1, 30);
    show_all(&graph, OBJECT_PAYMENT, 7, 1, 20);
    weigh(FAMILY_CONTENT, 1, 30);
    assert_int_equal(evidence[FAMILY_IDENTITY].trials, EVIDENCE_PER_OBJECT);
    assert_int_equal(evidence[FAMILY_IDENTITY].inside, EVIDENCE_PER_OBJECT);
    show_all(&graph, OBJECT_PAYMENT, 7, 201, 220); /* as many outside: in proportion */
    weigh(FAMILY_CONTENT, 1, 30);
    assert_int_equal(evidence[FAMILY_IDENTITY].trials, EVIDENCE_PER_OBJECT);
    assert_int_equal(evidence[FAMILY_IDENTITY].inside, 2);
}

static void accounts_of_one_organisation_count_once(void **state)
{
    (void)state;
    use_frame(1, 20);
    for (uint64_t account = 1; account <= 10; account++)
        show_paid(&graph, OBJECT_PAYMENT, 7, account, 900);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(evidence[FAMILY_IDENTITY].trials, 0);
    assert_true(evidence[FAMILY_IDENTITY].log10_e == 0);
    show_paid(&graph, OBJECT_PAYMENT, 7, 11, 901);
    show_paid(&graph, OBJECT_PAYMENT, 7, 12, 901);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(evidence[FAMILY_IDENTITY].trials, 1);
}

static void accounts_without_an_organisation_each_count(void **state)
{
    (void)state;
    use_frame(1, 20);
    show_all(&graph, OBJECT_DEVICE, 7, 1, 4);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(evidence[FAMILY_IDENTITY].trials, 3);
}

static void partners_that_sent_too_little_do_not_count(void **state)
{
    (void)state;
    use_frame(1, 20);
    show_all(&graph, OBJECT_PAYMENT, 7, 1, 3);
    show_all(&graph, OBJECT_PAYMENT, 7, SILENT_FROM, SILENT_FROM + 20);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(evidence[FAMILY_IDENTITY].inside, 2);
    assert_int_equal(evidence[FAMILY_IDENTITY].trials, 2);
}

static void an_object_counts_once_however_many_members_show_it(void **state)
{
    (void)state;
    use_frame(1, 20);
    show_all(&graph, OBJECT_PAYMENT, 7, 1, 3);
    show_all(&graph, OBJECT_PAYMENT, 8, 3, 5);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(evidence[FAMILY_IDENTITY].trials, 4);
}

/* Halo accounts neither ask nor answer. */
static void only_firm_members_are_inside(void **state)
{
    (void)state;
    use_frame(1, 20);
    share_in_pairs(OBJECT_PAYMENT, 1, 20);
    weigh(FAMILY_CONTENT, 1, 20);
    for (size_t i = 0; i < group.n_members; i++)
        if (graph.accounts[group.members[i].account].account % 2 == 0)
            group.members[i].membership = MEMBER_HALO;
    group.n_firm = 10;
    struct evidence_input input = input_of();
    evidence_links(&input, evidence);
    assert_int_equal(evidence[FAMILY_IDENTITY].inside, 0);
    assert_int_equal(evidence[FAMILY_IDENTITY].trials, 10);
}

static void the_family_that_found_a_group_never_speaks_for_it(void **state)
{
    (void)state;
    use_frame(1, 20);
    show_all(&graph, OBJECT_TOOLSET, 2, 1, 20);
    share_in_pairs(OBJECT_PAYMENT, 1, 20);
    share_in_pairs(OBJECT_EMAIL_DOMAIN, 1, 20);
    for (uint64_t account = 1; account < 20; account++)
        give_back(&graph, OBJECT_TURN, account, account, account + 1);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(evidence[FAMILY_CONTENT].trials, 0);
    weigh(FAMILY_IDENTITY, 1, 20);
    assert_int_equal(evidence[FAMILY_IDENTITY].trials, 0);
    weigh(FAMILY_PROVENANCE, 1, 20);
    assert_int_equal(evidence[FAMILY_PROVENANCE].trials, 0);
    assert_true(evidence[FAMILY_IDENTITY].trials > 0);
}

/* A request's shape founds no group: it may speak where content found one, but it is weak. */
static void a_shape_speaks_for_a_group_that_content_found(void **state)
{
    (void)state;
    use_frame(1, 20);
    share_in_pairs(OBJECT_SHAPE, 1, 20);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(evidence[FAMILY_CONTENT].trials, 10);
    assert_false(evidence[FAMILY_CONTENT].strong);
}

static void a_direct_tie_counts_once_at_whichever_end(void **state)
{
    (void)state;
    use_frame(1, 20);
    for (uint64_t turn = 0; turn < 9; turn++)
        give_back(&graph, OBJECT_TURN, turn + 1, 1, 2);
    give_back(&graph, OBJECT_TURN, 20, 3, 100);
    give_back(&graph, OBJECT_TURN, 21, 101, 4);
    give_back(&graph, OBJECT_TURN, 22, 101, 102);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(evidence[FAMILY_PROVENANCE].inside, 1);
    assert_int_equal(evidence[FAMILY_PROVENANCE].trials, 3);
}

/* Evidence of a family is the mean over its kinds: a second kind that says nothing costs half at most. */
static void a_family_is_the_mean_of_its_kinds(void **state)
{
    (void)state;
    use_frame(1, 20);
    share_in_pairs(OBJECT_PAYMENT, 1, 20);
    weigh(FAMILY_CONTENT, 1, 20);
    double alone = evidence[FAMILY_IDENTITY].log10_e;
    for (uint64_t account = 1; account <= 20; account++) {
        show(&graph, OBJECT_EMAIL_DOMAIN, 100 + account, account);
        show(&graph, OBJECT_EMAIL_DOMAIN, 100 + account, 200 + account);
    }
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(evidence[FAMILY_IDENTITY].top_kind, OBJECT_PAYMENT);
    assert_true(fabs(evidence[FAMILY_IDENTITY].log10_e - (alone - log10(2))) < 0.01);
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
        TEST(partners_inside_raise_evidence),
        TEST(partners_outside_lower_evidence_to_half_at_least),
        TEST(chance_is_homophily_and_the_share_of_the_population),
        TEST(one_object_counts_for_few_partners_at_most),
        TEST(accounts_of_one_organisation_count_once),
        TEST(accounts_without_an_organisation_each_count),
        TEST(partners_that_sent_too_little_do_not_count),
        TEST(an_object_counts_once_however_many_members_show_it),
        TEST(only_firm_members_are_inside),
        TEST(the_family_that_found_a_group_never_speaks_for_it),
        TEST(a_shape_speaks_for_a_group_that_content_found),
        TEST(a_direct_tie_counts_once_at_whichever_end),
        TEST(a_family_is_the_mean_of_its_kinds),
        TEST(even_load_is_measured_over_active_days),
        TEST(uneven_load_costs_half_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
