#include "exchange/show.h"

#define CHAT(request, response)                                                                              \
    EXCHANGE(",\"api\":\"openai.chat\",\"request\":{" request "},\"response\":{" response "}")
#define HEAD EXCHANGE_HEAD "api=1 status=200 id=r1 account=a1"

static void the_example_of_the_format_is_read(void **state)
{
    (void)state;
    assert_parses_to(
        "{\"event\":\"exchange\",\"time\":\"2026-05-05T08:00:00.123Z\",\"id\":\"req_000001\",\"account\":"
        "\"acct_7f3a\","
        "\"key\":\"key_1\",\"client\":{\"ip\":\"198.51.100.7\",\"user_agent\":\"client/"
        "2.0\",\"country\":\"SG\","
        "\"asn\":64500},\"api\":\"openai.chat\",\"request\":{\"model\":\"m-large-2\",\"messages\":[{\"role\":"
        "\"system\","
        "\"content\":\"You are a careful engineer.\"},{\"role\":\"user\",\"content\":\"Write a function that "
        "merges two "
        "sorted "
        "lists.\"}],\"max_tokens\":2048,\"temperature\":1.0},\"status\":200,\"response\":{\"id\":\"cmpl_1\","
        "\"model\":\"m-large-2\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"role\":"
        "\"assistant\","
        "\"content\":\"def merge(a, b): ...\"}}],\"usage\":{\"prompt_tokens\":23,\"completion_tokens\":142,"
        "\"total_tokens\":165}},\"duration_ms\":2210}",
        "exchange 2026-05-05T08:00:00.123Z api=1 status=200 id=req_000001 account=acct_7f3a key=key_1 "
        "ip=198.51.100.7 "
        "user_agent=client/2.0 country=SG asn=64500 duration=2210 model=m-large-2 max=2048 temperature=1000 "
        "in=23 "
        "out=142 response=cmpl_1 response_model=m-large-2 finish=stop\n"
        "0 system text: You are a careful engineer.\n"
        "1 user text: Write a function that merges two sorted lists.\n"
        "2 assistant text issued: def merge(a, b): ...\n");
}

static void content_parts_of_every_kind_are_kept_or_counted(void **state)
{
    (void)state;
    assert_parses_to(
        CHAT(
            "\"messages\":[{\"role\":\"developer\",\"content\":[{\"type\":\"text\",\"text\":\"Be brief.\"}]},"
            "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"What is "
            "this?\"},{\"type\":\"image_url\","
            "\"image_url\":{\"url\":\"data:image/"
            "png;base64,AAAA\"}},{\"type\":\"input_audio\",\"input_audio\":"
            "{\"data\":\"AA\",\"format\":\"wav\"}},{\"type\":\"file\",\"file\":{\"file_id\":\"f\"}},"
            "{\"type\":\"hologram\",\"hologram\":7}]}]",
            "\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":null,\"refusal\":\"I will not.\"},"
            "\"finish_reason\":\"stop\"}]"),
        HEAD " finish=refusal\n"
             "0 system text: Be brief.\n"
             "1 user text: What is this?\n"
             "1 user image: \n"
             "1 user file: \n"
             "1 user file: \n"
             "1 user file: \n"
             "2 assistant refusal issued: I will not.\n");
}

static void tools_calls_and_results_are_read(void **state)
{
    (void)state;
    assert_parses_to(
        CHAT("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"look_up\",\"description\":\"Looks "
             "up.\","
             "\"parameters\": {\"type\":\"object\"} "
             "}}],\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":"
             "\"look_up\"}},\"messages\":[{\"role\":\"user\",\"content\":\"Who?\"},{\"role\":\"assistant\","
             "\"content\":null,"
             "\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"look_up\","
             "\"arguments\":"
             "\"{\\\"q\\\":1}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"call_1\",\"content\":\"Ada\"}]",
            "\"choices\":[{\"finish_reason\":\"tool_calls\",\"message\":{\"role\":\"assistant\",\"tool_"
            "calls\":[{\"id\":"
            "\"call_2\",\"type\":\"function\",\"function\":{\"name\":\"look_up\",\"arguments\":\"{}\"}}]}}]"),
        HEAD " flags=200 finish=tool\n"
             "tool name=look_up description=Looks up. schema={\"type\":\"object\"}\n"
             "0 user text: Who?\n"
             "1 assistant call name=look_up id=call_1: {\"q\":1}\n"
             "2 tool result id=call_1: Ada\n"
             "3 assistant call issued name=look_up id=call_2: {}\n");
}

