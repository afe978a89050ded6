#include "base/buffer.h"
#include "support/alloc_sweep.h"
#include "support/test.h"

static void appends_of_every_kind_follow_each_other(void **state)
{
    (void)state;
    struct buffer buffer = { 0 };
    buffer_put(&buffer, (struct span){ NULL, 0 });
    buffer_put(&buffer, SPAN("ab"));
    buffer_put_char(&buffer, 'c');
    buffer_print(&buffer, "%d%s", 42, "d");
    for (int i = 0; i < 1000; i++)
        buffer_put_text(&buffer, "0123456789");
    assert_int_equal(buffer.status, STATUS_OK);
    assert_int_equal(buffer.n, 10006);
    assert_memory_equal(buffer.data, "abc42d0123", 10);
    buffer_reset(&buffer);
    assert_int_equal(buffer_span(&buffer).n, 0);
    buffer_fini(&buffer);
}

static void reserved_room_is_written_and_kept_in_part(void **state)
{
    (void)state;
    struct buffer buffer = { 0 };
    buffer_put_text(&buffer, "ab");
    assert_true(buffer_reserve(&buffer, 5000));
    assert_true(buffer.capacity - buffer.n >= 5000);
    memset(buffer.data + buffer.n, 'c', 5000);
    buffer.n += 2;
    buffer_put_char(&buffer, 'd');
    assert_int_equal(buffer.n, 5);
    assert_memory_equal(buffer.data, "abccd", 5);
    alloc_sweep_arm(0);
    assert_false(buffer_reserve(&buffer, 100000));
    assert_true(alloc_sweep_disarm());
    assert_int_equal(buffer.status, STATUS_NOMEM);
    buffer_fini(&buffer);
}

static void after_a_failed_allocation_nothing_more_is_appended(void **state)
{
    (void)state;
    struct buffer buffer = { 0 };
    alloc_sweep_arm(0);
    buffer_put_text(&buffer, "lost");
    assert_true(alloc_sweep_disarm());
    buffer_put_text(&buffer, "not written either");
    assert_int_equal(buffer.status, STATUS_NOMEM);
    assert_int_equal(buffer.n, 0);
    buffer_fini(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends_of_every_kind_follow_each_other),
        cmocka_unit_test(reserved_room_is_written_and_kept_in_part),
        cmocka_unit_test(after_a_failed_allocation_nothing_more_is_appended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
