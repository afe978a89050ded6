#include "support/random.h"
#include "support/test.h"

#include "record/bytemask.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MOST = 5 * MASK_BLOCK };

/* All twins that this processor can run against the portable one. */
static void assert_twins_agree(const uint8_t *text, size_t n)
{
    struct byte_masks slow[5], fast[5];
    size_t blocks = byte_masks_fill(BYTES_PORTABLE, MASKS_ALL, text, n, slow);
    assert_int_equal(blocks, (n + MASK_BLOCK - 1) / MASK_BLOCK);
    for (unsigned level = BYTES_PORTABLE; level <= byte_level_best(); level++) {
        assert_int_equal(byte_masks_fill((enum byte_level)level, MASKS_ALL, text, n, fast), blocks);
        assert_memory_equal(fast, slow, blocks * sizeof *slow);
        assert_int_equal(byte_masks_fill((enum byte_level)level, MASKS_WORDS, text, n, fast), blocks);
        for (size_t b = 0; b < blocks; b++) {
            assert_true(fast[b].word == slow[b].word && fast[b].digit == slow[b].digit);
            assert_true(fast[b].high == slow[b].high && fast[b].point == slow[b].point);
            assert_true(fast[b].tick == slow[b].tick);
        }
    }
}

static void the_twins_agree_on_every_byte_at_every_place(void **state)
{
    (void)state;
    uint8_t bytes[2 * MASK_BLOCK];
    for (unsigned c = 0; c < 256; c++)
        for (unsigned place = 0; place < sizeof bytes; place++) {
            memset(bytes, ' ', sizeof bytes);
            bytes[place] = (uint8_t)c;
            assert_twins_agree(bytes, sizeof bytes);
        }
}

static void the_twins_agree_on_random_bytes_and_lengths(void **state)
{
    (void)state;
    struct test_random random = { 8 };
    uint8_t bytes[MOST];
    print_message("seed 8\n");
    for (unsigned round = 0; round < 20000; round++) {
        unsigned span = round % 3 ? 256 : 4;
        size_t n = test_random_below(&random, sizeof bytes + 1);
        for (size_t i = 0; i < n; i++)
            bytes[i] = (uint8_t)(test_random_below(&random, span) + (span == 4 ? '.' : 0));
        assert_twins_agree(bytes, n);
    }
}

static void a_text_stands_between_blanks(void **state)
{
    (void)state;
    struct byte_masks masks[1];
    for (unsigned level = BYTES_PORTABLE; level <= byte_level_best(); level++) {
        assert_int_equal(
            byte_masks_fill((enum byte_level)level, MASKS_ALL, (const uint8_t *)" a:/", 4, masks), 1);
        assert_true(masks->same == (~UINT64_C(0) << 5 | 1));
        assert_true(masks->blank == (~UINT64_C(0) << 4 | 1));
        assert_true(masks->word == 2 && masks->colon == 4 && masks->slash == 8 && masks->w == 0);
    }
}

static void nothing_outside_the_text_is_read(void **state)
{
    (void)state;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uint8_t *map = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(map, MAP_FAILED);
    assert_int_equal(mprotect(map, page, PROT_NONE) | mprotect(map + 2 * page, page, PROT_NONE), 0);
    for (size_t n = 0; n < MOST; n++) {
        assert_twins_agree(map + page, n);
        assert_twins_agree(map + 2 * page - n, n);
    }
    munmap(map, 3 * page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_twins_agree_on_every_byte_at_every_place),
        cmocka_unit_test(the_twins_agree_on_random_bytes_and_lengths),
        cmocka_unit_test(a_text_stands_between_blanks),
        cmocka_unit_test(nothing_outside_the_text_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
