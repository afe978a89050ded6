#include "exchange/show.h"

#define MESSAGES(request, response)                                                                          \
    EXCHANGE(",\"api\":\"anthropic.messages\",\"request\":{" request "},\"response\":{" response "}")
#define HEAD EXCHANGE_HEAD "api=3 status=200 id=r1 account=a1"

static void blocks_of_every_kind_are_read(void **state)
{
    (void)state;
    assert_parses_to(
        MESSAGES("\"model\":\"m\",\"max_tokens\":1024,\"messages\":[{\"role\":\"user\",\"content\":[{"
                 "\"type\":\"text\",\"text\":"
                 "\"Read "
                 "this.\",\"cache_control\":{\"type\":\"ephemeral\"}},{\"type\":\"document\",\"source\":{"
                 "\"data\":\"AA\"}},"
                 "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"data\":\"AAAA\"}}]},{\"role\":"
                 "\"assistant\",\"content\":["
                 "{\"type\":\"thinking\",\"thinking\":\"Hm.\",\"signature\":\"c2ln\"},{\"type\":\"redacted_"
                 "thinking\",\"data\":"
                 "\"cmVk\"},{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"read\",\"input\":{\"path\":"
                 "\"a.c\"}}]},{\"role\":"
                 "\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"toolu_1\",\"content\":[{"
                 "\"type\":\"text\","
                 "\"text\":\"int "
                 "main\"},{\"type\":\"image\",\"source\":{}}]},{\"type\":\"tool_result\",\"tool_use_id\":"
                 "\"toolu_2\"},"
                 "{\"type\":\"text\",\"text\":\"Go on.\"}]}],\"system\":[{\"type\":\"text\",\"text\":\"You "
                 "code.\"}]",
            "\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[{"
            "\"type\":\"thinking\","
            "\"thinking\":\"So.\",\"signature\":\"c2ln\"},{\"type\":\"text\",\"text\":\"Done.\"},{\"type\":"
            "\"server_tool_use\","
            "\"id\":\"srv_1\",\"name\":\"web_search\",\"input\":{\"q\":\"x\"}},{\"type\":\"web_search_tool_"
            "result\","
            "\"tool_use_id\":\"srv_1\",\"content\":{\"type\":\"web_search_tool_result_error\",\"error_code\":"
            "\"x\"}}],"
            "\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":10,\"cache_creation_input_tokens\":100,"
            "\"cache_read_input_tokens\":1000,\"output_tokens\":5}"),
        HEAD
        " model=m max=1024 flags=1000 in=1110 out=5 cached=1000 response=msg_1 response_model=m finish=stop\n"
        "0 system text: You code.\n"
        "1 user text: Read this.\n"
        "1 user file: \n"
        "1 user image: \n"
        "2 assistant reasoning: Hm.\n"
        "2 assistant signature: c2ln\n"
        "2 assistant signature: cmVk\n"
        "2 assistant call name=read id=toolu_1: {\"path\":\"a.c\"}\n"
        "3 tool result id=toolu_1: int main\n"
        "3 tool image: \n"
        "3 tool result id=toolu_2: \n"
        "3 user text: Go on.\n"
        "4 assistant reasoning issued: So.\n"
        "4 assistant signature issued: c2ln\n"
        "4 assistant text issued: Done.\n"
        "4 assistant call issued name=web_search id=srv_1: {\"q\":\"x\"}\n"
        "4 tool file issued id=srv_1: \n");
}

static void a_last_assistant_message_is_a_prefill(void **state)
{
    (void)state;
    assert_parses_to(MESSAGES("\"messages\":[{\"role\":\"assistant\",\"content\":\"No.\"},{\"role\":\"user\","
                              "\"content\":\"List.\"},"
                              "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"1.\"},{"
                              "\"type\":\"text\",\"text\":"
                              "\"2.\"}]}],\"system\":\"Short.\"",
                         "\"content\":[]"),
        HEAD "\n0 system text: Short.\n"
             "1 assistant text: No.\n"
             "2 user text: List.\n"
             "3 assistant text prefill: 1.\n"
             "3 assistant text prefill: 2.\n");
    assert_parses_to(MESSAGES("\"messages\":[{\"role\":\"assistant\",\"content\":\"No.\"},{\"role\":\"user\","
                              "\"content\":\"\"}]",
                         ""),
        HEAD "\n0 assistant text: No.\n");
}

static void parameters_of_the_messages_api_are_read(void **state)
{
    (void)state;
    assert_parses_to(
        MESSAGES(
            "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":4096},\"metadata\":{\"user_id\":\"u9\"},"
            "\"top_k\":40,"
            "\"stop_sequences\":[\"END\"],\"stream\":true,\"tool_choice\":{\"type\":\"any\"},\"tools\":[{"
            "\"name\":\"t\","
            "\"description\":\"d\",\"input_schema\":{\"type\":\"object\"},\"cache_control\":{}},{\"type\":"
            "\"bash_20250124\",\"name\":\"bash\"}],\"messages\":[]",
            "\"stop_reason\":\"refusal\""),
        HEAD " end_user=u9 top_k=40 budget=4096 flags=1291 finish=refusal\n"
             "tool name=t description=d schema={\"type\":\"object\"}\n"
             "tool name=bash\n");
    assert_parses_to(MESSAGES("\"thinking\":{\"type\":\"disabled\"}", "\"stop_reason\":\"max_tokens\""),
        HEAD " finish=length\n");
}

static void the_end_user_of_the_line_goes_before_that_of_the_body(void **state)
{
    (void)state;
    assert_parses_to(EXCHANGE(",\"end_user\":\"line\",\"api\":\"anthropic.messages\",\"request\":{"
                              "\"metadata\":{\"user_id\":\"body\"}}"),
        HEAD " end_user=line\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_of_every_kind_are_read),
        cmocka_unit_test(a_last_assistant_message_is_a_prefill),
        cmocka_unit_test(parameters_of_the_messages_api_are_read),
        cmocka_unit_test(the_end_user_of_the_line_goes_before_that_of_the_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
