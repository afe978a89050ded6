#include "corpus/corpus.h"
#include "exchange/json.h"
#include "measure.h"
#include "support/test.h"

static struct corpus *corpus;
static struct json *json;

static int set_up(void **state)
{
    (void)state;
    return corpus_new(NULL, &corpus, NULL) != STATUS_OK || json_new(&json) != STATUS_OK;
}

static int tear_down(void **state)
{
    (void)state;
    corpus_free(corpus);
    json_free(json);
    return 0;
}

static struct span padded(struct buffer *text)
{
    assert_true(buffer_reserve(text, JSON_PADDING));
    memset(text->data + text->n, 0, JSON_PADDING);
    return buffer_span(text);
}

/* The hashes of an object's keys; of "properties" inside it where wanted. */
static size_t keys_of(struct buffer *text, bool properties, uint64_t *ret_keys)
{
    struct json_items members;
    struct json_value value;
    struct span key;
    size_t n = 0;
    enum status st;
    assert_ok(json_open(json, padded(text), &members));
    while ((st = json_next_member(json, &members, &key, &value)) == STATUS_OK) {
        if (!properties)
            measure_words(key, &ret_keys[n++]);
        if (!properties || !span_is(key, "properties"))
            continue;
        struct json_items inner;
        assert_ok(json_object(&value, &inner));
        while ((st = json_next_member(json, &inner, &key, &value)) == STATUS_OK)
            measure_words(key, &ret_keys[n++]);
        assert_int_equal(st, STATUS_END);
    }
    assert_int_equal(st, STATUS_END);
    assert_ok(json_at_end(json));
    return measure_distinct(ret_keys, n);
}

static bool is_name(const struct buffer *name)
{
    for (size_t i = 0; i < name->n; i++)
        if (!isalnum((unsigned char)name->data[i]) && name->data[i] != '_' && name->data[i] != '-')
            return false;
    return name->n > 0 && name->n <= 64;
}

static void tools_have_distinct_names_and_schemas_that_are_json(void **state)
{
    (void)state;
    struct buffer name = { 0 }, description = { 0 }, schema = { 0 };
    uint64_t names[64], keys[8];
    for (uint64_t set = 0; set < 200; set++) {
        unsigned n = corpus_tool_count(corpus, set);
        assert_in_range(n, 3, 16);
        for (unsigned i = 0; i < n; i++) {
            buffer_reset(&name);
            buffer_reset(&description);
            buffer_reset(&schema);
            assert_ok(corpus_tool(corpus, set, i, &name, &description, &schema));
            assert_true(is_name(&name));
            assert_true(description.n > 10);
            assert_in_range(keys_of(&schema, true, keys), 1, 3);
            names[i] = measure_run((uint64_t[8]){ 0 }, 0);
            for (size_t k = 0; k < name.n; k++)
                names[i] = mix_fold(names[i] ^ (unsigned char)name.data[k], UINT64_C(0xe7037ed1a0b428db));
        }
        assert_int_equal(measure_distinct(names, n), n);
    }
    buffer_fini(&name);
    buffer_fini(&description);
    buffer_fini(&schema);
}

/* The tool of the set whose name it is; fails where there is none. */
static void find_tool(uint64_t set, const struct buffer *called, struct buffer *schema)
{
    struct buffer name = { 0 }, description = { 0 };
    bool found = false;
    for (unsigned i = 0; i < corpus_tool_count(corpus, set) && !found; i++) {
        buffer_reset(&name);
        buffer_reset(schema);
        assert_ok(corpus_tool(corpus, set, i, &name, &description, schema));
        found = span_eq(buffer_span(&name), buffer_span(called));
    }
    assert_true(found);
    buffer_fini(&name);
    buffer_fini(&description);
}

static void a_call_names_a_tool_of_the_set_and_only_its_parameters(void **state)
{
    (void)state;
    struct buffer name = { 0 }, arguments = { 0 }, schema = { 0 };
    uint64_t given[8], known[8];
    for (uint64_t i = 0; i < 1000; i++) {
        buffer_reset(&name);
        buffer_reset(&arguments);
        assert_ok(corpus_tool_call(corpus, i % 30, i, (unsigned)(i % 7), &name, &arguments));
        find_tool(i % 30, &name, &schema);
        size_t n_given = keys_of(&arguments, false, given), n_known = keys_of(&schema, true, known);
        assert_true(n_given > 0);
        for (size_t k = 0; k < n_given; k++)
            assert_non_null(bsearch(&given[k], known, n_known, sizeof *known, measure_by_value));
    }
    buffer_fini(&name);
    buffer_fini(&arguments);
    buffer_fini(&schema);
}

static void system_prompts_have_their_length_and_share_hardly_anything(void **state)
{
    (void)state;
    struct buffer one = { 0 }, two = { 0 }, again = { 0 };
    for (uint64_t i = 0; i < 2 * CORPUS_PUBLIC_SYSTEMS; i++) {
        unsigned n = i % 3 ? 600 : 9000;
        buffer_reset(&one);
        buffer_reset(&two);
        buffer_reset(&again);
        assert_ok(corpus_system(corpus, i, n, &one));
        assert_ok(corpus_system(corpus, i + 1, n, &two));
        assert_ok(corpus_system(corpus, i, n, &again));
        assert_in_range(one.n, n, n + 400);
        assert_true(span_eq(buffer_span(&one), buffer_span(&again)));
        assert_true(measure_jaccard(buffer_span(&one), buffer_span(&two)) < 0.15);
    }
    buffer_fini(&one);
    buffer_fini(&two);
    buffer_fini(&again);
}

static void tool_results_have_their_length_and_differ_by_turn(void **state)
{
    (void)state;
    struct buffer one = { 0 }, two = { 0 };
    for (uint64_t i = 0; i < 200; i++) {
        buffer_reset(&one);
        buffer_reset(&two);
        assert_ok(corpus_tool_result(corpus, i, 1, 300, &one));
        assert_ok(corpus_tool_result(corpus, i, 2, 300, &two));
        assert_in_range(one.n, 1200, 1350);
        assert_true(measure_jaccard(buffer_span(&one), buffer_span(&two)) < 0.05);
    }
    buffer_fini(&one);
    buffer_fini(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tools_have_distinct_names_and_schemas_that_are_json),
        cmocka_unit_test(a_call_names_a_tool_of_the_set_and_only_its_parameters),
        cmocka_unit_test(system_prompts_have_their_length_and_share_hardly_anything),
        cmocka_unit_test(tool_results_have_their_length_and_differ_by_turn),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
