#include "lab/fixture.h"

#include "base/map.h"
#include "lab/speak.h"

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

/* What was said in a conversation so far: texts of people and of the model, with who says them. */
struct transcript {
    char *text;
    size_t n;       /* with what was issued last */
    size_t n_asked; /* without */
    uint32_t account;
    uint16_t turn;
    bool answered;
};

static struct transcript write_down(const struct exchange *exchange, const struct happening *happening)
{
    struct transcript t = { .account = happening->account,
        .turn = happening->ask.talk.turn,
        .answered = exchange->status == 200 && exchange->finish != FINISH_REFUSAL };
    FILE *out = open_memstream(&t.text, &t.n);
    for (uint32_t i = 0; i < exchange->n_parts; i++) {
        const struct part *part = &exchange->parts[i];
        if (part->role == ROLE_SYSTEM || (part->kind != PART_TEXT && part->kind != PART_TOOL_RESULT))
            continue;
        if (part->issued && t.n_asked == 0)
            t.n_asked = (size_t)ftell(out);
        fprintf(out, "%u: %.*s\n", part->role, (int)part->text.n, part->text.data);
    }
    fclose(out);
    t.n_asked = t.n_asked ? t.n_asked : t.n;
    return t;
}

struct conversations {
    struct u64_map index;
    struct transcript *items;
    size_t n, capacity;
    unsigned continued, by_others;
};

/* The exchange before it, word for word, then what is new; or the same question again. */
static void compare(struct conversations *all, const struct transcript *before, const struct transcript *now)
{
    bool again = now->turn == before->turn;
    size_t n = again ? before->n_asked : before->n;
    if (!again && (now->turn != before->turn + 1 || !before->answered))
        fail_msg("turn %u follows turn %u, answered %d", now->turn, before->turn, before->answered);
    if (now->n_asked < n || memcmp(now->text, before->text, n) != 0 || (again && now->n_asked != n))
        fail_msg("account %u: %.*s\ngoes on by account %u as: %.*s", before->account, (int)before->n,
            before->text, now->account, (int)now->n, now->text);
    all->continued++;
    all->by_others += now->account != before->account;
}

static void follow(struct conversations *all, uint64_t conversation, struct transcript now)
{
    uint32_t at = map_find(&all->index, conversation);
    if (at != MAP_NONE) {
        compare(all, &all->items[at], &now);
        free(all->items[at].text);
        all->items[at] = now;
        return;
    }
    if (all->n == all->capacity) {
        all->capacity = 2 * all->capacity + 64;
        all->items = realloc(all->items, all->capacity * sizeof *all->items);
        assert_non_null(all->items);
    }
    assert_ok(map_put(&all->index, conversation, (uint32_t)all->n));
    all->items[all->n++] = now;
}

/* Two speakers in turn, so that none of them remembers what the other account said. */
static struct conversations follow_all(const struct happened *happened)
{
    struct conversations all = { 0 };
    struct speaker *speakers[2];
    map_init(&all.index, 1 << 20);
    assert_ok(speaker_new(lab.world, lab.corpus, &speakers[0]));
    assert_ok(speaker_new(lab.world, lab.corpus, &speakers[1]));
    for (size_t i = 0; i < happened->n; i++) {
        struct event event;
        const struct happening *happening = &happened->items[i];
        if (happening->kind != HAPPENING_ASK)
            continue;
        assert_ok(speak(speakers[happening->account % 2], happening, &event));
        follow(&all, happening->ask.talk.conversation, write_down(&event.exchange, happening));
    }
    speaker_free(speakers[0]);
    speaker_free(speakers[1]);
    return all;
}

static void conversations_fini(struct conversations *all)
{
    for (size_t i = 0; i < all->n; i++)
        free(all->items[i].text);
    free(all->items);
    map_fini(&all->index);
}

