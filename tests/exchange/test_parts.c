#include "exchange/parts.h"

#include "support/alloc_sweep.h"
#include "support/test.h"

static struct part part_of(enum role role, uint32_t message)
{
    return (struct part){ .role = (uint8_t)role, .message = message };
}

static void sections_are_laid_out_in_order_whatever_came_first(void **state)
{
    (void)state;
    struct parts parts = { 0 };
    struct exchange exchange = { 0 };
    struct part issued = part_of(ROLE_ASSISTANT, 0), asked = part_of(ROLE_USER, 0),
                also = part_of(ROLE_USER, 5), system = part_of(ROLE_SYSTEM, 0);
    assert_ok(parts_push(&parts, SECTION_ISSUED, &issued));
    assert_ok(parts_push(&parts, SECTION_HISTORY, &asked));
    assert_ok(parts_push(&parts, SECTION_HISTORY, &also));
    assert_ok(parts_push(&parts, SECTION_SYSTEM, &system));
    assert_ok(parts_gather(&parts, &exchange));
    assert_int_equal(exchange.n_parts, 4);
    static const uint8_t roles[] = { ROLE_SYSTEM, ROLE_USER, ROLE_USER, ROLE_ASSISTANT };
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(exchange.parts[i].role, roles[i]);
        assert_int_equal(exchange.parts[i].message, i);
        assert_int_equal(exchange.parts[i].issued, i == 3);
    }
    parts_fini(&parts);
}

static void of_a_long_history_the_newest_and_the_system_parts_stay(void **state)
{
    (void)state;
    enum { N = 10000 };
    struct parts parts = { 0 };
    struct exchange exchange = { 0 };
    for (uint32_t i = 0; i < N; i++) {
        struct part part = part_of(i == 1 ? ROLE_SYSTEM : ROLE_USER, i);
        part.text = (struct span){ "", i };
        assert_ok(parts_push(&parts, SECTION_HISTORY, &part));
    }
    assert_ok(parts_gather(&parts, &exchange));
    assert_true(exchange.n_parts < EXCHANGE_PARTS_MAX);
    assert_int_equal(exchange.n_parts + exchange.parts_dropped, N);
    assert_int_equal(exchange.parts[0].role, ROLE_SYSTEM);
    assert_int_equal(exchange.parts[0].text.n, 1);
    for (uint32_t i = 1; i < exchange.n_parts; i++)
        assert_int_equal(exchange.parts[i].text.n, N - exchange.n_parts + i);
    assert_null(parts_at(&parts, SECTION_HISTORY, 0));
    assert_non_null(parts_at(&parts, SECTION_HISTORY, N - 1));
    parts_fini(&parts);
}

static void the_bounds_hold_for_every_section_at_once(void **state)
{
    (void)state;
    struct parts parts = { 0 };
    struct exchange exchange = { 0 };
    struct part part = part_of(ROLE_SYSTEM, 0);
    struct tool tool = { 0 };
    for (int i = 0; i < 6000; i++) {
        for (int section = 0; section < SECTION_COUNT; section++)
            if (section != SECTION_PINNED)
                assert_ok(parts_push(&parts, (enum section)section, &part));
        assert_ok(parts_push_tool(&parts, &tool));
    }
    assert_ok(parts_gather(&parts, &exchange));
    assert_int_equal(exchange.n_parts, EXCHANGE_PARTS_MAX);
    assert_int_equal(exchange.n_tools, EXCHANGE_TOOLS_MAX);
    assert_int_equal(exchange.parts_dropped, 3 * 6000 - EXCHANGE_PARTS_MAX + 6000 - EXCHANGE_TOOLS_MAX);
    parts_clear(&parts);
    assert_ok(parts_gather(&parts, &exchange));
    assert_int_equal(exchange.n_parts + exchange.n_tools + exchange.parts_dropped, 0);
    parts_fini(&parts);
}

static void running_out_of_memory_loses_no_part_before(void **state)
{
    (void)state;
    bool reached = true;
    for (long n = 0; reached; n++) {
        struct parts parts = { 0 };
        struct exchange exchange = { 0 };
        enum status st = STATUS_OK;
        alloc_sweep_arm(n);
        for (uint32_t i = 0; i < 5000 && st == STATUS_OK; i++) {
            struct part part = part_of(i % 2 ? ROLE_USER : ROLE_SYSTEM, i);
            st = parts_push(&parts, SECTION_HISTORY, &part);
        }
        if (st == STATUS_OK)
            st = parts_gather(&parts, &exchange);
        reached = alloc_sweep_disarm();
        assert_int_equal(st, reached ? STATUS_NOMEM : STATUS_OK);
        parts_fini(&parts);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sections_are_laid_out_in_order_whatever_came_first),
        cmocka_unit_test(of_a_long_history_the_newest_and_the_system_parts_stay),
        cmocka_unit_test(the_bounds_hold_for_every_section_at_once),
        cmocka_unit_test(running_out_of_memory_loses_no_part_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
