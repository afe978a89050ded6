#include "support/test.h"

#include "record/shape.h"

static struct key key;

static int start(void **state)
{
    (void)state;
    key_init(&key, key_default_secret);
    return 0;
}

static const struct part single[] = {
    { .role = ROLE_USER, .text = { "one", 3 } },
    { .role = ROLE_ASSISTANT, .issued = 1, .text = { "two", 3 } },
};

static struct exchange exchange_of(const struct part *parts, uint32_t n)
{
    struct exchange exchange = { .api = API_OPENAI_CHAT, .parts = parts, .n_parts = n };
    exchange.params.max_tokens = 100;
    return exchange;
}

static void text_and_output_do_not_matter(void **state)
{
    (void)state;
    struct part other[2] = { single[0], single[1] };
    struct exchange a = exchange_of(single, 2), b = exchange_of(other, 1);
    other[0].text = SPAN("something else");
    assert_true(shape_of(&key, &a) != 0);
    assert_true(shape_of(&key, &a) == shape_of(&key, &b));
}

static void parameters_and_structure_matter(void **state)
{
    (void)state;
    struct part parts[2] = { single[0], { .role = ROLE_SYSTEM, .text = SPAN("s") } };
    struct exchange base = exchange_of(single, 2), tokens = base, tools = base,
                    system = exchange_of(parts, 2);
    tokens.params.max_tokens++;
    tools.n_tools = 1;
    assert_true(shape_of(&key, &base) != shape_of(&key, &tokens));
    assert_true(shape_of(&key, &base) != shape_of(&key, &tools));
    assert_true(shape_of(&key, &base) != shape_of(&key, &system));
}

static void metadata_only_has_no_shape(void **state)
{
    (void)state;
    struct exchange exchange = { .api = API_NONE };
    assert_true(shape_of(&key, &exchange) == 0);
}

static void the_strongest_pattern_of_roles_wins(void **state)
{
    (void)state;
    struct part parts[] = {
        { .role = ROLE_USER },
        { .role = ROLE_ASSISTANT },
        { .role = ROLE_TOOL, .kind = PART_TOOL_RESULT },
        { .role = ROLE_ASSISTANT, .prefill = 1 },
    };
    for (uint32_t n = 0; n <= 4; n++) {
        struct exchange exchange = exchange_of(parts, n);
        assert_int_equal(role_pattern(&exchange), n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_and_output_do_not_matter),
        cmocka_unit_test(parameters_and_structure_matter),
        cmocka_unit_test(metadata_only_has_no_shape),
        cmocka_unit_test(the_strongest_pattern_of_roles_wins),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
