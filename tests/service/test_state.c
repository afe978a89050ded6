#include "service/state.h"

#include "support/random.h"
#include "support/test.h"

#include <stdlib.h>

static struct service_state random_state(uint64_t seed)
{
    struct test_random random = { seed };
    struct service_state state = { .starts = test_random_u64(&random),
        .journal = { (uint32_t)test_random_u64(&random), test_random_u64(&random) },
        .decided = { (uint32_t)test_random_u64(&random), test_random_u64(&random) } };
    state.n = seed % 2 ? STATE_RINGS_MAX : test_random_below(&random, STATE_RINGS_MAX);
    for (size_t i = 0; i < state.n; i++) {
        size_t n = seed % 2 ? RING_NAME_MAX : 1 + test_random_below(&random, RING_NAME_MAX);
        memset(state.rings[i].name, 'a' + (int)(i % 26), n);
        state.rings[i].place = (struct ring_place){ test_random_u64(&random), i, test_random_u64(&random) };
    }
    return state;
}

static void what_is_decoded_is_what_was_encoded(void **unused)
{
    (void)unused;
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct service_state state = random_state(seed), read = { 0 };
        uint8_t bytes[STATE_BYTES_MAX];
        size_t n = state_encode(&state, bytes);
        assert_true(n <= sizeof bytes);
        assert_ok(state_decode((struct span){ (const char *)bytes, n }, &read));
        assert_memory_equal(&read, &state, sizeof state);
    }
}

static void bytes_that_are_cut_or_of_another_version_are_refused(void **unused)
{
    (void)unused;
    struct service_state state = random_state(6), read;
    uint8_t bytes[STATE_BYTES_MAX + 1];
    size_t n = state_encode(&state, bytes);
    for (size_t cut = 0; cut < n; cut++) {
        char *exact = malloc(cut + 1);
        assert_non_null(exact);
        memcpy(exact, bytes, cut);
        assert_int_equal(state_decode((struct span){ exact, cut }, &read), STATUS_BAD);
        free(exact);
    }
    assert_int_equal(state_decode((struct span){ (const char *)bytes, n + 1 }, &read), STATUS_BAD);
    bytes[0]++;
    assert_int_equal(state_decode((struct span){ (const char *)bytes, n }, &read), STATUS_MISMATCH);
}

static void every_damaged_byte_is_noticed_and_changes_nothing(void **unused)
{
    (void)unused;
    struct service_state state = random_state(6), read = { .starts = 7 };
    uint8_t bytes[STATE_BYTES_MAX];
    size_t n = state_encode(&state, bytes);
    for (size_t i = 0; i < n; i++) {
        bytes[i] ^= 1;
        if (state_decode((struct span){ (const char *)bytes, n }, &read) == STATUS_OK)
            fail_msg("byte %zu", i);
        bytes[i] ^= 1;
    }
    assert_int_equal(read.starts, 7);
    assert_int_equal(read.n, 0);
}

static void a_ring_is_found_by_its_whole_name(void **unused)
{
    (void)unused;
    struct service_state state = { .n = 2,
        .rings = { { "w1.ring", { 1, 2, 3 } }, { "w10.ring", { 4, 5, 6 } } } };
    assert_int_equal(state_find(&state, "w10.ring")->birth, 4);
    assert_null(state_find(&state, "w1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_decoded_is_what_was_encoded),
        cmocka_unit_test(bytes_that_are_cut_or_of_another_version_are_refused),
        cmocka_unit_test(every_damaged_byte_is_noticed_and_changes_nothing),
        cmocka_unit_test(a_ring_is_found_by_its_whole_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
