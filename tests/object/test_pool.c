#include "object/pool.h"
#include "sightings.h"

#include <string.h>

static void freed_blocks_join_again(void **state)
{
    (void)state;
    struct pool pool;
    assert_ok(pool_new(64 * (POOL_UNIT_BYTES + 1), &pool));
    assert_int_equal(pool.n_units, 64);
    uint32_t whole = pool_take(&pool, 6);
    assert_int_equal(whole, 0);
    assert_int_equal(pool_take(&pool, 0), POOL_NONE);
    pool_give(&pool, whole, 6);
    uint32_t blocks[64];
    for (unsigned i = 0; i < 64; i++)
        blocks[i] = pool_take(&pool, 0);
    assert_int_equal(pool_take(&pool, 0), POOL_NONE);
    for (unsigned i = 0; i < 64; i++)
        pool_give(&pool, blocks[i * 29 % 64], 0);
    assert_int_equal(pool.used_units, 0);
    assert_int_not_equal(pool_take(&pool, 6), POOL_NONE);
    pool_free(&pool);
}

static void blocks_never_overlap(void **state)
{
    (void)state;
    enum { HELD = 200 };
    struct pool pool;
    uint64_t seed = 5;
    print_message("seed %llu\n", (unsigned long long)seed);
    assert_ok(pool_new(1003 * (POOL_UNIT_BYTES + 1), &pool));
    uint32_t block[HELD];
    unsigned order[HELD] = { 0 };
    memset(block, 0xff, sizeof block);
    for (int step = 0; step < 20000; step++) {
        uint32_t i = below(&seed, HELD);
        if (block[i] == POOL_NONE) {
            order[i] = below(&seed, 5);
            block[i] = pool_take(&pool, order[i]);
            if (block[i] != POOL_NONE)
                memset(pool_at(&pool, block[i]), (int)i, (size_t)POOL_UNIT_BYTES << order[i]);
            continue;
        }
        const unsigned char *at = pool_at(&pool, block[i]);
        for (size_t byte = 0; byte < (size_t)POOL_UNIT_BYTES << order[i]; byte += 61)
            assert_int_equal(at[byte], i);
        pool_give(&pool, block[i], order[i]);
        block[i] = POOL_NONE;
    }
    for (unsigned i = 0; i < HELD; i++)
        if (block[i] != POOL_NONE)
            pool_give(&pool, block[i], order[i]);
    assert_int_equal(pool.used_units, 0);
    assert_int_not_equal(pool_take(&pool, 9), POOL_NONE);
    pool_free(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(freed_blocks_join_again),
        cmocka_unit_test(blocks_never_overlap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
