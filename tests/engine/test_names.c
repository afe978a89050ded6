#include "engine/names.h"

#include "support/alloc_sweep.h"
#include "support/random.h"
#include "support/test.h"

#include <string.h>

enum { ACCOUNTS = 200 };

static struct span text_of(const char *text)
{
    return (struct span){ text, strlen(text) };
}

static void assert_name(const struct names *names, uint64_t account, const char *want, size_t n)
{
    struct span found = names_find(names, account);
    assert_int_equal(found.n, n);
    if (n > 0)
        assert_memory_equal(found.data, want, n);
}

/* The name of an account in its k-th life: of every length up to the longest. */
static size_t make_name(uint64_t account, uint64_t life, char ret_text[static 255])
{
    size_t n = (account * 37 + life * 101) % 256;
    memset(ret_text, (int)('a' + (account + life) % 26), n);
    return n;
}

static void names_equal_a_naive_table(void **state)
{
    (void)state;
    struct test_random random = { 8 };
    struct names names;
    uint64_t life[ACCOUNTS] = { 0 }; /* odd: named */
    uint64_t stamps[ACCOUNTS] = { 0 };
    char text[255];
    print_message("seed %llu\n", (unsigned long long)random.state);
    names_init(&names, ACCOUNTS);
    for (uint64_t step = 1; step <= 20000; step++) {
        uint64_t account = 1 + test_random_below(&random, ACCOUNTS - 1);
        if (test_random_below(&random, 2) && life[account] % 2) {
            names_drop(&names, account);
            life[account]++;
            stamps[account] = 0;
        } else {
            life[account] += life[account] % 2 == 0;
            struct span name = { text, make_name(account, life[account], text) };
            assert_ok(names_add(&names, account, name, step));
            stamps[account] = step;
        }
        account = test_random_below(&random, ACCOUNTS);
        size_t n = life[account] % 2 ? make_name(account, life[account], text) : 0;
        assert_name(&names, account, text, n);
        assert_int_equal(names_stamp(&names, account), stamps[account]);
    }
    names_fini(&names);
}

static void a_name_that_is_there_stays_with_the_new_stamp(void **state)
{
    (void)state;
    struct names names;
    names_init(&names, 10);
    assert_ok(names_add(&names, 5, text_of("acct_first"), 1));
    assert_ok(names_add(&names, 5, text_of("acct_other"), 9));
    assert_name(&names, 5, "acct_first", 10);
    assert_int_equal(names_stamp(&names, 5), 9);
    names_fini(&names);
}

static void a_freed_slot_is_used_again(void **state)
{
    (void)state;
    struct names names;
    char text[255];
    memset(text, 'x', sizeof text);
    names_init(&names, 1000);
    for (uint64_t account = 1; account <= 100; account++)
        assert_ok(names_add(&names, account, (struct span){ text, account * 2 }, 1));
    size_t bytes = names_bytes(&names);
    for (uint64_t round = 0; round < 50; round++) {
        for (uint64_t account = 1; account <= 100; account++)
            names_drop(&names, account + 100 * round);
        for (uint64_t account = 1; account <= 100; account++)
            assert_ok(names_add(&names, account + 100 * (round + 1), (struct span){ text, account * 2 }, 1));
    }
    assert_int_equal(names_bytes(&names), bytes);
    names_fini(&names);
}

static void a_name_of_256_bytes_is_too_long(void **state)
{
    (void)state;
    struct names names;
    char text[256];
    memset(text, 'x', sizeof text);
    names_init(&names, 10);
    assert_int_equal(names_add(&names, 1, (struct span){ text, 256 }, 1), STATUS_TOO_BIG);
    assert_name(&names, 1, text, 0);
    assert_ok(names_add(&names, 1, (struct span){ text, 255 }, 1));
    assert_name(&names, 1, text, 255);
    names_fini(&names);
}

static void a_full_table_takes_no_more(void **state)
{
    (void)state;
    struct names names;
    names_init(&names, 2);
    assert_ok(names_add(&names, 1, text_of("a"), 1));
    assert_ok(names_add(&names, 2, text_of("b"), 1));
    assert_int_equal(names_add(&names, 3, text_of("c"), 1), STATUS_FULL);
    names_drop(&names, 1);
    assert_ok(names_add(&names, 3, text_of("c"), 1));
    assert_name(&names, 1, "a", 0);
    assert_name(&names, 2, "b", 1);
    assert_name(&names, 3, "c", 1);
    names_fini(&names);
}

static void dropping_the_unknown_does_nothing(void **state)
{
    (void)state;
    struct names names;
    names_init(&names, 2);
    names_drop(&names, 1);
    assert_int_equal(names_stamp(&names, 1), 0);
    names_fini(&names);
}

static void what_ran_out_of_memory_can_be_done_again(void **state)
{
    (void)state;
    for (long nth = 0; nth < 30; nth++) {
        struct names names;
        char text[255];
        names_init(&names, 1000);
        alloc_sweep_arm(nth);
        for (uint64_t account = 1; account <= 300; account++) {
            struct span name = { text, make_name(account, 0, text) };
            while (names_add(&names, account, name, 1) != STATUS_OK)
                assert_true(alloc_sweep_disarm());
        }
        alloc_sweep_disarm();
        for (uint64_t account = 1; account <= 300; account++) {
            size_t n = make_name(account, 0, text);
            assert_name(&names, account, text, n);
        }
        names_fini(&names);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_equal_a_naive_table),
        cmocka_unit_test(a_name_that_is_there_stays_with_the_new_stamp),
        cmocka_unit_test(a_freed_slot_is_used_again),
        cmocka_unit_test(a_name_of_256_bytes_is_too_long),
        cmocka_unit_test(a_full_table_takes_no_more),
        cmocka_unit_test(dropping_the_unknown_does_nothing),
        cmocka_unit_test(what_ran_out_of_memory_can_be_done_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
