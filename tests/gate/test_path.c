/* What the path and the query of a request say of it. */
#include "gate/path.h"

#include "support/test.h"

static struct ask said(const char *path, const char *query)
{
    struct ask ask = { .choices = 1 };
    path_ask(span_of(path), span_of(query), true, &ask);
    return ask;
}

static void a_path_names_the_model(void **state)
{
    (void)state;
    assert_true(span_is(said("/openai/Deployments/gpt-x/chat/completions", "").model, "gpt-x"));
    assert_true(span_is(said("/v1beta/models/m-1:generate", "").model, "m-1"));
    assert_int_equal(said("/v1/models/", "").model.n, 0);
    assert_int_equal(said("/v1/chat/completions", "").model.n, 0);
}

static void a_query_names_it_where_the_path_does_not(void **state)
{
    (void)state;
    assert_true(span_is(said("/v1/realtime", "xmodel=a&Model=gpt-x&y").model, "gpt-x"));
    assert_true(span_is(said("/v1/realtime", "deployment=gpt%2Dx").model, "gpt%2Dx"));
    assert_true(span_is(said("/models/m-1", "model=gpt-x").model, "m-1"));
    assert_int_equal(said("/v1/realtime", "model").model.n, 0);
    assert_int_equal(said("/v1/realtime", "&&model=").model.n, 0);
}

static void batches_and_the_list_of_models_are_uses(void **state)
{
    (void)state;
    struct ask ask = { .choices = 1 };
    assert_int_equal(said("/v1/messages/BATCHES", "").uses, USE_BATCH);
    assert_int_equal(said("/v1/models", "").uses, USE_MODELS);
    path_ask(SPAN("/v1/models"), SPAN(""), false, &ask);
    assert_int_equal(ask.uses, 0);
}

static void some_paths_make_no_text(void **state)
{
    (void)state;
    assert_true(said("/v1/Embeddings/", "").no_output);
    assert_true(said("/v1/messages/count_tokens", "").no_output);
    assert_false(said("/v1/embeddings/x", "").no_output);
}

static void files_are_known_by_their_path(void **state)
{
    (void)state;
    assert_true(path_is_of_files(SPAN("/v1/files")));
    assert_true(path_is_of_files(SPAN("/v1/uploads/u_1/parts")));
    assert_false(path_is_of_files(SPAN("/v1/audio/transcriptions")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_names_the_model),
        cmocka_unit_test(a_query_names_it_where_the_path_does_not),
        cmocka_unit_test(batches_and_the_list_of_models_are_uses),
        cmocka_unit_test(some_paths_make_no_text),
        cmocka_unit_test(files_are_known_by_their_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
