#include "exchange/show.h"

#include "support/alloc_sweep.h"

#include <sys/mman.h>
#include <unistd.h>

#define CHAT(request) EXCHANGE(",\"api\":\"openai.chat\",\"request\":{" request "}")

/* The line has the fault, at the field. */
static void assert_fault(const char *line, const char *fault, const char *field)
{
    char expected[128];
    snprintf(expected, sizeof expected, "%s [%s] ", fault, field);
    char *shown = parsed(line, strlen(line));
    if (strncmp(shown, expected, strlen(expected)) != 0) {
        fprintf(stderr, "-- line\n%s\n-- expected\n%s\n-- got\n%s", line, expected, shown);
        fail();
    }
    free(shown);
}

static void a_line_of_metadata_only_is_an_exchange(void **state)
{
    (void)state;
    assert_parses_to("{\"time\":\"2026-05-05T10:00:00+02:00\",\"id\":\"r1\",\"account\":\"a1\","
                     "\"organization\":\"o1\",\"key\":\"k1\","
                     "\"end_user\":\"e1\",\"session\":\"s1\",\"status\":429,\"usage\":{\"input_tokens\":3,"
                     "\"output_tokens\":4},"
                     "\"client\":{\"ja4\":\"t13d\",\"header_order\":[\"host\",\"user-agent\"]}}",
        "exchange 2026-05-05T08:00:00.000Z api=0 status=429 id=r1 account=a1 organization=o1 key=k1 "
        "end_user=e1 "
        "session=s1 ja4=t13d headers=host,user-agent in=3 out=4\n");
}

static void the_other_events_are_read(void **state)
{
    (void)state;
    assert_parses_to("{\"event\":\"account\",\"time\":\"2026-05-01T09:12:44Z\",\"account\":\"a1\","
                     "\"organization\":\"o\",\"created\":"
                     "\"1970-01-01T00:00:01Z\",\"tier\":\"enterprise\",\"programme\":\"research\","
                     "\"verified\":[\"email\",\"business\"],"
                     "\"email_domain\":\"d\",\"phone_country\":\"SG\",\"country\":\"DE\",\"payment\":\"p\","
                     "\"signup_ip\":\"::1\","
                     "\"device\":\"x\",\"reseller\":true}",
        "account 2026-05-01T09:12:44.000Z tier=4 programme=3 verified=9 reseller=1 account=a1 organization=o "
        "created=1000 domain=d phone=SG country=DE payment=p ip=::1 device=x\n");
    assert_parses_to("{\"account\":\"a1\",\"time\":\"2026-05-01T09:12:44Z\",\"event\":\"account\"}",
        "account 2026-05-01T09:12:44.000Z tier=0 programme=0 verified=0 reseller=-1 account=a1\n");
    assert_parses_to("{\"event\":\"enforcement\",\"time\":\"2026-05-01T09:12:44Z\",\"account\":\"a1\","
                     "\"action\":\"suspended\","
                     "\"source\":\"abuse desk\"}",
        "enforcement 2026-05-01T09:12:44.000Z action=2 account=a1 source=abuse desk\n");
    assert_parses_to("{\"event\":\"release\",\"time\":\"2026-05-04T16:00:00Z\",\"model\":\"m-2\"}",
        "release 2026-05-04T16:00:00.000Z model=m-2\n");
}

static void the_order_of_keys_changes_nothing(void **state)
{
    (void)state;
    const char *expected = EXCHANGE_HEAD "api=1 status=200 id=r1 account=a1 model=m in=1 out=2 finish=stop\n"
                                         "0 user text: Hi\n"
                                         "1 assistant text issued: Ho\n";
    static const char response[] = "\"response\":{\"usage\":{\"completion_tokens\":2,\"prompt_tokens\":1},"
                                   "\"choices\":[{\"finish_reason\":\"stop\","
                                   "\"message\":{\"content\":\"Ho\",\"role\":\"assistant\"}}]}";
    static const char *const members[] = { "\"time\":\"2026-05-05T08:00:00Z\"", "\"id\":\"r1\"",
        "\"account\":\"a1\"", "\"status\":200", "\"api\":\"openai.chat\"",
        "\"request\":{\"messages\":[{\"content\":\"Hi\",\"role\":\"user\"}],\"model\":\"m\"}", response,
        "\"event\":\"exchange\"" };
    enum { N = sizeof members / sizeof *members };
    uint64_t seed = 7;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (int round = 0; round < 200; round++) {
        int order[N] = { 0 };
        for (int i = 0; i < N; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            int j = (int)((seed >> 33) % (uint64_t)(i + 1));
            order[i] = order[j];
            order[j] = i;
        }
        char line[1024];
        int n = 0;
        for (int i = 0; i < N; i++)
            n += snprintf(line + n, sizeof line - (size_t)n, "%s%s", i ? "," : "{", members[order[i]]);
        snprintf(line + n, sizeof line - (size_t)n, "}");
        assert_parses_to(line, expected);
    }
}

