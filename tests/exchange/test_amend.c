#include "exchange/amend.h"

#include "support/alloc_sweep.h"
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT = 1 << 16 };

#define VALUE(json)                                                                                          \
    {                                                                                                        \
        (json), sizeof(json) - 1                                                                             \
    }

static struct amend *scanned(const char *text, char *body)
{
    struct amend *amend = NULL;
    memset(body, 0, strlen(text) + JSON_PADDING);
    memcpy(body, text, strlen(text));
    assert_ok(amend_new(LIMIT, &amend));
    assert_ok(amend_scan(amend, (struct span){ body, strlen(text) }, NULL));
    return amend;
}

static void assert_amended(
    const char *text, const struct amend_change *changes, size_t n, const char *expected)
{
    char body[1024];
    struct amend *amend = scanned(text, body);
    struct buffer out = { 0 };
    assert_ok(amend_write(amend, changes, n, &out));
    buffer_put_char(&out, 0);
    assert_string_equal(out.data, expected);
    buffer_fini(&out);
    amend_free(amend);
}

static const struct amend_change set[] = { { "model", VALUE("\"x\"") } };
static const struct amend_change gone[] = { { "model", { NULL, 0 } } };

static void members_are_found_with_their_values(void **state)
{
    (void)state;
    char body[256];
    struct amend *amend =
        scanned(" { \"a\" : [1, {\"model\":2}] , \"b\":\"x\\\"\" ,\"n\": -1.5e3\n, \"t\":true } ", body);
    static const char *const keys[] = { "a", "b", "n", "t" };
    static const char *const values[] = { "[1, {\"model\":2}]", "\"x\\\"\"", "-1.5e3", "true" };
    for (size_t i = 0; i < 4; i++) {
        assert_true(span_is(amend_at(amend, i)->key, keys[i]));
        assert_true(span_is(amend_at(amend, i)->value, values[i]));
        assert_false(amend_at(amend, i)->repeated);
        assert_ptr_equal(amend_find(amend, keys[i]), amend_at(amend, i));
    }
    assert_null(amend_at(amend, 4));
    assert_null(amend_find(amend, "model"));
    amend_free(amend);
}

static void a_key_written_with_escapes_is_a_repetition(void **state)
{
    (void)state;
    char body[256];
    struct amend *amend = scanned("{\"model\":1,\"n\":2,\"\\u006dodel\":3,\"Model\":4}", body);
    assert_true(amend_at(amend, 0)->repeated);
    assert_false(amend_at(amend, 1)->repeated);
    assert_true(amend_at(amend, 2)->repeated);
    assert_false(amend_at(amend, 3)->repeated);
    assert_ptr_equal(amend_find(amend, "model"), amend_at(amend, 2));
    amend_free(amend);
}

static void a_value_is_replaced_in_its_place(void **state)
{
    (void)state;
    assert_amended("{\"model\":\"a\"}", set, 1, "{\"model\":\"x\"}");
    assert_amended(" {\n \"n\":1, \"model\" : {\"a\":[]} ,\n\"z\":2\n}\n", set, 1,
        " {\n \"n\":1, \"model\":\"x\" ,\n\"z\":2\n}\n");
    assert_amended("{\"\\u006dodel\":1}", set, 1, "{\"model\":\"x\"}");
}

static void a_key_that_is_not_there_is_appended(void **state)
{
    (void)state;
    assert_amended("{}", set, 1, "{\"model\":\"x\"}");
    assert_amended("{ }", set, 1, "{\"model\":\"x\"}");
    assert_amended("{\"n\":{\"model\":1} }", set, 1, "{\"n\":{\"model\":1} ,\"model\":\"x\"}");
}

static void all_occurrences_of_a_key_go(void **state)
{
    (void)state;
    assert_amended("{\"model\":1,\"n\":2,\"\\u006d\\u006fdel\":3 }", set, 1, "{\"model\":\"x\",\"n\":2}");
    assert_amended("{\"model\":1,\"n\":2,\"mode\\u006c\":3}", gone, 1, "{\"n\":2}");
    assert_amended("{\"n\":2 , \"model\":3}", gone, 1, "{\"n\":2 }");
    assert_amended("{\"model\":3}", gone, 1, "{}");
    assert_amended("{\"n\":3}", gone, 1, "{\"n\":3}");
}

static void several_changes_are_made_at_once(void **state)
{
    (void)state;
    static const struct amend_change changes[] = { { "a", VALUE("[1]") }, { "b", { NULL, 0 } },
        { "c", VALUE("null") }, { "d", VALUE("{}") } };
    assert_amended("{\"c\":1,\"b\":2,\"e\":\"\\u0062\",\"a\":3}", changes, 4,
        "{\"c\":null,\"e\":\"\\u0062\",\"a\":[1],\"d\":{}}");
}

static void without_a_change_every_byte_stays(void **state)
{
    (void)state;
    static const char *const bodies[] = { "{}", " { } \n", "{\"a\":1,\"a\":2}",
        "\t{ \"a\" : \"\\ud800\" , \"b\":[ ]\r\n}" };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        assert_amended(bodies[i], NULL, 0, bodies[i]);
}

