#include "lab/texts.h"

#include "fixture.h"

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

static void a_frame_is_the_corpus_frame_whoever_was_there_before(void **state)
{
    (void)state;
    struct texts texts;
    assert_ok(texts_init(&texts, lab.corpus));
    for (unsigned i = 0; i < 4000; i++) {
        const struct kept_frame *kept;
        struct buffer before = { 0 }, after = { 0 };
        struct talk talk = {
            .frame_kind = (uint8_t)(1 + i % (FRAME_KIND_COUNT - 1)), .frame = i % 37, .variant = i % 101 / 2
        };
        assert_ok(texts_frame(&texts, &talk, &kept));
        assert_ok(corpus_frame(lab.corpus, talk.frame_kind, talk.frame, talk.variant, &before, &after));
        assert_int_equal(kept->before.n, before.n);
        assert_int_equal(kept->after.n, after.n);
        assert_true(before.n == 0 || memcmp(kept->before.data, before.data, before.n) == 0);
        assert_true(after.n == 0 || memcmp(kept->after.data, after.data, after.n) == 0);
        buffer_fini(&before);
        buffer_fini(&after);
    }
    texts_fini(&texts);
}

static void a_system_prompt_is_of_its_number_and_its_length(void **state)
{
    (void)state;
    struct texts texts;
    assert_ok(texts_init(&texts, lab.corpus));
    for (unsigned i = 0; i < 3000; i++) {
        struct span text;
        struct buffer plain = { 0 };
        const struct style style = { .system = i % 700, .system_bytes = 400 + 300 * (i % 2) };
        assert_ok(texts_system(&texts, &style, &text));
        assert_ok(corpus_system(lab.corpus, style.system, style.system_bytes, &plain));
        assert_int_equal(text.n, plain.n);
        assert_memory_equal(text.data, plain.data, plain.n);
        buffer_fini(&plain);
    }
    texts_fini(&texts);
}

static void a_tool_set_has_every_tool_of_the_corpus(void **state)
{
    (void)state;
    struct texts texts;
    struct buffer name = { 0 }, description = { 0 }, schema = { 0 };
    assert_ok(texts_init(&texts, lab.corpus));
    for (uint64_t i = 0; i < 900; i++) {
        const struct tool *tools;
        uint32_t n;
        uint64_t toolset = i * i % 601;
        assert_ok(texts_tools(&texts, toolset, &tools, &n));
        assert_true(n > 0 && (n == corpus_tool_count(lab.corpus, toolset) || n == TOOLS_MAX));
        for (uint32_t k = 0; k < n; k++) {
            name.n = description.n = schema.n = 0;
            assert_ok(corpus_tool(lab.corpus, toolset, k, &name, &description, &schema));
            assert_int_equal(tools[k].name.n, name.n);
            assert_memory_equal(tools[k].name.data, name.data, name.n);
            assert_int_equal(tools[k].schema.n, schema.n);
            assert_memory_equal(tools[k].schema.data, schema.data, schema.n);
            assert_int_equal(tools[k].description.n, description.n);
        }
    }
    buffer_fini(&name);
    buffer_fini(&description);
    buffer_fini(&schema);
    texts_fini(&texts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_is_the_corpus_frame_whoever_was_there_before),
        cmocka_unit_test(a_system_prompt_is_of_its_number_and_its_length),
        cmocka_unit_test(a_tool_set_has_every_tool_of_the_corpus),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
