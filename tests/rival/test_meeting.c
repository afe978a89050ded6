#include "rival/meeting.h"

#include "rival/sets.h"
#include "text_fixture.h"

enum { PARTIES = 300 };

static struct party parties[PARTIES];
static bool fresh[PARTIES];
static uint32_t numbers[PARTIES];
static struct key key;
static struct meeting *meetings;
static size_t n_meetings;

static int set_up(void **state)
{
    (void)state;
    key_init(&key, key_default_secret);
    memset(parties, 0, sizeof parties);
    for (uint32_t i = 0; i < PARTIES; i++) {
        numbers[i] = i;
        fresh[i] = true;
    }
    meetings = NULL;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (size_t i = 0; i < PARTIES; i++)
        party_fini(&parties[i]);
    free(meetings);
    return 0;
}

static void say(unsigned party, unsigned n, struct test_random *random, const char *frame, unsigned topic)
{
    for (unsigned i = 0; i < n; i++) {
        struct utterance utterance;
        struct query query = query_from(&key, words_of(random, frame, topic, 4, 400));
        utterance_of(&(struct record){ .time_ms = i, .kind = RECORD_EXCHANGE }, &query, &utterance);
        assert_ok(party_add(&parties[party], &utterance));
    }
}

static void find(size_t n)
{
    free(meetings);
    meetings = NULL;
    assert_ok(meeting_find(parties, fresh, numbers, n, &meetings, &n_meetings));
    for (size_t i = 0; i < n_meetings; i++) {
        assert_true(meetings[i].a < meetings[i].b && meetings[i].b < n);
        assert_true(i == 0 || meetings[i - 1].a < meetings[i].a ||
                    (meetings[i - 1].a == meetings[i].a && meetings[i - 1].b < meetings[i].b));
    }
}

static bool meets(uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < n_meetings; i++)
        if (meetings[i].a == a && meetings[i].b == b)
            return true;
    return false;
}

/* Every tenth belongs to a campaign with a frame of its own; others talk about topics of their own. */
static void a_campaign_is_connected_and_strangers_do_not_meet(void **state)
{
    (void)state;
    struct test_random random = { 61 };
    struct sets sets;
    size_t strangers = 0;
    for (unsigned i = 0; i < PARTIES; i++)
        if (i % 10 == 0)
            say(i, 15, &random, "solve the following problem step by step and put the answer in a box:", 1);
        else
            say(i, 15, &random, "", i);
    find(PARTIES);
    assert_ok(sets_init(&sets, PARTIES));
    for (size_t i = 0; i < n_meetings; i++) {
        bool inside = meetings[i].a % 10 == 0 && meetings[i].b % 10 == 0;
        strangers += !inside;
        if (inside)
            sets_join(&sets, meetings[i].a, meetings[i].b);
    }
    for (uint32_t i = 10; i < PARTIES; i += 10)
        assert_int_equal(sets_find(&sets, i), 0);
    assert_true(strangers < 3);
    sets_fini(&sets);
}

static void a_pair_without_news_does_not_meet_again(void **state)
{
    (void)state;
    struct test_random random = { 62 };
    for (unsigned i = 0; i < 3; i++)
        say(i, 12, &random, "grade this answer from one to ten and say why:", 1);
    find(3);
    assert_true(meets(0, 1) && meets(0, 2) && meets(1, 2));
    fresh[0] = fresh[1] = false;
    find(3);
    assert_true(!meets(0, 1) && meets(0, 2) && meets(1, 2));
}

/* How often two parties meet whose requests share so many of six words, over 200 pairs. */
static void the_more_alike_the_surer_two_meet(void **state)
{
    (void)state;
    struct test_random random = { 63 };
    size_t met[3];
    for (unsigned level = 0; level < 3; level++) {
        set_up(state);
        for (unsigned i = 0; i < PARTIES; i++)
            say(i, 12, &random,
                level == 0   ? ""
                : level == 1 ? "classify this ticket"
                             : "classify this ticket as bug, wish or question, one word only, lower case",
                i / 2);
        find(PARTIES);
        met[level] = 0;
        for (uint32_t i = 0; i < PARTIES; i += 2)
            met[level] += meets(i, i + 1);
        tear_down(state);
        meetings = NULL;
    }
    set_up(state);
    print_message("of %d pairs met: %zu, %zu, %zu\n", PARTIES / 2, met[0], met[1], met[2]);
    assert_true(met[0] <= met[1] && met[1] <= met[2] && met[2] >= PARTIES / 2 * 85 / 100);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct test_random random = { 64 };
    for (unsigned i = 0; i < 20; i++)
        say(i, 12, &random, "grade this answer from one to ten and say why:", 1);
    for (long n = 0;; n++) {
        alloc_sweep_arm(n);
        enum status st = meeting_find(parties, fresh, numbers, 20, &meetings, &n_meetings);
        if (!alloc_sweep_disarm()) {
            assert_ok(st);
            break;
        }
        assert_int_equal(st, STATUS_NOMEM);
        assert_null(meetings);
    }
    assert_true(n_meetings > 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_campaign_is_connected_and_strangers_do_not_meet),
        TEST(a_pair_without_news_does_not_meet_again),
        TEST(the_more_alike_the_surer_two_meet),
        TEST(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