static void what_is_no_object_is_bad(void **state)
{
    (void)state;
    static const char *const bodies[] = { "", " ", "[]", "7", "{", "{\"a\":1", "{\"a\":1}}", "{\"a\":1}x",
        "{\"a\"}", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "{\"a\":\"\xff\"}", "{\"a\":tru}", "{,}", "{\"\\x\":1}",
        "{\"a\":[1}" };
    struct amend *amend = NULL;
    assert_ok(amend_new(LIMIT, &amend));
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        char body[128] = { 0 };
        struct diag diag = { 0 };
        strcpy(body, bodies[i]);
        assert_int_equal(amend_scan(amend, (struct span){ body, strlen(body) }, &diag), STATUS_BAD);
        assert_string_equal(diag.reason, "not a JSON object");
        assert_null(amend_at(amend, 0));
    }
    amend_free(amend);
}

static void more_members_or_bytes_than_the_limit_are_too_big(void **state)
{
    (void)state;
    char *body = calloc(1, LIMIT + 1 + JSON_PADDING);
    struct amend *amend = NULL;
    assert_non_null(body);
    assert_ok(amend_new(LIMIT, &amend));
    size_t n = 0;
    for (int i = 0; i < AMEND_MEMBERS_MAX; i++)
        n += (size_t)sprintf(body + n, "%s\"k%d\":%d", i ? "," : "{", i, i);
    body[n] = '}';
    assert_ok(amend_scan(amend, (struct span){ body, n + 1 }, NULL));
    assert_true(span_is(amend_find(amend, "k255")->value, "255"));
    n += (size_t)sprintf(body + n, ",\"more\":1}");
    assert_int_equal(amend_scan(amend, (struct span){ body, n }, NULL), STATUS_TOO_BIG);
    memset(body, ' ', LIMIT + 1);
    memcpy(body, "{}", 2);
    assert_ok(amend_scan(amend, (struct span){ body, LIMIT }, NULL));
    assert_int_equal(amend_scan(amend, (struct span){ body, LIMIT + 1 }, NULL), STATUS_TOO_BIG);
    amend_free(amend);
    free(body);
}

/* The oracle keeps members as a list of texts; the body is written from it with white space by chance. */
static void any_body_is_amended_as_a_list_of_members_is(void **state)
{
    (void)state;
    static const char *const keys[] = { "model", "\\u006dodel", "n", "stream", "m" };
    static const int names[] = { 0, 0, 2, 3, 4 };
    static const char *const values[] = { "1", "\"a,}\"", "{\"model\":[1,2]}", "[ ]", "null", "\"\\\"\"" };
    static const char *const spaces[] = { "", " ", "\n\t" };
    static const struct amend_change changes[] = { { "model", VALUE("\"x\"") }, { "n", { NULL, 0 } } };
    uint64_t seed = 11;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (int round = 0; round < 2000; round++) {
        char text[1024] = "{", expected[1024] = "{";
        bool has_model = false, written = false;
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        unsigned n = (unsigned)(seed >> 33) % 6;
        for (unsigned i = 0; i < n; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            unsigned key = (unsigned)(seed >> 33) % 5, value = (unsigned)(seed >> 38) % 6;
            const char *before = spaces[(seed >> 43) % 3], *after = spaces[(seed >> 48) % 3];
            sprintf(text + strlen(text), "%s%s\"%s\":%s%s", i ? "," : "", before, keys[key], values[value],
                after);
            if (names[key] == 2 || (names[key] == 0 && has_model))
                continue;
            bool model = names[key] == 0;
            sprintf(expected + strlen(expected), "%s%s\"%s\":%s%s", written ? "," : "", before,
                model ? "model" : keys[key], model ? "\"x\"" : values[value], after);
            has_model = has_model || model;
            written = true;
        }
        if (!has_model)
            sprintf(expected + strlen(expected), "%s\"model\":\"x\"", written ? "," : "");
        strcat(text, "}");
        strcat(expected, "}");
        assert_amended(text, changes, 2, expected);
    }
}

static void running_out_of_memory_says_so(void **state)
{
    (void)state;
    char body[128] = "{\"mode\\u006c\":1}";
    bool reached = true;
    for (long n = 0; reached; n++) {
        struct amend *amend = NULL;
        struct buffer out = { 0 };
        alloc_sweep_arm(n);
        enum status st = amend_new(LIMIT, &amend);
        if (st == STATUS_OK)
            st = amend_scan(amend, (struct span){ body, strlen(body) }, NULL);
        if (st == STATUS_OK)
            st = amend_write(amend, set, 1, &out);
        reached = alloc_sweep_disarm();
        assert_int_equal(st, reached ? STATUS_NOMEM : STATUS_OK);
        buffer_fini(&out);
        amend_free(amend);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_found_with_their_values),
        cmocka_unit_test(a_key_written_with_escapes_is_a_repetition),
        cmocka_unit_test(a_value_is_replaced_in_its_place),
        cmocka_unit_test(a_key_that_is_not_there_is_appended),
        cmocka_unit_test(all_occurrences_of_a_key_go),
        cmocka_unit_test(several_changes_are_made_at_once),
        cmocka_unit_test(without_a_change_every_byte_stays),
        cmocka_unit_test(what_is_no_object_is_bad),
        cmocka_unit_test(more_members_or_bytes_than_the_limit_are_too_big),
        cmocka_unit_test(any_body_is_amended_as_a_list_of_members_is),
        cmocka_unit_test(running_out_of_memory_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
