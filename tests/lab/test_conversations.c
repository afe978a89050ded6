#include "lab/conversations.h"

#include "fixture.h"
#include "lab/speak.h"
#include "lab/wire.h"

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

static void put_line(struct speaker *speaker, const struct happening *happening, struct json_writer *out)
{
    struct event event = { 0 };
    buffer_reset(&out->buffer);
    assert_ok(speak(speaker, happening, &event));
    wire_event(out, &event);
    assert_ok(json_writer_finish(out));
}

/* The oracle: a speaker that has said nothing yet says everything from the seeds. */
static void assert_said_the_same(const struct happened *all, size_t step)
{
    struct speaker *speaker, *fresh;
    struct json_writer kept, anew;
    size_t n_later = 0;
    json_writer_init(&kept, NULL);
    json_writer_init(&anew, NULL);
    assert_ok(speaker_new(lab.world, lab.corpus, &speaker));
    for (size_t i = 0; i < all->n; i++) {
        put_line(speaker, &all->items[i], &kept);
        n_later += all->items[i].kind == HAPPENING_ASK && all->items[i].ask.talk.turn > 0;
        if (i % step != 0 && all->items[i].ask.talk.turn == 0)
            continue;
        assert_ok(speaker_new(lab.world, lab.corpus, &fresh));
        put_line(fresh, &all->items[i], &anew);
        speaker_free(fresh);
        struct span a = json_writer_span(&kept), b = json_writer_span(&anew);
        assert_int_equal(a.n, b.n);
        assert_memory_equal(a.data, b.data, a.n);
    }
    assert_true(n_later > 100);
    speaker_free(speaker);
    json_writer_fini(&kept);
    json_writer_fini(&anew);
}

static void a_history_that_is_kept_is_the_one_that_is_said_from_its_seeds(void **state)
{
    (void)state;
    char *text = lab_every_population(LAB_HEAD("2"), 6);
    lab_world(&lab, text, 5, 1);
    struct happened all = lab_run(lab.world, 1500);
    assert_said_the_same(&all, 40);
    free(all.items);
    free(text);
}

static void so_is_that_of_refused_restricted_and_handed_over_requests(void **state)
{
    (void)state;
    lab_world(&lab,
        LAB_HEAD("2")
            LAB_CAMPAIGN("one", "30", "60") "    jobs: [{turns: 4, text: {pools: {agent: 1}, frame: "
                                            "solution, tools_of: account, answer_tok: 40}}]\n",
        6, 1);
    struct happened all = lab_run(lab.world, 600);
    for (size_t i = 0; i < all.n; i++) {
        struct ask *ask = &all.items[i].ask;
        if (i % 7 == 0 && ask->status == 200)
            ask->talk.flags |= ASK_RESTRICTED;
        if (i % 11 == 0)
            ask->status = 429;
    }
    assert_said_the_same(&all, 40);
    free(all.items);
}

static struct ask an_ask(uint64_t conversation, uint16_t turn, uint16_t turns)
{
    return (struct ask){ .talk = { .conversation = conversation, .task = 3, .turn = turn, .turns = turns } };
}

/* Whether b could go on after a. */
static bool goes_on(struct conversations *conversations, const struct ask *a, const struct style *style,
    const struct ask *b, const struct style *other)
{
    struct conversation *at = conversations_at(conversations, a, style);
    conversation_keep(at, a, style, true);
    assert_ptr_equal(conversations_at(conversations, b, other), at);
    return at->known;
}

static void a_conversation_goes_on_where_it_was_left_and_in_its_style(void **state)
{
    (void)state;
    struct conversations all;
    const struct style plain = { .api = API_OPENAI_CHAT, .tools = STYLE_ABSENT },
                       tools = { .api = API_OPENAI_CHAT },
                       api = { .api = API_ANTHROPIC_MESSAGES, .tools = STYLE_ABSENT };
    const struct ask first = an_ask(77, 0, 4), second = an_ask(77, 1, 4), third = an_ask(77, 2, 4);
    const struct ask other = an_ask(77 + CONVERSATIONS, 1, 4);
    assert_ok(conversations_init(&all));
    assert_false(conversations_at(&all, &first, &plain)->known);
    assert_true(goes_on(&all, &first, &plain, &second, &plain));
    assert_true(goes_on(&all, &first, &plain, &first, &plain)); /* a request that is tried again */
    assert_false(goes_on(&all, &first, &plain, &third, &plain));
    assert_false(goes_on(&all, &second, &plain, &first, &plain));
    assert_false(goes_on(&all, &first, &plain, &second, &tools));
    assert_false(goes_on(&all, &first, &plain, &second, &api));
    assert_false(goes_on(&all, &first, &plain, &other, &plain));
    conversations_fini(&all);
}

static void what_has_one_turn_or_is_too_long_is_not_kept(void **state)
{
    (void)state;
    struct conversations all;
    const struct style style = { .tools = STYLE_ABSENT };
    const struct ask single = an_ask(5, 0, 1), first = an_ask(5, 0, 3);
    assert_ok(conversations_init(&all));
    assert_false(goes_on(&all, &single, &style, &single, &style));
    struct conversation *at = conversations_at(&all, &first, &style);
    for (int i = 0; i < 3 * CONVERSATION_BYTES; i++)
        buffer_put_char(&at->phrases.text, 'x');
    conversation_keep(at, &first, &style, true);
    assert_false(conversations_at(&all, &first, &style)->known);
    assert_int_equal(at->phrases.text.capacity, 0);
    conversations_fini(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_history_that_is_kept_is_the_one_that_is_said_from_its_seeds),
        cmocka_unit_test(so_is_that_of_refused_restricted_and_handed_over_requests),
        cmocka_unit_test(a_conversation_goes_on_where_it_was_left_and_in_its_style),
        cmocka_unit_test(what_has_one_turn_or_is_too_long_is_not_kept),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
