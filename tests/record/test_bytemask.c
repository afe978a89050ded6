#include "support/random.h"
#include "support/test.h"

#include "record/bytemask.h"

static void both_twins_agree_on_every_byte_at_every_place(void **state)
{
    (void)state;
    uint8_t bytes[MASK_BLOCK];
    for (unsigned c = 0; c < 256; c++)
        for (unsigned place = 0; place < MASK_BLOCK; place++) {
            for (unsigned i = 0; i < MASK_BLOCK; i++)
                bytes[i] = i == place ? (uint8_t)c : ' ';
            struct byte_masks fast = byte_masks_of(bytes, (uint8_t)c),
                              slow = byte_masks_portable(bytes, (uint8_t)c);
            assert_memory_equal(&fast, &slow, sizeof fast);
        }
}

static void both_twins_agree_on_random_bytes(void **state)
{
    (void)state;
    struct test_random random = { 8 };
    uint8_t bytes[MASK_BLOCK];
    print_message("seed 8\n");
    for (unsigned round = 0; round < 20000; round++) {
        unsigned span = round % 3 ? 256 : 4;
        for (unsigned i = 0; i < MASK_BLOCK; i++)
            bytes[i] = (uint8_t)(test_random_below(&random, span) + (span == 4 ? '.' : 0));
        uint8_t before = (uint8_t)test_random_u64(&random);
        struct byte_masks fast = byte_masks_of(bytes, before), slow = byte_masks_portable(bytes, before);
        assert_memory_equal(&fast, &slow, sizeof fast);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_twins_agree_on_every_byte_at_every_place),
        cmocka_unit_test(both_twins_agree_on_random_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
