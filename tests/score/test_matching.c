#include "score/matching.h"

#include "support/random.h"
#include "support/test.h"
#include "world.h"

static struct u64_map index_world(const struct score_truth *truth)
{
    struct u64_map index;
    map_init(&index, truth->n_accounts);
    for (size_t i = 0; i < truth->n_accounts; i++)
        assert_ok(map_put(&index, truth->accounts[i].account, (uint32_t)i));
    return index;
}

static struct matching match(const struct score_run *run)
{
    struct matching matching;
    struct u64_map index = index_world(&world_truth);
    assert_ok(matching_init(&matching, &world_truth, &index, run));
    map_fini(&index);
    return matching;
}

static void an_account_counts_once_for_the_group_that_is_surest(void **state)
{
    (void)state;
    struct matching matching = match(&world_run);
    struct matching_best best[2];
    matching_best(&matching, best);
    assert_int_equal(matching.clusters.n, 7);
    assert_int_equal(best[0].accounts, 2);
    assert_int_equal(best[0].groups, 2);
    assert_int_equal(best[1].accounts, 1);
    assert_int_equal(best[1].groups, 2);
    assert_int_equal(matching_merged(&matching), 1);
    matching_fini(&matching);
}

static void whoever_is_in_no_campaign_is_a_cluster_of_its_own(void **state)
{
    (void)state;
    const struct score_member members[] = { { 7, 0, 1 }, { 8, 0, 1 }, { 500, 0, 1 }, { 501, 0, 1 } };
    const int64_t detected[] = { 1 };
    const struct score_run run = { NULL, 0, detected, 1, members, 4 };
    struct matching matching = match(&run);
    struct matching_best best[2];
    int64_t first[2];
    assert_int_equal(matching.clusters.n, 10); /* six of campaigns, four reported */
    size_t in_group = 0;
    for (size_t i = 0; i < matching.clusters.n_cells; i++)
        if (matching.clusters.cells[i].right == 0) {
            assert_int_equal(matching.clusters.cells[i].n_left, 1);
            assert_int_equal(matching.clusters.cells[i].n_right, 4);
            in_group++;
        }
    assert_int_equal(in_group, 4);
    matching_best(&matching, best);
    matching_detected(&matching, detected, first);
    assert_int_equal(best[0].accounts, 0);
    assert_int_equal(first[0], -1);
    matching_fini(&matching);
}

static void a_group_detects_the_campaign_that_has_most_of_its_members(void **state)
{
    (void)state;
    struct matching matching = match(&world_run);
    int64_t first[2];
    matching_detected(&matching, world_detected, first);
    assert_int_equal(first[0], 8000);
    assert_int_equal(first[1], 60000);
    const int64_t undetected[] = { -1, 100000, -1 };
    matching_detected(&matching, undetected, first);
    assert_int_equal(first[0], 100000); /* one of each: the campaign that comes first */
    assert_int_equal(first[1], -1);
    matching_fini(&matching);
}

static void a_surer_group_listed_later_takes_the_account(void **state)
{
    (void)state;
    struct score_member members[] = { { 1, 0, 0.5F }, { 2, 0, 0.5F }, { 2, 1, 0.6F }, { 1, 1, 0.5F } };
    const int64_t detected[] = { 1, 2 };
    const struct score_run run = { NULL, 0, detected, 2, members, 4 };
    struct matching matching = match(&run);
    struct matching_best best[2];
    matching_best(&matching, best);
    assert_int_equal(best[0].accounts, 1);
    assert_int_equal(best[0].groups, 2);
    matching_fini(&matching);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_account_counts_once_for_the_group_that_is_surest),
        cmocka_unit_test(whoever_is_in_no_campaign_is_a_cluster_of_its_own),
        cmocka_unit_test(a_group_detects_the_campaign_that_has_most_of_its_members),
        cmocka_unit_test(a_surer_group_listed_later_takes_the_account),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
