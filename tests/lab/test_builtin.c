#include "lab/fixture.h"

#include "base/file.h"

static void the_files_stand_in_the_order_of_their_names(void **state)
{
    (void)state;
    for (enum builtin_kind kind = BUILTIN_SCENARIO; kind <= BUILTIN_POPULATION; kind++) {
        assert_true(builtin_count(kind) > 10);
        for (size_t i = 1; i < builtin_count(kind); i++)
            assert_true(strcmp(builtin_at(kind, i - 1)->name, builtin_at(kind, i)->name) < 0);
    }
}

static void a_file_is_found_by_its_name_and_its_kind_alone(void **state)
{
    (void)state;
    for (enum builtin_kind kind = BUILTIN_SCENARIO; kind <= BUILTIN_POPULATION; kind++)
        for (size_t i = 0; i < builtin_count(kind); i++)
            assert_ptr_equal(builtin_find(kind, builtin_at(kind, i)->name), builtin_at(kind, i));
    assert_non_null(builtin_find(BUILTIN_SCENARIO, "l1"));
    assert_null(builtin_find(BUILTIN_POPULATION, "l1"));
    assert_non_null(builtin_find(BUILTIN_POPULATION, "individuals"));
    assert_null(builtin_find(BUILTIN_SCENARIO, "individuals"));
    assert_null(builtin_find(BUILTIN_SCENARIO, ""));
    assert_null(builtin_find(BUILTIN_SCENARIO, "l1.yaml"));
}

/* The texts are those of the source tree, byte for byte. */
static void the_files_are_those_of_the_source_tree(void **state)
{
    (void)state;
    static const char *const folders[] = { "scenarios", "scenarios/populations" };
    const char *root = getenv("STILLWATCH_SOURCE");
    if (!root)
        skip();
    for (enum builtin_kind kind = BUILTIN_SCENARIO; kind <= BUILTIN_POPULATION; kind++)
        for (size_t i = 0; i < builtin_count(kind); i++) {
            const struct builtin *file = builtin_at(kind, i);
            char path[1024];
            struct span text;
            snprintf(path, sizeof path, "%s/%s/%s.yaml", root, folders[kind], file->name);
            assert_ok(file_read(path, 1 << 20, &text));
            assert_true(span_eq(text, file->text));
            free((void *)(uintptr_t)text.data);
        }
}

static void a_file_is_named_as_it_names_itself(void **state)
{
    (void)state;
    struct customer_kinds kinds;
    struct diag diag;
    assert_ok(customer_kinds_builtin(&kinds, &diag));
    assert_int_equal(kinds.n, builtin_count(BUILTIN_POPULATION));
    for (size_t i = 0; i < kinds.n; i++)
        assert_string_equal(kinds.items[i]->name, builtin_at(BUILTIN_POPULATION, i)->name);
    customer_kinds_free(&kinds);
    for (size_t i = 0; i < builtin_count(BUILTIN_SCENARIO); i++) {
        struct scenario *scenario;
        assert_ok(scenario_load(builtin_at(BUILTIN_SCENARIO, i)->name, &scenario, &diag));
        assert_string_equal(scenario->name, builtin_at(BUILTIN_SCENARIO, i)->name);
        scenario_free(scenario);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_files_stand_in_the_order_of_their_names),
        cmocka_unit_test(a_file_is_found_by_its_name_and_its_kind_alone),
        cmocka_unit_test(the_files_are_those_of_the_source_tree),
        cmocka_unit_test(a_file_is_named_as_it_names_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
