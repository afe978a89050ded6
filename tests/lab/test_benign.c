/* benign.c: what customers do: sessions, retries, failover, carry-over, release days. */
#include "lab/fixture.h"

static struct lab lab;

static int open_lab(void **state)
{
    (void)state;
    lab_open(&lab);
    return 0;
}

static int close_lab(void **state)
{
    (void)state;
    lab_close(&lab);
    return 0;
}

static struct happened live(const char *population, unsigned accounts, const char *days, const char *more)
{
    char text[500];
    snprintf(text, sizeof text,
        "name: test\ntitle: a test\nabout: a test\nsource: this test\ndays: %s\n%sbenign: [{population: %s, "
        "accounts: "
        "%u}]\n",
        days, more, population, accounts);
    lab_world(&lab, text, 5, 1);
    return lab_run(lab.world, SIZE_MAX);
}

/* Conversations that went on from another account of the same organisation: whether after an answer, or after a failure. */
struct moves {
    unsigned after_answer, after_failure, elsewhere;
    int64_t slowest_ms; /* after a failure */
};

static struct moves moves_of(const struct happened *all)
{
    struct moves moves = { 0 };
    for (size_t i = 0; i < all->n; i++) {
        const struct happening *one = &all->items[i];
        for (size_t k = i + 1; one->kind == HAPPENING_ASK && k < all->n && k < i + 3000; k++) {
            const struct happening *next = &all->items[k];
            if (next->kind != HAPPENING_ASK || next->ask.talk.conversation != one->ask.talk.conversation)
                continue;
            const struct account *from = &lab.world->accounts[one->account],
                                 *to = &lab.world->accounts[next->account];
            moves.elsewhere += from->organization != to->organization;
            if (one->account != next->account && one->ask.status == 200)
                moves.after_answer++;
            if (one->account != next->account && one->ask.status != 200) {
                moves.after_failure++;
                int64_t gap_ms = next->time_ms - one->time_ms;
                moves.slowest_ms = gap_ms > moves.slowest_ms ? gap_ms : moves.slowest_ms;
            }
            break;
        }
    }
    return moves;
}

static void people_with_two_accounts_carry_conversations_over(void **state)
{
    (void)state;
    struct happened all = live("two_accounts", 100, "14", "");
    struct moves moves = moves_of(&all);
    assert_true(moves.after_answer > 100);
    assert_int_equal(moves.after_failure, 0);
    assert_int_equal(moves.elsewhere, 0);
    free(all.items);
    all = live("conversations", 100, "14", "");
    moves = moves_of(&all);
    assert_int_equal(moves.after_answer + moves.after_failure, 0);
    free(all.items);
}

static void a_gateway_sends_what_failed_from_another_key_within_seconds(void **state)
{
    (void)state;
    struct happened all = live("failover", 100, "14", "");
    struct moves moves = moves_of(&all);
    assert_true(moves.after_failure > 50);
    assert_int_equal(moves.after_answer, 0);
    assert_int_equal(moves.elsewhere, 0);
    assert_true(moves.slowest_ms < 30000);
    free(all.items);
}

static void some_ask_about_what_others_were_answered(void **state)
{
    (void)state;
    unsigned begun = 0, quotes = 0;
    struct happened all = live("shared_documents", 200, "14", "");
    for (size_t i = 0; i < all.n; i++) {
        const struct ask *ask = &all.items[i].ask;
        if (all.items[i].kind != HAPPENING_ASK || ask->talk.turn > 0 || ask->talk.tries > 0)
            continue;
        begun++;
        if (!(ask->talk.flags & ASK_QUOTES))
            continue;
        quotes++;
        assert_int_not_equal(ask->talk.quoted.account, all.items[i].account);
    }
    assert_in_range(quotes, begun * 0.08, begun * 0.15); /* 12 percent, once somebody was answered */
    free(all.items);
}

