/* wire.c and wire_body.c: what is written is read again by the product's own reader, field by field, part by part. */
#include "lab/fixture.h"
#include "lab/same_event.h"

#include "exchange/parse.h"
#include "exchange/show.h"
#include "lab/speak.h"
#include "lab/wire.h"

static struct lab lab;

struct reader {
    struct speaker *speaker;
    struct line_parser *parser;
    struct json_writer writer;
    uint64_t apis[API_COUNT], kinds[4], parts[PART_REFUSAL + 1], finishes[FINISH_OTHER + 1], flags, refused;
    uint64_t exchanges, tools;
};

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

static void reader_open(struct reader *reader)
{
    *reader = (struct reader){ 0 };
    assert_ok(speaker_new(lab.world, lab.corpus, &reader->speaker));
    assert_ok(line_parser_new(16 << 20, &reader->parser));
    json_writer_init(&reader->writer, NULL);
}

static void reader_close(struct reader *reader)
{
    assert_null(line_parser_unknown(reader->parser, 0));
    speaker_free(reader->speaker);
    line_parser_free(reader->parser);
    json_writer_fini(&reader->writer);
}

static void differ(const struct event *event, const struct event *back, const char *at, struct span line)
{
    fprintf(stderr, "-- differs in %s\n-- spoken\n", at);
    show_event(stderr, event);
    fprintf(stderr, "-- read back\n");
    show_event(stderr, back);
    fprintf(stderr, "-- line\n%.*s\n", (int)line.n, line.data);
    fail();
}

static void count(struct reader *reader, const struct happening *happening, const struct event *event)
{
    reader->kinds[event->kind]++;
    if (event->kind != EVENT_EXCHANGE)
        return;
    const struct exchange *exchange = &event->exchange;
    reader->exchanges++;
    reader->apis[exchange->api]++;
    reader->finishes[exchange->finish]++;
    reader->refused += exchange->status != 200;
    reader->flags |= happening->ask.talk.flags;
    reader->tools += exchange->n_tools > 0;
    for (uint32_t i = 0; i < exchange->n_parts; i++)
        reader->parts[exchange->parts[i].kind]++;
}

static void read_back(struct reader *reader, const struct happening *happening)
{
    struct event event = { 0 }, back = { 0 };
    enum line_fault fault;
    struct diag diag = { 0 };
    assert_ok(speak(reader->speaker, happening, &event));
    buffer_reset(&reader->writer.buffer);
    wire_event(&reader->writer, &event);
    assert_ok(json_writer_finish(&reader->writer));
    assert_true(buffer_reserve(&reader->writer.buffer, LINE_PADDING));
    struct span line = json_writer_span(&reader->writer);
    assert_int_equal(line.data[line.n - 1], '\n');
    line.n--;
    memset(reader->writer.buffer.data + line.n + 1, 0, LINE_PADDING - 1);
    enum status st = line_parse(reader->parser, line, &back, &fault, &diag);
    if (st != STATUS_OK)
        fail_msg("%s [%s] %s: %.*s", line_fault_name(fault), diag.field, diag.reason, (int)line.n, line.data);
    const char *at = event_difference(&event, &back);
    if (at)
        differ(&event, &back, at, line);
    count(reader, happening, &event);
}

/* Every API speaks it, whichever its account would have chosen. */
static void read_back_in_every_api(struct reader *reader, const struct happening *happening)
{
    if (happening->kind != HAPPENING_ASK) {
        read_back(reader, happening);
        return;
    }
    struct happening spoken = *happening;
    for (enum api api = API_OPENAI_CHAT; api < API_COUNT; api++) {
        spoken.style.api = (uint8_t)api;
        read_back(reader, &spoken);
    }
}

