/* pool.c: buying accounts, losing them, and what they look like. */
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

static struct campaign_cost cost_of(uint32_t campaign)
{
    struct campaign_cost cost;
    world_cost(lab.world, campaign, &cost);
    return cost;
}

static void suspend_all(unsigned n)
{
    for (uint32_t i = 0; i < n; i++)
        assert_ok(world_decide(lab.world, i, ACTION_SUSPEND, lab.world->now_ms, -1));
}

#define POOL(more) LAB_HEAD("6") LAB_CAMPAIGN("one", "40", "50") LAB_JOBS "    rhythm: constant\n" more

static void a_lost_account_is_replaced_at_its_price(void **state)
{
    (void)state;
    lab_world(&lab,
        POOL("    reaction: {replace_hours: 4}\n    budget: {account_price: 12, exchange_price: 0.5}\n"), 3,
        1);
    suspend_all(10);
    struct happened all = lab_run(lab.world, SIZE_MAX);
    struct campaign_cost cost = cost_of(0);
    assert_int_equal(cost.accounts_bought, 50);
    assert_int_equal(lab.world->attackers[0].alive, 40);
    double spent = 50 * 12 + 0.5 * (double)cost.attempts;
    assert_true(cost.spent > spent - 0.01 && cost.spent < spent + 0.01);
    for (uint32_t i = 40; i < 50; i++)
        assert_true(lab.world->accounts[i].sent > 0);
    free(all.items);
}

static void without_a_delay_nothing_is_replaced(void **state)
{
    (void)state;
    lab_world(&lab, POOL(""), 3, 1);
    suspend_all(10);
    struct happened all = lab_run(lab.world, SIZE_MAX);
    assert_int_equal(cost_of(0).accounts_bought, 40);
    assert_int_equal(lab.world->attackers[0].alive, 30);
    free(all.items);
}

static void the_budget_of_identities_ends_the_buying(void **state)
{
    (void)state;
    lab_world(&lab, POOL("    reaction: {replace_hours: 1}\n    budget: {accounts: 45}\n"), 3, 1);
    suspend_all(20);
    struct happened all = lab_run(lab.world, SIZE_MAX);
    assert_int_equal(cost_of(0).accounts_bought, 45);
    assert_int_equal(lab.world->attackers[0].alive, 25);
    free(all.items);
}

static void the_budget_of_money_ends_the_buying(void **state)
{
    (void)state;
    lab_world(
        &lab, POOL("    reaction: {replace_hours: 1}\n    budget: {money: 430, account_price: 10}\n"), 3, 1);
    suspend_all(20);
    struct happened all = lab_run(lab.world, SIZE_MAX);
    assert_int_equal(cost_of(0).accounts_bought, 43);
    assert_true(cost_of(0).spent <= 430);
    free(all.items);
}

static unsigned cards(uint32_t from, uint32_t to)
{
    unsigned n = 0;
    for (uint32_t i = from; i < to; i++) {
        bool seen = false;
        for (uint32_t k = from; k < i; k++)
            seen |= lab.world->accounts[k].card == lab.world->accounts[i].card;
        n += !seen;
    }
    return n;
}

static void accounts_are_bought_in_lots_that_share_a_card(void **state)
{
    (void)state;
    lab_world(&lab, POOL("    identity: {paid: 1, card_accounts: 5}\n"), 3, 1);
    assert_int_equal(cards(0, 40), 8);
    lab_world(&lab, POOL("    identity: {paid: 1}\n"), 3, 1);
    assert_int_equal(cards(0, 40), 40);
}

static void attackers_of_one_supplier_share_its_cards_and_others_do_not(void **state)
{
    (void)state;
#define SECOND(of)                                                                                           \
    LAB_ANOTHER_CAMPAIGN("two", "40", "50") LAB_JOBS "    identity: {paid: 1, card_accounts: 5}\n" of
    lab_world(&lab, POOL("    identity: {paid: 1, card_accounts: 5}\n") SECOND("    pool_of: one\n"), 3, 1);
    assert_int_equal(cards(0, 80), 8);
    lab_world(&lab, POOL("    identity: {paid: 1, card_accounts: 5}\n") SECOND(""), 3, 1);
    assert_int_equal(cards(0, 80), 16);
}

static void an_account_serves_one_lane_and_lanes_are_as_busy_as_their_shares(void **state)
{
    (void)state;
    unsigned accounts[3] = { 0 };
    lab_world(&lab,
        LAB_HEAD("3") LAB_CAMPAIGN(
            "one", "200", "20") "    lanes: true\n    jobs:\n"
                                "      - {share: 0.5, text: {pools: {code: 1}, frame: solution}}\n"
                                "      - {share: 0.3, turns: 4, text: {pools: {math: 1}, frame: rubric}}\n"
                                "      - {share: 0.2, text: {pools: {chat: 1}, frame: articulate}}\n",
        3, 1);
    struct happened all = lab_run(lab.world, SIZE_MAX);
    for (size_t i = 0; i < all.n; i++)
        if (all.items[i].kind == HAPPENING_ASK && all.items[i].ask.talk.tries == 0)
            assert_int_equal(all.items[i].ask.talk.lane, lab.world->accounts[all.items[i].account].lane);
    for (uint32_t i = 0; i < 200; i++)
        accounts[lab.world->accounts[i].lane]++;
    assert_in_range(accounts[0], 98, 102);
    assert_in_range(accounts[1], 58, 62);
    assert_in_range(accounts[2], 38, 42);
    free(all.items);
}

static void an_aged_account_is_in_the_log_from_its_first_minutes(void **state)
{
    (void)state;
    unsigned old = 0;
    lab_world(&lab, POOL("    from_day: 3\n    identity: {age_days: 60}\n"), 3, 1);
    struct happened all = lab_run(lab.world, SIZE_MAX);
    for (uint32_t i = 0; i < 40; i++) {
        const struct account *who = &lab.world->accounts[i];
        if (who->created_ms >= lab.world->start_ms)
            continue;
        old++;
        assert_true(who->born_ms < lab.world->start_ms + SETTLING_MS + WORLD_STEP_MS);
    }
    assert_true(old > 30);
    for (size_t i = 0; i < all.n; i++)
        if (all.items[i].kind == HAPPENING_ASK)
            assert_true(all.items[i].time_ms >= lab.world->start_ms + 3 * DAY_MS);
    free(all.items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lost_account_is_replaced_at_its_price),
        cmocka_unit_test(without_a_delay_nothing_is_replaced),
        cmocka_unit_test(the_budget_of_identities_ends_the_buying),
        cmocka_unit_test(the_budget_of_money_ends_the_buying),
        cmocka_unit_test(accounts_are_bought_in_lots_that_share_a_card),
        cmocka_unit_test(attackers_of_one_supplier_share_its_cards_and_others_do_not),
        cmocka_unit_test(an_account_serves_one_lane_and_lanes_are_as_busy_as_their_shares),
        cmocka_unit_test(an_aged_account_is_in_the_log_from_its_first_minutes),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