static void of_a_key_given_twice_the_last_counts(void **state)
{
    (void)state;
    assert_parses_to("{\"time\":\"2026-05-05T08:00:00Z\",\"id\":\"x\",\"id\":\"r1\",\"account\":\"a1\","
                     "\"status\":500,\"status\":200,"
                     "\"api\":\"openai.chat\",\"request\":{\"messages\":[{\"role\":\"user\",\"content\":"
                     "\"no\"}],\"messages\":["
                     "{\"role\":\"user\",\"content\":\"yes\"}],\"tools\":[{\"name\":\"no\"}],\"tools\":[{"
                     "\"name\":\"yes\"}]}}",
        EXCHANGE_HEAD "api=1 status=200 id=r1 account=a1\ntool name=yes\n0 user text: yes\n");
    assert_parses_to(EXCHANGE(",\"api\":\"openai.chat\",\"request\":{\"messages\":[{\"role\":\"user\","
                              "\"content\":\"no\"}]},\"request\":"
                              "{\"input\":\"yes\"},\"api\":\"openai.responses\""),
        EXCHANGE_HEAD "api=2 status=200 id=r1 account=a1\n0 user text: yes\n");
}

static void null_is_absent(void **state)
{
    (void)state;
    assert_parses_to(
        EXCHANGE(
            ",\"key\":null,\"client\":null,\"api\":null,\"request\":null,\"response\":null,\"usage\":null,"
            "\"duration_ms\":null"),
        EXCHANGE_HEAD "api=0 status=200 id=r1 account=a1\n");
    assert_fault("{\"time\":null,\"id\":\"r1\",\"account\":\"a1\",\"status\":200}", "missing_key", "time");
}

static void escapes_are_taken_off_once(void **state)
{
    (void)state;
    assert_parses_to(
        CHAT("\"m\\u006fdel\":\"a\\\\b\\/"
             "\\\"\",\"messages\":[{\"role\":\"user\",\"content\":\"\\u00e9\\ud83d\\ude00\\n.\"}]"),
        EXCHANGE_HEAD
        "api=1 status=200 id=r1 account=a1 model=a\\b/\"\n0 user text: \xc3\xa9\xf0\x9f\x98\x80\n.\n");
}

static void a_lone_surrogate_becomes_the_replacement_character(void **state)
{
    (void)state;
    assert_parses_to(CHAT("\"messages\":[{\"role\":\"user\",\"content\":\"a\\ud83d\"},{\"role\":\"user\","
                          "\"content\":\"\\ude00\\ud83dx\\t\"}]"),
        EXCHANGE_HEAD "api=1 status=200 id=r1 account=a1\n0 user text: a\xef\xbf\xbd\n1 user text: "
                      "\xef\xbf\xbd\xef\xbf\xbdx\t\n");
}

static void a_nul_byte_in_a_string_is_kept(void **state)
{
    (void)state;
    struct line_parser *parser;
    struct event event;
    enum line_fault fault;
    static const char text[] = CHAT("\"messages\":[{\"role\":\"user\",\"content\":\"a\\u0000b\"}]");
    char line[sizeof text + LINE_PADDING] = { 0 };
    memcpy(line, text, sizeof text);
    assert_ok(line_parser_new(1 << 20, &parser));
    assert_ok(line_parse(parser, (struct span){ line, sizeof text - 1 }, &event, &fault, NULL));
    assert_int_equal(event.exchange.parts[0].text.n, 3);
    assert_memory_equal(event.exchange.parts[0].text.data, "a\0b", 3);
    line_parser_free(parser);
}