static void every_event_of_every_population_is_read_as_it_was_spoken(void **state)
{
    (void)state;
    struct reader reader;
    char *text = lab_every_population(LAB_HEAD("5") "releases: [{day: 1, model: m-large-2}]\n", 2);
    lab_world(&lab, text, 11, 1);
    reader_open(&reader);
    struct happened all = lab_run(lab.world, 12000);
    for (size_t i = 0; i < all.n; i++)
        read_back_in_every_api(&reader, &all.items[i]);
    assert_true(reader.exchanges > 9000);
    for (int api = API_OPENAI_CHAT; api < API_COUNT; api++)
        assert_true(reader.apis[api] > 3000);
    assert_true(reader.kinds[EVENT_ACCOUNT] > 40 && reader.kinds[EVENT_RELEASE] == 1);
    assert_true(reader.parts[PART_TEXT] && reader.parts[PART_TOOL_CALL] && reader.parts[PART_TOOL_RESULT] &&
                reader.parts[PART_REASONING] && reader.parts[PART_SIGNATURE]);
    assert_true(reader.finishes[FINISH_STOP] && reader.finishes[FINISH_TOOL] && reader.finishes[FINISH_NONE]);
    assert_true(reader.refused > 0 && reader.tools > 0);
    free(all.items);
    reader_close(&reader);
    free(text);
}

/* A detector's decisions, so that refusals of every kind are written too. */
static void decide_now_and_then(const struct happening *happenings, size_t n)
{
    static const enum action actions[] = { ACTION_THROTTLE, ACTION_RESTRICT, ACTION_VERIFY, ACTION_SUSPEND };
    for (size_t i = 0; i < n; i++)
        if (happenings[i].kind == HAPPENING_ASK && happenings[i].ask.serial % 97 == 0)
            assert_ok(world_decide(lab.world, happenings[i].account,
                actions[happenings[i].ask.serial / 97 % 4], lab.world->now_ms, lab.world->now_ms + DAY_MS));
}

static bool is_wanted(const struct happening *happening)
{
    bool ask = happening->kind == HAPPENING_ASK;
    return !ask || lab.world->accounts[happening->account].campaign >= 0 || happening->ask.serial % 16 == 0;
}

static void read_scenario(struct reader *reader, size_t wanted)
{
    const struct happening *happenings;
    size_t n, taken = 0;
    while (taken < wanted && world_step(lab.world, &happenings, &n) == STATUS_OK) {
        for (size_t i = 0; i < n; i++) {
            if (!is_wanted(&happenings[i]))
                continue;
            read_back_in_every_api(reader, &happenings[i]);
            taken += happenings[i].kind == HAPPENING_ASK; /* accounts come before */
        }
        decide_now_and_then(happenings, n);
    }
}

static void every_event_of_every_operator_is_read_as_it_was_spoken(void **state)
{
    (void)state;
    uint64_t flags = 0, refusals = 0;
    for (size_t i = 0; i < builtin_count(BUILTIN_SCENARIO); i++) {
        struct reader reader;
        const char *name = builtin_at(BUILTIN_SCENARIO, i)->name;
        lab_world(&lab, name, 5 + i, 0.006);
        reader_open(&reader);
        read_scenario(&reader, 1200);
        if (reader.exchanges < 300)
            fail_msg("%s: only %u exchanges", name, (unsigned)reader.exchanges);
        flags |= reader.flags;
        refusals += reader.finishes[FINISH_REFUSAL];
        reader_close(&reader);
    }
    assert_int_equal(flags & (ASK_EXTRACTION | ASK_RESTRICTED | ASK_QUOTES | ASK_REPLAYS | ASK_REFUSED),
        ASK_EXTRACTION | ASK_RESTRICTED | ASK_QUOTES | ASK_REPLAYS | ASK_REFUSED);
    assert_true(refusals > 0);
}

static void an_enforcement_by_another_desk_is_read_as_it_was_spoken(void **state)
{
    (void)state;
    struct reader reader;
    lab_world(&lab,
        LAB_HEAD("2") LAB_CAMPAIGN("one", "20", "5") LAB_JOBS "    raids: [{day: 1, share: 0.5}]\n", 3, 1);
    reader_open(&reader);
    struct happened all = lab_run(lab.world, SIZE_MAX);
    for (size_t i = 0; i < all.n; i++)
        read_back(&reader, &all.items[i]);
    assert_in_range(reader.kinds[EVENT_ENFORCEMENT], 4, 16);
    free(all.items);
    reader_close(&reader);
}

