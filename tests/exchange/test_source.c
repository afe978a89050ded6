#include "exchange/source.h"

#include "support/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum { ROOM = 1 << 20, PATH_BYTES = 64 };

static char packed[ROOM], unpacked[ROOM];
static size_t packed_n;

static int start_packing(void **state)
{
    (void)state;
    packed_n = 0;
    return 0;
}

static void add_bytes(const void *bytes, size_t n)
{
    memcpy(packed + packed_n, bytes, n);
    packed_n += n;
}

static void add_gzip(const char *text)
{
    z_stream z = { 0 };
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)text;
    z.avail_in = (uInt)strlen(text);
    z.next_out = (Bytef *)packed + packed_n;
    z.avail_out = (uInt)(ROOM - packed_n);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    packed_n = ROOM - z.avail_out;
    deflateEnd(&z);
}

/* With a checksum, which is at the end. */
static void add_zstd(const char *text)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    packed_n += ZSTD_compress2(context, packed + packed_n, ROOM - packed_n, text, strlen(text));
    ZSTD_freeCCtx(context);
}

/* What packed unpacks to, read in pieces of `step` bytes; the status that ended it. */
static enum status unpack(size_t step, char *ret_reason)
{
    char path[PATH_BYTES] = "/tmp/stillwatch_source.XXXXXX";
    struct source *source;
    int fd = mkstemp(path);
    assert_int_equal(write(fd, packed, packed_n), (ssize_t)packed_n);
    close(fd);
    assert_ok(source_open(path, &source));
    unlink(path);
    size_t n = 0, got;
    enum status st;
    while ((st = source_read(source, unpacked + n, step, &got)) == STATUS_OK) {
        assert_true(got > 0 && got <= step);
        n += got;
    }
    unpacked[n] = 0;
    assert_int_equal(source_read(source, unpacked + n, step, &got), st);
    assert_true(st != STATUS_END || source_input_bytes(source) == packed_n);
    if (ret_reason)
        strcpy(ret_reason, source_reason(source));
    source_close(source);
    return st;
}

static void assert_unpacks(const char *expected, enum status expected_st)
{
    for (size_t step = 1; step < 100000; step *= 7) {
        assert_int_equal(unpack(step, NULL), expected_st);
        assert_string_equal(unpacked, expected);
    }
}

static void plain_bytes_are_given_as_they_are(void **state)
{
    (void)state;
    assert_unpacks("", STATUS_END);
    add_bytes("x", 1);
    assert_unpacks("x", STATUS_END);
    add_bytes(" and more", 9);
    assert_unpacks("x and more", STATUS_END);
}

static void members_and_padding_of_gzip_are_joined(void **state)
{
    (void)state;
    add_gzip("one ");
    add_gzip("");
    add_gzip("two");
    add_bytes("\0\0\0\0\0", 5);
    assert_unpacks("one two", STATUS_END);
}

static void frames_of_zstd_are_joined_and_skippable_ones_skipped(void **state)
{
    (void)state;
    add_bytes("\x52\x2a\x4d\x18\x03\x00\x00\x00zzz", 11);
    add_zstd("one ");
    add_zstd("");
    add_bytes("\x5f\x2a\x4d\x18\x00\x00\x00\x00", 8);
    add_zstd("two");
    assert_unpacks("one two", STATUS_END);
}

static void garbage_behind_a_member_is_damage(void **state)
{
    (void)state;
    char reason[128];
    add_gzip("kept");
    add_bytes("garbage", 7);
    assert_unpacks("kept", STATUS_BAD);
    unpack(100, reason);
    assert_string_equal(reason, "gzip: garbage behind the last member");
    packed_n = 0;
    add_zstd("kept");
    add_bytes("garbage", 7);
    assert_unpacks("kept", STATUS_BAD);
}

static void a_wrong_checksum_is_damage_after_everything_was_given(void **state)
{
    (void)state;
    add_gzip("one ");
    packed[packed_n - 5] ^= 1;
    assert_unpacks("one ", STATUS_BAD);
    packed_n = 0;
    add_zstd("one ");
    packed[packed_n - 1] ^= 1;
    assert_unpacks("one ", STATUS_BAD);
}

static void an_early_end_is_damage(void **state)
{
    (void)state;
    add_gzip("one ");
    packed_n -= 3;
    assert_unpacks("one ", STATUS_BAD);
    packed_n = 0;
    add_zstd("one ");
    packed_n -= 2;
    assert_unpacks("one ", STATUS_BAD);
    for (packed_n = 0, add_zstd("two"); packed_n > 4; packed_n--)
        ;
    assert_unpacks("", STATUS_BAD);
}

static void the_whole_of_a_large_input_comes_through(void **state)
{
    (void)state;
    static char text[ROOM / 2];
    uint64_t seed = 3;
    for (size_t i = 0; i + 1 < sizeof text; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        text[i] = (char)('a' + (seed >> 59));
    }
    for (int kind = 0; kind < 2; kind++) {
        packed_n = 0;
        if (kind)
            add_zstd(text);
        else
            add_gzip(text);
        assert_int_equal(unpack(10007, NULL), STATUS_END);
        assert_int_equal(strlen(unpacked), strlen(text));
        assert_memory_equal(unpacked, text, strlen(text));
    }
}

static void a_missing_file_and_a_directory_are_io_errors(void **state)
{
    (void)state;
    struct source *source;
    size_t got;
    char bytes[8];
    assert_int_equal(source_open("/nonexistent/file", &source), STATUS_IO);
    assert_ok(source_open("/", &source));
    assert_int_equal(source_read(source, bytes, sizeof bytes, &got), STATUS_IO);
    assert_string_equal(source_reason(source), "Is a directory");
    source_close(source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(plain_bytes_are_given_as_they_are, start_packing),
        cmocka_unit_test_setup(members_and_padding_of_gzip_are_joined, start_packing),
        cmocka_unit_test_setup(frames_of_zstd_are_joined_and_skippable_ones_skipped, start_packing),
        cmocka_unit_test_setup(garbage_behind_a_member_is_damage, start_packing),
        cmocka_unit_test_setup(a_wrong_checksum_is_damage_after_everything_was_given, start_packing),
        cmocka_unit_test_setup(an_early_end_is_damage, start_packing),
        cmocka_unit_test(the_whole_of_a_large_input_comes_through),
        cmocka_unit_test(a_missing_file_and_a_directory_are_io_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
