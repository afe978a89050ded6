#include "support/random.h"
#include "support/test.h"

#include "record/wordtable.h"

static struct wordtable table;

static void every_word_of_a_full_table_is_found_and_no_other(void **state)
{
    (void)state;
    static uint32_t hashes[WORDTABLE_WORDS];
    struct test_random random = { 12 };
    print_message("seed 12\n");
    for (uint32_t i = 0; i < WORDTABLE_WORDS; i++) {
        hashes[i] = (uint32_t)test_random_u64(&random);
        *wordtable_slot(&table, hashes[i]) = i + 1;
    }
    assert_null(wordtable_slot(&table, (uint32_t)test_random_u64(&random)));
    wordtable_build(&table);
    for (uint32_t i = 0; i < WORDTABLE_WORDS; i++)
        assert_int_equal(wordtable_at(&table, hashes[i]), i + 1);
    for (unsigned i = 0; i < 10000; i++)
        assert_int_equal(wordtable_at(&table, (uint32_t)test_random_u64(&random)), 0);
}

static void a_word_added_twice_has_one_slot(void **state)
{
    (void)state;
    struct wordtable *small = &table;
    small->n = 0;
    *wordtable_slot(small, 7) = 1;
    *wordtable_slot(small, 7) |= 2;
    wordtable_build(small);
    assert_int_equal(wordtable_at(small, 7), 3);
    assert_int_equal(wordtable_at(small, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_of_a_full_table_is_found_and_no_other),
        cmocka_unit_test(a_word_added_twice_has_one_slot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
