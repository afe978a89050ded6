/* world.c: the world moves in event time, by its seed and by what is decided. */
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

#define TWO                                                                                                  \
    LAB_HEAD("3")                                                                                            \
    "releases: [{day: 1.5, model: m-next}]\nbenign: [{population: individuals, accounts: 60}, "              \
    "{population: startup, accounts: 20}]\n" LAB_CAMPAIGN("one", "30", "40") LAB_JOBS                        \
        "    reaction: {handoff: 0.5, replace_hours: 3}\n" LAB_ANOTHER_CAMPAIGN("two", "5", "10") LAB_JOBS

/* Every member by itself: what lies between members is nobody's. */
#define MEMBER(path)                                                                                         \
    {                                                                                                        \
        offsetof(struct happening, path), sizeof(((struct happening *)0)->path)                              \
    }
static const struct {
    size_t offset, n;
} members[] = {
    MEMBER(time_ms),
    MEMBER(kind),
    MEMBER(action),
    MEMBER(model),
    MEMBER(account),
    MEMBER(who.seed),
    MEMBER(who.home),
    MEMBER(who.card),
    MEMBER(who.device),
    MEMBER(who.domain),
    MEMBER(who.signup),
    MEMBER(who.created_ms),
    MEMBER(who.organization),
    MEMBER(who.flags),
    MEMBER(who.tier),
    MEMBER(who.programme),
    MEMBER(who.verified),
    MEMBER(who.country),
    MEMBER(who.network),
    MEMBER(who.family),
    MEMBER(who.platform),
    MEMBER(who.version),
    MEMBER(style.system),
    MEMBER(style.tools),
    MEMBER(style.system_bytes),
    MEMBER(style.max_tokens),
    MEMBER(style.temperature_milli),
    MEMBER(style.n),
    MEMBER(style.answer_tok),
    MEMBER(style.api),
    MEMBER(style.flags),
    MEMBER(ask.talk.conversation),
    MEMBER(ask.talk.task),
    MEMBER(ask.talk.frame),
    MEMBER(ask.talk.variant),
    MEMBER(ask.talk.quoted.conversation),
    MEMBER(ask.talk.quoted.task),
    MEMBER(ask.talk.quoted.account),
    MEMBER(ask.talk.quoted.turn),
    MEMBER(ask.talk.quoted.answer_tok),
    MEMBER(ask.talk.quoted.pool),
    MEMBER(ask.talk.turn),
    MEMBER(ask.talk.turns),
    MEMBER(ask.talk.answer_tok),
    MEMBER(ask.talk.pool),
    MEMBER(ask.talk.frame_kind),
    MEMBER(ask.talk.flags),
    MEMBER(ask.talk.tries),
    MEMBER(ask.talk.lane),
    MEMBER(ask.talk.style),
    MEMBER(ask.serial),
    MEMBER(ask.account),
    MEMBER(ask.style),
    MEMBER(ask.end_user),
    MEMBER(ask.status),
    MEMBER(ask.model),
};
#undef MEMBER

static bool same_happening(const struct happening *a, const struct happening *b)
{
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (memcmp((const char *)a + members[i].offset, (const char *)b + members[i].offset, members[i].n) !=
            0)
            return false;
    return true;
}

static bool same_beginning(const struct happened *a, const struct happened *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!same_happening(&a->items[i], &b->items[i]))
            return false;
    return true;
}

static bool same(const struct happened *a, const struct happened *b)
{
    return a->n == b->n && same_beginning(a, b, a->n);
}

static void same_seed_same_world_and_another_seed_another(void **state)
{
    (void)state;
    lab_world(&lab, TWO, 3, 1);
    struct happened first = lab_run(lab.world, SIZE_MAX);
    lab_world(&lab, TWO, 3, 1);
    struct happened again = lab_run(lab.world, SIZE_MAX);
    lab_world(&lab, TWO, 4, 1);
    struct happened other = lab_run(lab.world, SIZE_MAX);
    assert_true(first.n > 4000);
    assert_true(same(&first, &again));
    assert_false(same(&first, &other));
    free(first.items);
    free(again.items);
    free(other.items);
}

static void what_happens_lies_in_its_step_in_order(void **state)
{
    (void)state;
    const struct happening *some;
    size_t n;
    lab_world(&lab, TWO, 3, 1);
    int64_t step_ms = world_now_ms(lab.world);
    assert_int_equal(step_ms, world_start_ms(lab.world));
    while (world_step(lab.world, &some, &n) == STATUS_OK) {
        int64_t last_ms = step_ms;
        for (size_t i = 0; i < n; last_ms = some[i++].time_ms)
            assert_true(some[i].time_ms >= last_ms && some[i].time_ms < step_ms + WORLD_STEP_MS);
        step_ms += WORLD_STEP_MS;
        assert_int_equal(world_now_ms(lab.world), step_ms);
    }
    assert_int_equal(step_ms, world_end_ms(lab.world));
    assert_int_equal(step_ms - world_start_ms(lab.world), 3 * DAY_MS);
}

