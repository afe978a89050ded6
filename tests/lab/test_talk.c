/* talk.c: what is talked about, and what an operator's jobs are. */
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

static struct happened live(const char *text)
{
    lab_world(&lab, text, 5, 1);
    return lab_run(lab.world, SIZE_MAX);
}

static bool begins(const struct happening *happening)
{
    return happening->kind == HAPPENING_ASK && happening->ask.talk.turn == 0 &&
           happening->ask.talk.tries == 0;
}

/* Different (account or organisation, task) among those that begin; bounded by what fits the table. */
static unsigned tasks(const struct happened *all, bool by_account)
{
    enum { SLOTS = 1 << 16 };
    uint64_t *seen = calloc(SLOTS, sizeof *seen);
    unsigned n = 0;
    for (size_t i = 0; i < all->n; i++) {
        const struct account *who = &lab.world->accounts[all->items[i].account];
        if (!begins(&all->items[i]))
            continue;
        uint64_t of = by_account ? all->items[i].account : who->organization;
        uint64_t key = dice_hash(of, all->items[i].ask.talk.task) | 1;
        size_t at = key % SLOTS;
        while (seen[at] && seen[at] != key)
            at = (at + 1) % SLOTS;
        n += seen[at] != key;
        seen[at] = key;
    }
    free(seen);
    return n;
}

static void a_course_asks_the_same_dozen_tasks(void **state)
{
    (void)state;
    struct happened all = live(LAB_HEAD("14") "benign: [{population: course, accounts: 300}]\n");
    assert_true(tasks(&all, false) <= 12 * lab.world->n_organizations);
    assert_true(tasks(&all, false) > 8 * lab.world->n_organizations);
    free(all.items);
}

static void a_nightly_suite_runs_through_its_own_set_again_and_again(void **state)
{
    (void)state;
    size_t begun = 0;
    struct happened all = live(LAB_HEAD("14") "benign: [{population: nightly_suite, accounts: 20}]\n");
    for (size_t i = 0; i < all.n; i++)
        begun += begins(&all.items[i]);
    assert_true(tasks(&all, true) <= 120 * world_accounts(lab.world));
    assert_true(tasks(&all, true) < begun / 2);
    free(all.items);
}

static unsigned distinct(const struct happened *all)
{
    return tasks(all, false); /* an operator's accounts have the same organisation: none */
}

#define JOBS_OF(more)                                                                                        \
    LAB_HEAD("5")                                                                                            \
    LAB_CAMPAIGN("one", "40", "20") "    jobs: [{text: {pools: {code: 1}, frame: solution}}]\n" more

static void an_operator_gives_each_task_to_one_account_unless_it_samples(void **state)
{
    (void)state;
    struct happened all = live(JOBS_OF(""));
    size_t begun = 0;
    for (size_t i = 0; i < all.n; i++)
        begun += begins(&all.items[i]);
    assert_true(begun > 3000);
    assert_int_equal(distinct(&all), begun);
    free(all.items);
    all = live(JOBS_OF("    sampled: true\n    dataset: 2000\n"));
    assert_in_range(distinct(&all), 1400, 1800); /* n draws from m miss a share of exp(-n/m) */
    free(all.items);
    all = live(JOBS_OF("    dataset: 500\n"));
    assert_int_equal(distinct(&all), 500);
    free(all.items);
}

static void a_task_is_sent_as_often_as_the_job_says(void **state)
{
    (void)state;
    size_t begun = 0;
    struct happened all = live(LAB_HEAD("5") LAB_CAMPAIGN(
        "one", "40", "20") "    jobs: [{attempts: 4, text: {pools: {math: 1}, frame: rubric}}]\n");
    for (size_t i = 0; i < all.n; i++)
        begun += begins(&all.items[i]);
    assert_in_range(distinct(&all), begun / 4 - 5, begun / 4 + 5);
    free(all.items);
}

/* How many wordings of the frame there are, and how many accounts use more than one. */
static void wordings(const struct happened *all, unsigned *ret_n, unsigned *ret_several)
{
    uint64_t of[64] = { 0 }, first = 0;
    bool several[64] = { false };
    unsigned n = 0;
    for (size_t i = 0; i < all->n; i++) {
        uint32_t who = all->items[i].account;
        if (!begins(&all->items[i]))
            continue;
        uint64_t variant = all->items[i].ask.talk.variant + 1;
        first = first ? first : variant;
        n += of[who] == 0 && variant != first;
        several[who] |= of[who] && of[who] != variant;
        of[who] = variant;
    }
    *ret_n = n;
    *ret_several = 0;
    for (size_t i = 0; i < 64; i++)
        *ret_several += several[i];
}

static void frames_are_worded_once_or_by_account_or_by_request(void **state)
{
    (void)state;
    unsigned n, several;
    struct happened all = live(JOBS_OF(""));
    wordings(&all, &n, &several);
    assert_true(n == 0 && several == 0);
    free(all.items);
    all = live(JOBS_OF("    paraphrase: account\n"));
    wordings(&all, &n, &several);
    assert_true(n > 35 && several == 0);
    free(all.items);
    all = live(JOBS_OF("    paraphrase: request\n"));
    wordings(&all, &n, &several);
    assert_int_equal(several, 40);
    free(all.items);
}

static void an_operators_frame_stands_behind_the_task(void **state)
{
    (void)state;
    struct buffer before = { 0 }, after = { 0 };
    struct happened all = live(JOBS_OF(""));
    for (uint64_t i = 0; i < 50; i++) {
        uint64_t frame;
        assert_ok(talk_choose_frame(lab.world, lab.world->attackers[0].plan, 0, i, &frame));
        buffer_reset(&before);
        buffer_reset(&after);
        assert_ok(corpus_frame(lab.corpus, FRAME_SOLUTION, frame, 0, &before, &after));
        assert_true(before.n == 0 && after.n > 40);
    }
    buffer_fini(&before);
    buffer_fini(&after);
    free(all.items);
}

static void whether_a_technique_is_refused_is_a_fact_about_it(void **state)
{
    (void)state;
    enum { SLOTS = 4096 };
    static uint64_t frames[SLOTS];
    static uint8_t refused[SLOTS];
    unsigned again = 0;
    memset(frames, 0, sizeof frames);
    struct happened all = live(LAB_HEAD("5") LAB_CAMPAIGN(
        "one", "40", "20") "    jobs: [{refused: 0.9, text: {pools: {math: 1}, frame: probe}}]\n");
    for (size_t i = 0; i < all.n; i++) {
        if (!begins(&all.items[i]))
            continue;
        const struct talk *talk = &all.items[i].ask.talk;
        uint8_t is = (talk->flags & ASK_REFUSED) != 0;
        size_t at = talk->frame % SLOTS;
        if (frames[at] == talk->frame) {
            assert_int_equal(refused[at], is);
            again++;
        }
        frames[at] = talk->frame;
        refused[at] = is;
    }
    assert_true(again > 500);
    free(all.items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_course_asks_the_same_dozen_tasks),
        cmocka_unit_test(a_nightly_suite_runs_through_its_own_set_again_and_again),
        cmocka_unit_test(an_operator_gives_each_task_to_one_account_unless_it_samples),
        cmocka_unit_test(a_task_is_sent_as_often_as_the_job_says),
        cmocka_unit_test(frames_are_worded_once_or_by_account_or_by_request),
        cmocka_unit_test(an_operators_frame_stands_behind_the_task),
        cmocka_unit_test(whether_a_technique_is_refused_is_a_fact_about_it),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
