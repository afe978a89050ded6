#include "exchange/show.h"

#define RESPONSES(request, response)                                                                         \
    EXCHANGE(",\"api\":\"openai.responses\",\"request\":{" request "},\"response\":{" response "}")
#define HEAD EXCHANGE_HEAD "api=2 status=200 id=r1 account=a1"

static void a_string_is_an_input(void **state)
{
    (void)state;
    assert_parses_to(RESPONSES("\"model\":\"m\",\"input\":\"Say hello.\",\"instructions\":\"Be "
                               "kind.\",\"previous_response_id\":\"resp_0\","
                               "\"max_output_tokens\":64",
                         "\"id\":\"resp_1\",\"status\":\"completed\",\"model\":\"m-1\",\"output\":[{\"type\":"
                         "\"message\",\"id\":\"msg_1\","
                         "\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hello.\"}]"
                         "}],\"usage\":{\"input_tokens\":"
                         "9,\"output_tokens\":2,\"output_tokens_details\":{\"reasoning_tokens\":0},\"input_"
                         "tokens_details\":"
                         "{\"cached_tokens\":8}}"),
        HEAD " model=m max=64 flags=800 in=9 out=2 reasoning=0 cached=8 response=resp_1 previous=resp_0 "
             "response_model=m-1 finish=stop\n"
             "0 system text: Be kind.\n"
             "1 user text: Say hello.\n"
             "2 assistant text issued: Hello.\n");
}

static void items_of_every_kind_are_read(void **state)
{
    (void)state;
    assert_parses_to(
        RESPONSES(
            "\"input\":[{\"role\":\"user\",\"content\":\"Add.\"},{\"type\":\"message\",\"role\":\"user\","
            "\"content\":["
            "{\"type\":\"input_text\",\"text\":\"Look:\"},{\"type\":\"input_image\",\"image_url\":\"u\"},{"
            "\"type\":"
            "\"input_file\",\"file_id\":\"f\"}]},{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[{"
            "\"type\":"
            "\"summary_text\",\"text\":\"Adding.\"}],\"encrypted_content\":\"gAAA\"},{\"type\":\"function_"
            "call\",\"id\":"
            "\"fc_1\",\"call_id\":\"call_1\",\"name\":\"add\",\"arguments\":\"{}\"},{\"type\":\"function_"
            "call_output\","
            "\"call_id\":\"call_1\",\"output\":\"4\"},{\"type\":\"item_reference\",\"id\":\"x\"},{\"type\":"
            "\"web_search_call\",\"id\":\"ws_1\",\"status\":\"completed\"},{\"type\":\"quantum_item\",\"x\":"
            "1}]",
            "\"status\":\"completed\",\"output\":[{\"type\":\"function_call\",\"call_id\":\"call_2\","
            "\"name\":\"add\","
            "\"arguments\":\"{}\"}]"),
        HEAD " finish=tool\n"
             "0 user text: Add.\n"
             "1 user text: Look:\n"
             "1 user image: \n"
             "1 user file: \n"
             "2 assistant reasoning: Adding.\n"
             "2 assistant signature id=rs_1: gAAA\n"
             "3 assistant call name=add id=call_1: {}\n"
             "4 tool result id=call_1: 4\n"
             "5 assistant call name=web_search_call id=ws_1: \n"
             "6 user file: \n"
             "7 assistant call issued name=add id=call_2: {}\n");
}

static void parameters_of_the_responses_api_are_read(void **state)
{
    (void)state;
    assert_parses_to(
        RESPONSES("\"input\":[],\"reasoning\":{\"effort\":\"low\",\"summary\":\"auto\"},\"text\":{\"format\":"
                  "{\"type\":"
                  "\"json_object\"},\"verbosity\":\"low\"},\"include\":[\"reasoning.encrypted_content\","
                  "\"message.output_text.logprobs\"],\"store\":true,\"tool_choice\":\"required\",\"tools\":[{"
                  "\"type\":"
                  "\"function\",\"name\":\"f\",\"description\":\"d\",\"parameters\":{\"a\":[1]}},{\"type\":"
                  "\"web_search\"}],"
                  "\"user\":\"u1\",\"conversation\":{\"id\":\"conv\"}",
            "\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"max_output_tokens\"}"),
        HEAD " end_user=u1 effort=1 flags=23a2 finish=length\n"
             "tool name=f description=d schema={\"a\":[1]}\n"
             "tool name=web_search\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_string_is_an_input),
        cmocka_unit_test(items_of_every_kind_are_read),
        cmocka_unit_test(parameters_of_the_responses_api_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