static void a_conversation_that_goes_on_elsewhere_carries_the_same_history(void **state)
{
    (void)state;
    static const char *const worlds[] = {
        LAB_HEAD("4") "benign: [{population: two_accounts, accounts: 160}]\n",
        LAB_HEAD("4") "benign: [{population: failover, accounts: 60}]\n",
        LAB_HEAD("3") LAB_CAMPAIGN("one", "60",
            "60") "    mix: 0.3\n    paraphrase: account\n    jobs: [{turns: 5, text: {pools: {agent: 1}, "
                  "frame: solution, tools_of: account}}]\n    reaction: {handoff: 1}\n"
                  "    call: {reasoning: 1}\n    identity: {apis: {messages: 1}}\n"
                  "    raids: [{day: 1, share: 0.5}]\n",
    };
    for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++) {
        lab_world(&lab, worlds[i], 71 + i, 1);
        struct happened happened = lab_run(lab.world, 12000);
        struct conversations all = follow_all(&happened);
        if (all.continued < 500 || all.by_others < 20)
            fail_msg("world %zu: %u go on, %u of them elsewhere", i, all.continued, all.by_others);
        conversations_fini(&all);
        free(happened.items);
    }
}

/* The detector's decisions do not make anybody go on with an answer that was not given. */
static void nobody_goes_on_with_an_answer_that_was_not_given(void **state)
{
    (void)state;
    const struct happening *some;
    size_t n;
    lab_world(&lab, LAB_HEAD("3") "benign: [{population: conversations, accounts: 80}]\n", 81, 1);
    for (uint32_t i = 0; i < world_accounts(lab.world); i++)
        assert_ok(
            world_decide(lab.world, i, i % 2 ? ACTION_RESTRICT : ACTION_THROTTLE, lab.world->now_ms, -1));
    struct happened happened = { 0 };
    while (happened.n < 4000 && world_step(lab.world, &some, &n) == STATUS_OK) {
        happened.items = realloc(happened.items, (happened.n + n + 1) * sizeof *happened.items);
        assert_non_null(happened.items);
        if (n > 0)
            memcpy(happened.items + happened.n, some, n * sizeof *some);
        happened.n += n;
    }
    struct conversations all = follow_all(&happened);
    assert_true(all.continued > 100);
    conversations_fini(&all);
    free(happened.items);
}

static void note_once(struct u64_map *seen, struct span id)
{
    /* FNV-1a: ids have 64 bits, so has this. */
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < id.n; i++)
        hash = (hash ^ (uint8_t)id.data[i]) * UINT64_C(1099511628211);
    if (map_find(seen, hash) != MAP_NONE)
        fail_msg("twice: %.*s", (int)id.n, id.data);
    assert_ok(map_put(seen, hash, 1));
}

static void every_exchange_and_every_answer_has_an_id_of_its_own(void **state)
{
    (void)state;
    struct u64_map seen;
    struct speaker *speaker;
    map_init(&seen, 1 << 20);
    lab_world(&lab, "l6", 91, 0.01);
    assert_ok(speaker_new(lab.world, lab.corpus, &speaker));
    struct happened all = lab_run(lab.world, 20000);
    for (size_t i = 0; i < all.n; i++) {
        struct event event;
        assert_ok(speak(speaker, &all.items[i], &event));
        if (event.kind == EVENT_ACCOUNT)
            note_once(&seen, event.account.account);
        if (event.kind != EVENT_EXCHANGE)
            continue;
        note_once(&seen, event.exchange.id);
        assert_true((event.exchange.status == 200) == (event.exchange.response_id.n > 0));
        if (event.exchange.response_id.n > 0)
            note_once(&seen, event.exchange.response_id);
    }
    free(all.items);
    speaker_free(speaker);
    map_fini(&seen);
}

static void an_account_says_who_it_is(void **state)
{
    (void)state;
    struct speaker *speaker;
    char *text = lab_every_population(LAB_HEAD("1"), 20);
    lab_world(&lab, text, 95, 1);
    assert_ok(speaker_new(lab.world, lab.corpus, &speaker));
    unsigned organizations = 0, resellers = 0, phones = 0, payments = 0;
    for (uint32_t i = 0; i < world_accounts(lab.world); i++) {
        const struct account *who = &lab.world->accounts[i];
        struct event event;
        assert_ok(speak(speaker,
            &(struct happening){
                .kind = HAPPENING_ACCOUNT, .account = i, .who = identity_shown(who), .time_ms = 5 },
            &event));
        const struct account_event *said = &event.account;
        assert_true(event.kind == EVENT_ACCOUNT && event.time_ms == 5 && said->created_ms == who->created_ms);
        assert_true(
            said->tier == who->tier && said->programme == who->programme && said->verified == who->verified);
        assert_true(span_is(said->country, countries[who->country].code));
        assert_true((said->phone_country.n > 0) == ((who->verified & VERIFIED_PHONE) != 0));
        assert_true(
            (said->payment.n > 0) == (who->card != 0) && (said->tier != TIER_FREE || !said->payment.n));
        assert_true((said->organization.n > 0) == ((who->flags & ACCOUNT_DECLARED) != 0));
        assert_true(said->reseller == (who->flags & ACCOUNT_RESELLER ? 1 : -1));
        assert_true(said->device.n > 0 && said->email_domain.n > 0 && said->signup_ip.n > 6);
        organizations += said->organization.n > 0;
        resellers += said->reseller > 0;
        phones += said->phone_country.n > 0;
        payments += said->payment.n > 0;
    }
    assert_true(organizations > 0 && resellers > 0 && phones > 100 && payments > 100);
    speaker_free(speaker);
    free(text);
}