static void the_outputs_of_all_choices_are_issued(void **state)
{
    (void)state;
    assert_parses_to(CHAT("\"n\":2,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]",
                         "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"One\"},"
                         "\"finish_reason\":\"length\"},{\"index\":1,\"message\":{\"role\":\"assistant\","
                         "\"content\":\"Two\"},"
                         "\"finish_reason\":\"stop\"}]"),
        HEAD " n=2 finish=length\n"
             "0 user text: Hi\n"
             "1 assistant text issued: One\n"
             "2 assistant text issued: Two\n");
}

static void sampling_parameters_are_read(void **state)
{
    (void)state;
    assert_parses_to(
        CHAT("\"model\":\"m\",\"max_completion_tokens\":2048.0,\"temperature\":0.7,\"top_p\":0.95,\"stop\":["
             "\"x\"],"
             "\"seed\":7,\"logprobs\":true,\"top_logprobs\":20,\"logit_bias\":{\"5\":1},\"stream\":true,"
             "\"presence_penalty\":0,\"frequency_penalty\":0.5,\"reasoning_effort\":\"high\",\"store\":false,"
             "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{}},\"user\":\"u\",\"safety_"
             "identifier\":\"s\","
             "\"messages\":[]",
            "\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":6,\"prompt_tokens_details\":{\"cached_"
            "tokens\":4},"
            "\"completion_tokens_details\":{\"reasoning_tokens\":3}},\"choices\":[]"),
        HEAD " end_user=s model=m max=2048 temperature=700 top_p=950 top_logprobs=20 effort=3 flags=40df "
             "in=5 out=6 "
             "reasoning=3 cached=4\n");
}

static void reasoning_of_compatible_servers_is_kept_apart(void **state)
{
    (void)state;
    assert_parses_to(CHAT("\"messages\":[]", "\"choices\":[{\"message\":{\"role\":\"assistant\",\"reasoning_"
                                             "content\":\"First, ...\",\"content\":"
                                             "\"Four.\"}}]"),
        HEAD "\n0 assistant reasoning issued: First, ...\n"
             "0 assistant text issued: Four.\n");
}

static void numbers_beyond_reason_are_clamped(void **state)
{
    (void)state;
    assert_parses_to(CHAT("\"max_tokens\":1e30,\"n\":-1,\"temperature\":1e300,\"top_p\":-0.5,\"top_k\":1e400,"
                          "\"messages\":[]",
                         ""),
        HEAD " max=2147483647 temperature=2147483647 top_k=2147483647\n");
}

static void token_counts_that_cannot_be_are_absent_and_hide_nothing(void **state)
{
    (void)state;
    static const char said[] = "\n0 assistant text issued: a\n";
    static const char *const counts[] = { "-1", "-1.0", "4294967296", "9007199254740993", "1e30", "-1e400" };
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        char line[1024], expected[256];
        snprintf(line, sizeof line,
            CHAT("", "\"choices\":[{\"message\":{\"content\":\"a\"}}],\"usage\":{\"prompt_tokens\":%s,"
                     "\"completion_tokens\":7,\"completion_tokens_details\":{\"reasoning_tokens\":%s}}"),
            counts[i], counts[i]);
        snprintf(expected, sizeof expected, HEAD " out=7%s", said);
        assert_parses_to(line, expected);
    }
    assert_parses_to(CHAT("", "\"usage\":{\"prompt_tokens\":4294967295}"), HEAD " in=4294967295\n");
    assert_parses_to(EXCHANGE(",\"api\":\"openai.chat\",\"response\":{\"usage\":{\"prompt_tokens\":-1}},"
                              "\"usage\":{\"input_tokens\":3}"),
        HEAD " in=3\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_format_is_read),
        cmocka_unit_test(content_parts_of_every_kind_are_kept_or_counted),
        cmocka_unit_test(tools_calls_and_results_are_read),
        cmocka_unit_test(the_outputs_of_all_choices_are_issued),
        cmocka_unit_test(sampling_parameters_are_read),
        cmocka_unit_test(reasoning_of_compatible_servers_is_kept_apart),
        cmocka_unit_test(numbers_beyond_reason_are_clamped),
        cmocka_unit_test(token_counts_that_cannot_be_are_absent_and_hide_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