static void a_decision_changes_what_happens_after_it_and_nothing_before(void **state)
{
    (void)state;
    lab_world(&lab, TWO, 3, 1);
    struct happened free_run = lab_run(lab.world, SIZE_MAX);
    lab_world(&lab, TWO, 3, 1);
    struct happened watched = lab_run(lab.world, 2000);
    int64_t now_ms = world_now_ms(lab.world);
    size_t before = watched.n;
    for (uint32_t i = 0; i < world_accounts(lab.world); i++)
        if (lab.world->accounts[i].campaign == 0)
            assert_ok(world_decide(lab.world, i, ACTION_SUSPEND, now_ms, -1));
    assert_true(before > 0 && same_beginning(&watched, &free_run, before));
    struct happened rest = lab_run(lab.world, SIZE_MAX);
    unsigned served = 0, refused = 0;
    for (size_t i = 0; i < rest.n; i++) {
        const struct account *who = &lab.world->accounts[rest.items[i].account];
        if (rest.items[i].kind != HAPPENING_ASK || who->action != ACTION_SUSPEND)
            continue;
        served += rest.items[i].ask.status == 200;
        refused += rest.items[i].ask.status == 403;
    }
    assert_int_equal(served, 0);
    assert_in_range(refused, 30, 60); /* each found out, and a job in hand now and then */
    assert_true(lab.world->attackers[0].cost.accounts_bought > 50); /* and were replaced */
    free(free_run.items);
    free(watched.items);
    free(rest.items);
}

static void every_account_is_introduced_before_it_sends_and_once(void **state)
{
    (void)state;
    lab_world(&lab, TWO, 3, 1);
    struct happened all = lab_run(lab.world, SIZE_MAX);
    bool *known = calloc(world_accounts(lab.world), sizeof *known);
    for (size_t i = 0; i < all.n; i++) {
        const struct happening *happening = &all.items[i];
        if (happening->kind == HAPPENING_ACCOUNT) {
            assert_false(known[happening->account]);
            known[happening->account] = true;
        } else if (happening->kind == HAPPENING_ASK) {
            assert_true(known[happening->account]);
        }
    }
    free(known);
    free(all.items);
}

static void a_release_comes_on_its_day_and_nobody_has_the_model_before(void **state)
{
    (void)state;
    lab_world(&lab, TWO, 3, 1);
    struct happened all = lab_run(lab.world, SIZE_MAX);
    int64_t day_ms = world_start_ms(lab.world) + 3 * DAY_MS / 2;
    unsigned releases = 0, users = 0;
    for (size_t i = 0; i < all.n; i++) {
        bool new_model = all.items[i].kind == HAPPENING_ASK && all.items[i].ask.model == 2;
        if (all.items[i].kind == HAPPENING_RELEASE) {
            releases++;
            assert_int_equal(all.items[i].time_ms, day_ms);
            assert_string_equal(world_model(lab.world, all.items[i].model), "m-next");
        }
        users += new_model;
        assert_false(new_model && all.items[i].time_ms < day_ms);
    }
    assert_int_equal(releases, 1);
    assert_true(users > 20);
    free(all.items);
}

static void truth_says_who_is_what(void **state)
{
    (void)state;
    unsigned of[3] = { 0 }, people = 0, firms = 0;
    lab_world(&lab, TWO, 3, 1);
    struct happened all = lab_run(lab.world, SIZE_MAX);
    for (uint32_t i = 0; i < world_accounts(lab.world); i++) {
        struct account_truth truth;
        world_truth(lab.world, i, &truth);
        of[truth.campaign + 1]++;
        people += strcmp(truth.population, "individuals") == 0;
        firms += strcmp(truth.population, "startup") == 0;
        if (strcmp(truth.population, "startup") == 0)
            assert_int_not_equal(truth.organization, UINT32_MAX);
        else
            assert_int_equal(truth.organization, UINT32_MAX);
        assert_int_equal(strcmp(truth.population, "operator") == 0, truth.campaign >= 0);
    }
    assert_int_equal(of[1], 30);
    assert_int_equal(of[2], 5);
    assert_int_equal(people + firms, of[0]);
    assert_true(people >= 60 && people < 62 && firms >= 14 && firms < 32);
    free(all.items);
}

static void nobody_can_be_decided_about_who_is_not_there(void **state)
{
    (void)state;
    lab_world(&lab, TWO, 3, 1);
    uint32_t n = (uint32_t)world_accounts(lab.world);
    assert_int_equal(world_decide(lab.world, n, ACTION_SUSPEND, 0, -1), STATUS_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_seed_same_world_and_another_seed_another),
        cmocka_unit_test(what_happens_lies_in_its_step_in_order),
        cmocka_unit_test(a_decision_changes_what_happens_after_it_and_nothing_before),
        cmocka_unit_test(every_account_is_introduced_before_it_sends_and_once),
        cmocka_unit_test(a_release_comes_on_its_day_and_nobody_has_the_model_before),
        cmocka_unit_test(truth_says_who_is_what),
        cmocka_unit_test(nobody_can_be_decided_about_who_is_not_there),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
