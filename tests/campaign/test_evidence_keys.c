/* The rule of two keys: which pairs of families may contain. */
#include "campaign/evidence.h"

#include "weighing.h"

#include <math.h>

static bool two_keys(enum family found_by)
{
    bool second;
    (void)evidence_total(found_by, evidence, &second);
    return second;
}

static void content_and_identity_are_two_keys(void **state)
{
    (void)state;
    use_frame(1, 20);
    share_in_threes(OBJECT_PAYMENT, 1, 18);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_true(two_keys(FAMILY_CONTENT));
}

static void content_and_a_little_identity_are_one_key(void **state)
{
    (void)state;
    use_frame(1, 20);
    share_in_pairs(OBJECT_PAYMENT, 1, 4);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(hands.shared, 2);
    assert_false(two_keys(FAMILY_CONTENT));
}

static void content_and_network_are_one_key(void **state)
{
    (void)state;
    use_frame(1, 20);
    share_in_pairs(OBJECT_IP, 1, 20);
    share_in_pairs(OBJECT_CLIENT, 1, 20);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_false(two_keys(FAMILY_CONTENT));
}

static void content_and_weak_identity_are_one_key(void **state)
{
    (void)state;
    use_frame(1, 20);
    share_in_threes(OBJECT_EMAIL_DOMAIN, 1, 18);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_false(two_keys(FAMILY_CONTENT));
}

static void identity_and_content_are_one_key(void **state)
{
    (void)state;
    use_frame(1, 20);
    share_in_pairs(OBJECT_TOOLSET, 1, 20);
    share_in_pairs(OBJECT_PAYMENT, 1, 20);
    weigh(FAMILY_IDENTITY, 1, 20);
    assert_true(evidence[FAMILY_CONTENT].log10_e > 2);
    assert_false(two_keys(FAMILY_IDENTITY));
}

static void identity_and_provenance_are_two_keys(void **state)
{
    (void)state;
    share_in_threes(OBJECT_PAYMENT, 1, 18);
    for (uint64_t account = 1; account < 20; account++)
        for (uint64_t i = 0; i < 2; i++)
            give_back(&graph, OBJECT_TURN, 2 * account + i, account, account + 1);
    weigh(FAMILY_PROVENANCE, 1, 20);
    assert_true(two_keys(FAMILY_PROVENANCE));
}

static void echoes_are_no_key(void **state)
{
    (void)state;
    use_frame(1, 20);
    for (uint64_t account = 1; account < 20; account++)
        give_back(&graph, OBJECT_ECHO, account, account, account + 1);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_false(two_keys(FAMILY_CONTENT));
}

static void content_and_hand_offs_are_two_keys(void **state)
{
    (void)state;
    use_frame(1, 20);
    for (uint64_t account = 1; account < 20; account++)
        give_back(&graph, OBJECT_REFUSED, account, account, account + 1);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_true(evidence[FAMILY_TIMING].log10_e > 2);
    assert_true(two_keys(FAMILY_CONTENT));
}

/* A conversation that is handed on comes back as well. */
static void hand_offs_do_not_test_what_returned_turns_found(void **state)
{
    (void)state;
    use_frame(1, 20);
    for (uint64_t account = 1; account < 20; account++)
        give_back(&graph, OBJECT_REFUSED, account, account, account + 1);
    weigh(FAMILY_PROVENANCE, 1, 20);
    assert_int_equal(evidence[FAMILY_TIMING].trials, 0);
    assert_false(two_keys(FAMILY_PROVENANCE));
}

static void hand_offs_and_returned_turns_are_not_multiplied(void **state)
{
    (void)state;
    bool second;
    evidence[FAMILY_TIMING] = (struct evidence){ .log10_e = 9, .strong = true };
    evidence[FAMILY_PROVENANCE] = (struct evidence){ .log10_e = 9, .strong = true };
    assert_true(fabs(evidence_total(FAMILY_CONTENT, evidence, &second) - 9) < 1e-12);
    evidence[FAMILY_PROVENANCE] = (struct evidence){ .log10_e = -0.3 };
    assert_true(fabs(evidence_total(FAMILY_CONTENT, evidence, &second) - (9 - log10(2))) < 1e-6);
}

static void weak_families_bring_two_decades_at_most(void **state)
{
    (void)state;
    bool second;
    evidence[FAMILY_NETWORK].log10_e = 50;
    evidence[FAMILY_VOLUME].log10_e = 1;
    assert_true(fabs(evidence_total(FAMILY_CONTENT, evidence, &second) - 3) < 1e-12);
    evidence[FAMILY_PROVENANCE] = (struct evidence){ .log10_e = 9, .strong = true };
    assert_true(fabs(evidence_total(FAMILY_CONTENT, evidence, &second) - (12 - log10(2))) < 1e-6);
    assert_true(second);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(content_and_identity_are_two_keys),
        TEST(content_and_a_little_identity_are_one_key),
        TEST(content_and_network_are_one_key),
        TEST(content_and_weak_identity_are_one_key),
        TEST(identity_and_content_are_one_key),
        TEST(identity_and_provenance_are_two_keys),
        TEST(echoes_are_no_key),
        TEST(content_and_hand_offs_are_two_keys),
        TEST(hand_offs_do_not_test_what_returned_turns_found),
        TEST(hand_offs_and_returned_turns_are_not_multiplied),
        TEST(weak_families_bring_two_decades_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
