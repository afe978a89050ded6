#include "support/test.h"

#include "record/tokens.h"

#include <string.h>

static struct tokens *tokens;

static int make_tokens(void **state)
{
    (void)state;
    return tokens_new(&tokens) != STATUS_OK;
}

static int free_tokens(void **state)
{
    (void)state;
    tokens_free(tokens);
    return 0;
}

static void read_text(const char *text)
{
    tokens_reset(tokens);
    tokens_add(tokens, span_of(text));
}

/* The masked view: Q, U, C, N for what is masked, . for the rest. */
static const char *masked_of(const char *text)
{
    static char marks[256];
    read_text(text);
    for (size_t i = 0; i < tokens->n_masked; i++) {
        uint32_t hash = tokens->masked[i];
        marks[i] = hash == MASKED_QUOTE    ? 'Q'
                   : hash == MASKED_URL    ? 'U'
                   : hash == MASKED_CODE   ? 'C'
                   : hash == MASKED_NUMBER ? 'N'
                                           : '.';
    }
    marks[tokens->n_masked] = 0;
    return marks;
}

static void quotes_are_regions_only_if_they_close_soon(void **state)
{
    (void)state;
    assert_string_equal(masked_of("say \"a b c\" and `x y` and 'q r' end"), ".Q.Q.Q.");
    assert_string_equal(masked_of("it is 5\" wide\nand 6\" long"), "..N....N..");
    assert_string_equal(masked_of("rock 'n roll"), "....");
    assert_string_equal(masked_of("don't can't won't"), "...");
    char text[300] = "\"";
    memset(text + 1, 'a', 250);
    memcpy(text + 251, "\" b", 4);
    assert_string_equal(masked_of(text), "....");
    assert_string_equal(masked_of("\xe2\x80\x9c"
                                  "a b\xe2\x80\x9d c \xe3\x80\x8c\xe4\xb8\xad\xe3\x80\x8d"),
        "Q.Q");
}

static void code_fences_and_urls_are_regions(void **state)
{
    (void)state;
    assert_string_equal(masked_of("run\n```c\nint x = 1;\n```\nnow"), "..C..");
    assert_string_equal(masked_of("open ```int x"), ".C");
    assert_string_equal(masked_of("see https://a.example/b?c=1. Then www.example.org, ok"), ".U..U..");
    assert_string_equal(masked_of("c: //x and http:// y"), ".........");
}

static void slots_change_the_tokens_but_not_the_masked_view(void **state)
{
    (void)state;
    uint32_t masked[64];
    read_text("Rate item 17 called \"red fox\" from https://a.example/1 now");
    size_t n = tokens->n_masked;
    memcpy(masked, tokens->masked, n * sizeof *masked);
    read_text("Rate item 9 called \"a very slow dog\" from http://b.example/x/y now");
    assert_int_equal(tokens->n_masked, n);
    assert_memory_equal(masked, tokens->masked, n * sizeof *masked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_are_regions_only_if_they_close_soon),
        cmocka_unit_test(code_fences_and_urls_are_regions),
        cmocka_unit_test(slots_change_the_tokens_but_not_the_masked_view),
    };
    return cmocka_run_group_tests(tests, make_tokens, free_tokens);
}