/* Text of every sort where text can stand. */
#define HARD "\xf0\x9f\xa7\xaa \"quoted\" \\ back\tslash\n\x01\x7f </script> \xe2\x80\xa8 {\"a\": [1]}"

static struct exchange hard_exchange(enum api api, struct part *parts, struct tool *tools)
{
    const struct span hard = SPAN(HARD), json = SPAN("{\"path\": \"a\\\"b\", \"n\": [1, 2.50, null]}");
    bool chat = api == API_OPENAI_CHAT, responses = api == API_OPENAI_RESPONSES;
    uint32_t m = 0;
    parts[0] = (struct part){ .role = ROLE_SYSTEM, .message = m++, .text = hard };
    parts[1] = (struct part){ .role = ROLE_USER, .message = m++, .text = hard };
    parts[2] = (struct part){ .role = ROLE_ASSISTANT, .message = m, .text = hard };
    m += responses;
    parts[3] = (struct part){ ROLE_ASSISTANT, PART_TOOL_CALL, 0, 0, m, json, SPAN("run"), SPAN("call_1") };
    m++;
    parts[4] = (struct part){ ROLE_TOOL, PART_TOOL_RESULT, 0, 0, m++, hard, { 0 }, SPAN("call_1") };
    parts[5] = (struct part){ ROLE_ASSISTANT, PART_TEXT, 1, 0, m, hard, { 0 }, { 0 } };
    tools[0] = (struct tool){ SPAN("run"), hard, SPAN("{\"type\": \"object\", \"properties\": {}}") };
    struct exchange exchange = { .id = hard,
        .account = hard,
        .api = api,
        .status = 200,
        .duration_ms = 7,
        .client = { .ip = SPAN("240.0.0.1"), .user_agent = hard, .asn = 4200000000 },
        .usage = { 12, 34, NUMBER_ABSENT, NUMBER_ABSENT },
        .response_id = hard,
        .response_model = SPAN("m"),
        .finish = FINISH_STOP,
        .n_tools = 1,
        .n_parts = 6,
        .tools = tools,
        .parts = parts };
    exchange.params = (struct exchange_params){ SPAN("m"), 100, 700, NUMBER_ABSENT, NUMBER_ABSENT,
        chat ? 2 : NUMBER_ABSENT, NUMBER_ABSENT, NUMBER_ABSENT, NUMBER_ABSENT, PARAM_STREAM, 0 };
    return exchange;
}

static void text_of_any_kind_survives_in_every_place(void **state)
{
    (void)state;
    struct line_parser *parser;
    assert_ok(line_parser_new(1 << 20, &parser));
    for (enum api api = API_OPENAI_CHAT; api < API_COUNT; api++) {
        struct part parts[6];
        struct tool tools[1];
        struct event event = { .kind = EVENT_EXCHANGE, .time_ms = INT64_C(1777881600123) }, back;
        enum line_fault fault;
        struct diag diag;
        struct json_writer writer;
        event.exchange = hard_exchange(api, parts, tools);
        json_writer_init(&writer, NULL);
        wire_event(&writer, &event);
        assert_true(buffer_reserve(&writer.buffer, LINE_PADDING));
        struct span line = json_writer_span(&writer);
        memset(writer.buffer.data + line.n, 0, LINE_PADDING);
        line.n--;
        assert_ok(line_parse(parser, line, &back, &fault, &diag));
        assert_true(back.exchange.params.names != 0);
        back.exchange.params.names = 0;
        const char *at = event_difference(&event, &back);
        if (at)
            differ(&event, &back, at, line);
        json_writer_fini(&writer);
    }
    line_parser_free(parser);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_of_any_kind_survives_in_every_place),
        cmocka_unit_test(every_event_of_every_population_is_read_as_it_was_spoken),
        cmocka_unit_test(every_event_of_every_operator_is_read_as_it_was_spoken),
        cmocka_unit_test(an_enforcement_by_another_desk_is_read_as_it_was_spoken),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