static void an_exchange_comes_from_where_its_account_is_at_that_time(void **state)
{
    (void)state;
    struct speaker *speaker;
    struct buffer ip = { 0 };
    char *text = lab_every_population(LAB_HEAD("5"), 2);
    lab_world(&lab, text, 97, 1);
    assert_ok(speaker_new(lab.world, lab.corpus, &speaker));
    struct happened all = lab_run(lab.world, 8000);
    for (size_t i = 0; i < all.n; i++) {
        struct event event;
        const struct happening *happening = &all.items[i];
        if (happening->kind != HAPPENING_ASK)
            continue;
        assert_ok(speak(speaker, happening, &event));
        struct shown who = identity_shown(&lab.world->accounts[happening->account]);
        struct address at = identity_address(&who, happening->time_ms, happening->ask.talk.conversation);
        buffer_reset(&ip);
        identity_put_address(at.ip, &ip);
        assert_true(
            span_eq(event.exchange.client.ip, buffer_span(&ip)) && event.exchange.client.asn == at.asn);
    }
    buffer_fini(&ip);
    free(all.items);
    speaker_free(speaker);
    free(text);
}

static unsigned versions_seen(struct speaker *speaker, uint32_t account)
{
    char last[128] = "";
    unsigned changes = 0;
    for (int64_t day = 0; day < 60; day++) {
        struct event event;
        struct happening happening = { .kind = HAPPENING_ASK,
            .account = account,
            .who = identity_shown(&lab.world->accounts[account]),
            .style = lab.world->styles[0],
            .time_ms = world_start_ms(lab.world) + day * DAY_MS,
            .ask = { .account = account, .status = 200, .talk = { .turns = 1, .answer_tok = 9 } } };
        assert_ok(speak(speaker, &happening, &event));
        struct span agent = event.exchange.client.user_agent;
        assert_true(agent.n > 0 && agent.n < sizeof last);
        if (!span_is(agent, last)) {
            memcpy(last, agent.data, agent.n);
            last[agent.n] = '\0';
            changes++;
        }
    }
    return changes;
}

static void a_pinned_client_never_moves_and_others_follow_their_family(void **state)
{
    (void)state;
    struct speaker *speaker;
    lab_world(&lab,
        LAB_HEAD("1") LAB_CAMPAIGN("one", "30", "5") LAB_JOBS
        "    identity: {pinned: true, clients: {agent: 1}}\nbenign: [{population: coding_agent, accounts: "
        "40}]\n",
        96, 1);
    assert_ok(speaker_new(lab.world, lab.corpus, &speaker));
    unsigned agents = 0;
    for (uint32_t i = 0; i < world_accounts(lab.world); i++) {
        const struct account *who = &lab.world->accounts[i];
        if (who->family != CLIENT_AGENT)
            continue;
        assert_true(who->campaign >= 0 ? versions_seen(speaker, i) == 1 : versions_seen(speaker, i) > 15);
        agents += who->campaign < 0;
    }
    assert_true(agents > 10);
    speaker_free(speaker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_conversation_that_goes_on_elsewhere_carries_the_same_history),
        cmocka_unit_test(nobody_goes_on_with_an_answer_that_was_not_given),
        cmocka_unit_test(every_exchange_and_every_answer_has_an_id_of_its_own),
        cmocka_unit_test(an_account_says_who_it_is),
        cmocka_unit_test(an_exchange_comes_from_where_its_account_is_at_that_time),
        cmocka_unit_test(a_pinned_client_never_moves_and_others_follow_their_family),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