static void what_is_not_json_is_not_json(void **state)
{
    (void)state;
    static const char *const lines[] = { "hello", "[]", "7", "\"x\"", "{", "{}}", "{\"a\":1", "{\"a\":1}x",
        "{\"a\" 1}", "{\"a\":1,}", "{\"id\":tru}", "{\"status\":1.2.3}", "{\"id\":\"\xff\"}",
        "{\"id\":\"a\tb\"}", "{\"id\":\"\\x\"}", "{\"id\":\"\\ud8\"}", "{\"a\":[}", "{\"id\":nul}",
        "{\"time\":\"2026-05-05T08:00:00Z\",\"id\":5,\"b\"" };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_fault(lines[i], "not_json", "");
}

static void bytes_that_are_no_text_are_named_by_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *line, *reason;
    } lines[] = {
        { "{\"id\":\"\xc3\xa4\xff\"}", "not UTF-8: byte 10 of the line" },
        { "\xff\xfe{", "not UTF-8: byte 1 of the line" },
        { "{\"id\":\"\xc3\xa4\"", "not a JSON object" },
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct line_parser *parser;
        struct event event;
        enum line_fault fault;
        struct diag diag = { 0 };
        char line[128] = { 0 };
        size_t n = strlen(lines[i].line);
        memcpy(line, lines[i].line, n);
        assert_ok(line_parser_new(1 << 20, &parser));
        assert_int_equal(line_parse(parser, (struct span){ line, n }, &event, &fault, &diag), STATUS_BAD);
        assert_int_equal(fault, FAULT_NOT_JSON);
        assert_string_equal(diag.reason, lines[i].reason);
        line_parser_free(parser);
    }
}

static void each_required_key_is_missed(void **state)
{
    (void)state;
    assert_fault("{}", "missing_key", "time");
    assert_fault("{\"time\":\"2026-05-05T08:00:00Z\",\"account\":\"a\",\"status\":200}", "missing_key", "id");
    assert_fault("{\"time\":\"2026-05-05T08:00:00Z\",\"id\":\"r\",\"status\":200}", "missing_key", "account");
    assert_fault(
        "{\"time\":\"2026-05-05T08:00:00Z\",\"id\":\"r\",\"account\":\"a\"}", "missing_key", "status");
    assert_fault(EXCHANGE(",\"request\":{}"), "missing_key", "api");
    assert_fault("{\"event\":\"release\",\"time\":\"2026-05-05T08:00:00Z\"}", "missing_key", "model");
    assert_fault("{\"event\":\"account\",\"time\":\"2026-05-05T08:00:00Z\"}", "missing_key", "account");
    assert_fault("{\"time\":\"2026-05-05T08:00:00Z\",\"account\":\"a\",\"event\":\"enforcement\"}",
        "missing_key", "action");
}

static void a_wrong_type_is_named_by_its_path(void **state)
{
    (void)state;
    assert_fault("{\"time\":7}", "wrong_type", "time");
    assert_fault("{\"id\":{}}", "wrong_type", "id");
    assert_fault(EXCHANGE(",\"client\":[]"), "wrong_type", "client");
    assert_fault(EXCHANGE(",\"client\":{\"asn\":\"x\"}"), "wrong_type", "client.asn");
    assert_fault(EXCHANGE(",\"client\":{\"asn\":1.5}"), "wrong_type", "client.asn");
    assert_fault(
        EXCHANGE(",\"client\":{\"header_order\":[\"a\",1]}"), "wrong_type", "client.header_order[1]");
    assert_fault(CHAT("\"messages\":\"hello\""), "wrong_type", "request.messages");
    assert_fault(CHAT("\"messages\":[{},{},{\"content\":5}]"), "wrong_type", "request.messages[2].content");
    assert_fault(CHAT("\"messages\":[{\"content\":[{\"type\":\"text\",\"text\":5}]}]"), "wrong_type",
        "request.messages[0].content[0].text");
    assert_fault(CHAT("\"temperature\":\"hot\""), "wrong_type", "request.temperature");
    assert_fault(EXCHANGE(",\"api\":\"openai.chat\",\"response\":{\"choices\":[{\"message\":[]}]}"),
        "wrong_type", "response.choices[0].message");
    assert_fault(
        "{\"event\":\"account\",\"time\":\"2026-05-05T08:00:00Z\",\"account\":\"a\",\"reseller\":\"yes\"}",
        "wrong_type", "reseller");
}