static unsigned on_day(const struct happened *all, int day, bool new_model)
{
    unsigned n = 0;
    for (size_t i = 0; i < all->n; i++)
        n += all->items[i].kind == HAPPENING_ASK &&
             (all->items[i].time_ms - lab.world->start_ms) / DAY_MS == day &&
             (!new_model || all->items[i].ask.model == 2);
    return n;
}

static void harnesses_run_on_the_day_of_a_release(void **state)
{
    (void)state;
    struct happened all = live("evaluation_harness", 100, "14", "releases: [{day: 8, model: m-next}]\n");
    unsigned usual = (on_day(&all, 6, false) + on_day(&all, 7, false) + on_day(&all, 10, false)) / 3;
    assert_in_range(on_day(&all, 8, false), 5 * usual, 11 * usual);
    assert_int_equal(on_day(&all, 7, true), 0);
    assert_true(on_day(&all, 8, true) > 0);
    free(all.items);
}

static void nearly_all_pass_an_identity_check_in_their_own_time(void **state)
{
    (void)state;
    unsigned back = 0, waiting = 0;
    lab_world(&lab, LAB_HEAD("6") "benign: [{population: support_bots, accounts: 300}]\n", 5, 1);
    for (uint32_t i = 0; i < world_accounts(lab.world); i++)
        assert_ok(world_decide(lab.world, i, ACTION_VERIFY, lab.world->start_ms, -1));
    struct happened all = lab_run(lab.world, SIZE_MAX);
    for (uint32_t i = 0; i < world_accounts(lab.world); i++) {
        const struct account *who = &lab.world->accounts[i];
        bool checked = who->flags & ACCOUNT_CHECKED;
        back += checked && who->expires_ms < lab.world->end_ms;
        waiting += checked && who->expires_ms == INT64_MAX;
    }
    assert_true(back + waiting > 250);
    assert_in_range(waiting, (back + waiting) * 0.03, (back + waiting) * 0.14);
    free(all.items);
}

static void what_fails_in_passing_is_tried_again_and_a_ban_is_not(void **state)
{
    (void)state;
    unsigned failed = 0, again = 0;
    struct happened all = live("support_bots", 200, "7", "");
    for (size_t i = 0; i + 1 < all.n; i++) {
        const struct happening *one = &all.items[i];
        bool passing = one->kind == HAPPENING_ASK && (one->ask.status == 429 || one->ask.status >= 500);
        for (size_t k = i + 1; passing && k < all.n; k++)
            if (all.items[k].kind == HAPPENING_ASK && all.items[k].account == one->account) {
                again += all.items[k].ask.talk.conversation == one->ask.talk.conversation;
                break;
            }
        failed += passing;
    }
    assert_true(failed > 100 && again > failed * 9 / 10);
    free(all.items);
}

static void a_routed_customer_stays_away_on_whole_days(void **state)
{
    (void)state;
    struct happened all = live("routed", 60, "14", "");
    size_t n = world_accounts(lab.world), active = 0;
    bool *seen = calloc(n * 15, sizeof *seen);
    for (size_t i = 0; i < all.n; i++)
        if (all.items[i].kind == HAPPENING_ASK)
            seen[all.items[i].account * 15 +
                 (size_t)((all.items[i].time_ms - lab.world->start_ms) / DAY_MS)] = true;
    for (size_t i = 0; i < n * 15; i++)
        active += seen[i];
    assert_in_range(
        active, n * 14 * 45 / 100, n * 14 * 68 / 100); /* 40 percent of days, and who joined late */
    free(seen);
    free(all.items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_with_two_accounts_carry_conversations_over),
        cmocka_unit_test(a_gateway_sends_what_failed_from_another_key_within_seconds),
        cmocka_unit_test(some_ask_about_what_others_were_answered),
        cmocka_unit_test(harnesses_run_on_the_day_of_a_release),
        cmocka_unit_test(nearly_all_pass_an_identity_check_in_their_own_time),
        cmocka_unit_test(what_fails_in_passing_is_tried_again_and_a_ban_is_not),
        cmocka_unit_test(a_routed_customer_stays_away_on_whole_days),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
