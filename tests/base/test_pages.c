#include "base/pages.h"
#include "support/test.h"

static void check(size_t bytes, bool mapped)
{
    struct pages pages = { 0 };
    assert_ok(pages_new(bytes, &pages));
    assert_int_equal((uintptr_t)pages.at % 64, 0);
    assert_int_equal(pages.mapped, mapped);
    char *at = pages.at;
    for (size_t i = 0; i < bytes; i += 997)
        assert_int_equal(at[i], 0);
    at[0] = at[bytes - 1] = 1;
    pages_free(&pages);
    pages_free(&pages);
}

static void memory_is_zeroed_and_aligned_at_every_size(void **state)
{
    (void)state;
    check(1, false);
    check(PAGES_LARGE_BYTES - 1, false);
    check(PAGES_LARGE_BYTES, true);
    check(3 * (size_t)PAGES_LARGE_BYTES + 5, true);
}

static void what_no_machine_has_is_refused(void **state)
{
    (void)state;
    struct pages pages = { 0 };
    assert_int_equal(pages_new(SIZE_MAX, &pages), STATUS_TOO_BIG);
    assert_int_equal(pages_new(SIZE_MAX / 2, &pages), STATUS_NOMEM);
    assert_null(pages.at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned_at_every_size),
        cmocka_unit_test(what_no_machine_has_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