static void an_impossible_value_is_a_bad_value(void **state)
{
    (void)state;
    assert_fault("{\"time\":\"yesterday\"}", "bad_value", "time");
    assert_fault("{\"event\":\"party\"}", "bad_value", "event");
    assert_fault(EXCHANGE(",\"api\":\"telepathy\""), "bad_value", "api");
    assert_fault("{\"status\":99}", "bad_value", "status");
    assert_fault("{\"status\":600}", "bad_value", "status");
    assert_fault("{\"status\":1e400}", "bad_value", "status");
    assert_fault(EXCHANGE(",\"duration_ms\":-1"), "bad_value", "duration_ms");
    assert_fault(EXCHANGE(",\"client\":{\"asn\":4294967296}"), "bad_value", "client.asn");
    assert_fault(EXCHANGE(",\"usage\":{\"input_tokens\":-5}"), "bad_value", "usage.input_tokens");
    assert_fault("{\"account\":\"\"}", "bad_value", "account");
    assert_fault("{\"event\":\"account\",\"tier\":\"gold\"}", "bad_value", "tier");
    assert_fault("{\"event\":\"account\",\"verified\":[\"email\",\"soul\"]}", "bad_value", "verified[1]");
    assert_fault("{\"event\":\"enforcement\",\"action\":\"hugged\"}", "bad_value", "action");
}

static void an_id_has_at_most_255_bytes(void **state)
{
    (void)state;
    char line[1024], id[257];
    memset(id, 'x', 256);
    id[256] = 0;
    snprintf(line, sizeof line, "{\"id\":\"%s\"}", id);
    assert_fault(line, "bad_value", "id");
    snprintf(line, sizeof line, "{\"id\":\"%s\"}", id + 1);
    assert_fault(line, "missing_key", "time");
}

static void a_line_beyond_the_limit_is_too_long(void **state)
{
    (void)state;
    struct line_parser *parser;
    struct event event;
    enum line_fault fault;
    char line[200] = "{\"event\":\"release\",\"time\":\"2026-05-05T08:00:00Z\",\"model\":\"m\"}";
    size_t n = strlen(line);
    assert_ok(line_parser_new(n, &parser));
    assert_ok(line_parse(parser, (struct span){ line, n }, &event, &fault, NULL));
    line[n] = ' ';
    assert_int_equal(line_parse(parser, (struct span){ line, n + 1 }, &event, &fault, NULL), STATUS_BAD);
    assert_int_equal(fault, FAULT_TOO_LONG);
    line_parser_free(parser);
}

static void what_the_provider_refused_may_have_any_shape(void **state)
{
    (void)state;
    assert_parses_to("{\"time\":\"2026-05-05T08:00:00Z\",\"id\":\"r1\",\"account\":\"a1\",\"api\":\"openai."
                     "chat\",\"request\":{\"model\":\"m\","
                     "\"temperature\":\"hot\",\"messages\":[{\"role\":\"user\",\"content\":7},{\"role\":"
                     "\"user\",\"content\":\"Hi\"},9],"
                     "\"n\":2},\"status\":400,\"response\":\"no\"}",
        EXCHANGE_HEAD "api=1 status=400 id=r1 account=a1 model=m n=2\n0 user text: Hi\n");
    assert_fault(
        "{\"time\":\"2026-05-05T08:00:00Z\",\"id\":7,\"account\":\"a1\",\"status\":400}", "wrong_type", "id");
}

static void unknown_keys_of_the_line_are_noted_once(void **state)
{
    (void)state;
    struct line_parser *parser;
    struct event event;
    enum line_fault fault;
    static const char text[] = EXCHANGE(",\"colour\":1,\"client\":{\"shoe\\n\":2},\"usage\":{\"x\":1},"
                                        "\"api\":\"openai.chat\",\"request\":{\"new\":1}");
    char line[sizeof text + LINE_PADDING] = { 0 };
    memcpy(line, text, sizeof text);
    assert_ok(line_parser_new(1 << 20, &parser));
    for (int i = 0; i < 3; i++)
        assert_ok(line_parse(parser, (struct span){ line, sizeof text - 1 }, &event, &fault, NULL));
    assert_string_equal(line_parser_unknown(parser, 0), "colour");
    assert_string_equal(line_parser_unknown(parser, 1), "client.shoe?");
    assert_string_equal(line_parser_unknown(parser, 2), "usage.x");
    assert_null(line_parser_unknown(parser, 3));
    line_parser_free(parser);
}

