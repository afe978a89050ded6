#include "score/id_set.h"

#include "folder.h"
#include "support/alloc_sweep.h"
#include "support/random.h"

static uint64_t id_of(const char *name)
{
    return key_hash(&folder_key, KEY_EXCHANGE, name, strlen(name));
}

static void every_id_is_found_and_no_other(void **state)
{
    (void)state;
    enum { IDS = 1000 };
    static char text[IDS * 8];
    struct test_random random = { 5 };
    bool in[2 * IDS] = { false };
    struct id_set set;
    struct diag diag;
    size_t n = 0, distinct = 0;
    for (size_t i = 0; i < IDS; i++) {
        size_t id = test_random_below(&random, 2 * IDS);
        n += (size_t)snprintf(text + n, sizeof text - n, "r%zu\n", id);
        distinct += !in[id];
        in[id] = true;
    }
    folder_write("extraction.ids", text);
    assert_ok(id_set_read(folder_path("extraction.ids"), &folder_key, &set, &diag));
    assert_int_equal(set.n, distinct);
    for (size_t i = 0; i < 2 * IDS; i++) {
        char name[16];
        snprintf(name, sizeof name, "r%zu", i);
        assert_true((id_set_find(&set, id_of(name)) != SIZE_MAX) == in[i]);
    }
    id_set_fini(&set);
}

static void an_id_is_taken_once(void **state)
{
    (void)state;
    struct id_set set;
    struct diag diag;
    folder_write("extraction.ids", "a\r\nb\n");
    assert_ok(id_set_read(folder_path("extraction.ids"), &folder_key, &set, &diag));
    size_t a = id_set_find(&set, id_of("a")), b = id_set_find(&set, id_of("b"));
    assert_true(a != b && a < 2 && b < 2);
    assert_true(id_set_take(&set, a));
    assert_false(id_set_take(&set, a));
    assert_true(id_set_take(&set, b));
    assert_int_equal(set.n_taken, 2);
    id_set_fini(&set);
}

static void an_empty_file_is_an_empty_set(void **state)
{
    (void)state;
    struct id_set set;
    struct diag diag;
    folder_write("extraction.ids", "");
    assert_ok(id_set_read(folder_path("extraction.ids"), &folder_key, &set, &diag));
    assert_int_equal(set.n, 0);
    assert_true(id_set_find(&set, id_of("a")) == SIZE_MAX);
    id_set_fini(&set);
    assert_int_equal(id_set_read(folder_path("absent"), &folder_key, &set, &diag), STATUS_NOT_FOUND);
}

static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    struct id_set set = { .n = 77 };
    struct diag diag;
    enum status st = STATUS_NOMEM;
    folder_write("extraction.ids", "a\nb\n");
    for (long nth = 0; st != STATUS_OK; nth++) {
        alloc_sweep_arm(nth);
        st = id_set_read(folder_path("extraction.ids"), &folder_key, &set, &diag);
        bool reached = alloc_sweep_disarm();
        assert_true(reached == (st == STATUS_NOMEM));
        assert_true(st == STATUS_OK || set.n == 77);
    }
    id_set_fini(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_id_is_found_and_no_other),
        cmocka_unit_test(an_id_is_taken_once),
        cmocka_unit_test(an_empty_file_is_an_empty_set),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