static void depth_costs_no_stack(void **state)
{
    (void)state;
    enum { DEEP = 200000 };
    char *line = calloc(1, 4 * DEEP + 400);
    assert_non_null(line);
    strcpy(line, EXCHANGE(""));
    char *at = line + strlen(line) - 1;
    at += sprintf(at, ",\"odd\":");
    memset(at, '[', DEEP);
    memset(at + DEEP, ']', DEEP);
    strcpy(at + 2 * DEEP, "}");
    assert_parses_to(line, EXCHANGE_HEAD "api=0 status=200 id=r1 account=a1\n");
    at = line + sprintf(line, "%s", EXCHANGE(",\"api\":\"anthropic.messages\"")) - 1;
    at += sprintf(at, ",\"request\":{\"messages\":[");
    for (int i = 0; i < 20000; i++)
        at += sprintf(at, "{\"content\":[");
    for (int i = 0; i < 20000; i++)
        at += sprintf(at, "]}");
    strcpy(at, "]}}");
    char *shown = parsed(line, strlen(line));
    assert_memory_equal(shown, "exchange", 8);
    free(shown);
    free(line);
}

static void nothing_is_read_beyond_the_padding(void **state)
{
    (void)state;
    static const char text[] = CHAT("\"messages\":[{\"role\":\"user\",\"content\":\"ab\\n\"}]");
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(pages, MAP_FAILED);
    assert_int_equal(mprotect(pages + page, page, PROT_NONE), 0);
    struct line_parser *parser;
    assert_ok(line_parser_new(1 << 20, &parser));
    for (size_t n = 0; n < sizeof text; n++) {
        char *line = pages + page - LINE_PADDING - n;
        struct event event;
        enum line_fault fault;
        memset(line, '}', n + LINE_PADDING);
        memcpy(line, text, n);
        enum status st = line_parse(parser, (struct span){ line, n }, &event, &fault, NULL);
        assert_int_equal(st, n == sizeof text - 1 ? STATUS_OK : STATUS_BAD);
        if (st == STATUS_BAD)
            assert_int_equal(fault, FAULT_NOT_JSON);
    }
    line_parser_free(parser);
    munmap(pages, 2 * page);
}

static void running_out_of_memory_leaves_the_outputs_alone(void **state)
{
    (void)state;
    static const char text[] =
        CHAT("\"tools\":[{\"name\":\"t\"}],\"messages\":[{\"role\":\"user\",\"content\":\"\\ud800\"}]");
    char line[sizeof text + LINE_PADDING] = { 0 };
    memcpy(line, text, sizeof text);
    bool reached = true;
    for (long n = 0; reached; n++) {
        struct line_parser *parser = NULL;
        struct event event = { .time_ms = 42 };
        enum line_fault fault = FAULT_COUNT;
        alloc_sweep_arm(n);
        enum status st = line_parser_new(1 << 20, &parser);
        if (st == STATUS_OK)
            st = line_parse(parser, (struct span){ line, sizeof text - 1 }, &event, &fault, NULL);
        reached = alloc_sweep_disarm();
        assert_int_equal(st, reached ? STATUS_NOMEM : STATUS_OK);
        if (reached)
            assert_int_equal(event.time_ms, 42);
        assert_int_equal(fault, FAULT_COUNT);
        line_parser_free(parser);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_of_metadata_only_is_an_exchange),
        cmocka_unit_test(the_other_events_are_read),
        cmocka_unit_test(the_order_of_keys_changes_nothing),
        cmocka_unit_test(of_a_key_given_twice_the_last_counts),
        cmocka_unit_test(null_is_absent),
        cmocka_unit_test(escapes_are_taken_off_once),
        cmocka_unit_test(a_lone_surrogate_becomes_the_replacement_character),
        cmocka_unit_test(a_nul_byte_in_a_string_is_kept),
        cmocka_unit_test(what_is_not_json_is_not_json),
        cmocka_unit_test(bytes_that_are_no_text_are_named_by_their_place),
        cmocka_unit_test(each_required_key_is_missed),
        cmocka_unit_test(a_wrong_type_is_named_by_its_path),
        cmocka_unit_test(an_impossible_value_is_a_bad_value),
        cmocka_unit_test(an_id_has_at_most_255_bytes),
        cmocka_unit_test(a_line_beyond_the_limit_is_too_long),
        cmocka_unit_test(what_the_provider_refused_may_have_any_shape),
        cmocka_unit_test(unknown_keys_of_the_line_are_noted_once),
        cmocka_unit_test(depth_costs_no_stack),
        cmocka_unit_test(nothing_is_read_beyond_the_padding),
        cmocka_unit_test(running_out_of_memory_leaves_the_outputs_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
