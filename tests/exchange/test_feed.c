#include "exchange/feed.h"

#include "support/test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 100, PATH_BYTES = 64 };

static char path[PATH_BYTES];

static void write_log(const char *bytes, size_t n)
{
    strcpy(path, "/tmp/stillwatch_feed.XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, n), (ssize_t)n);
    close(fd);
}

/* Feeds the file twice over and checks that the chunks put together are the file, each time. */
static void assert_feeds(const char *bytes, size_t n, size_t chunk_bytes)
{
    const char *paths[] = { path, path };
    struct feed feed;
    struct chunk chunk = { 0 };
    uint64_t offset[2] = { 0 };
    enum status st;
    feed_init(&feed, paths, 2, chunk_bytes, LINE_MAX_BYTES);
    while ((st = feed_next(&feed, &chunk)) == STATUS_OK) {
        assert_int_equal(chunk.offset, offset[chunk.file]);
        assert_int_equal(chunk.starts_file, chunk.offset == 0);
        if (chunk.long_line)
            assert_int_equal(chunk.n, 0);
        else
            assert_memory_equal(chunk.bytes, bytes + chunk.offset, chunk.n);
        bool ends_a_line = bytes[chunk.offset + chunk.bytes_read - 1] == '\n';
        assert_true(ends_a_line || chunk.offset + chunk.bytes_read == n);
        offset[chunk.file] += chunk.bytes_read;
    }
    assert_int_equal(st, STATUS_END);
    assert_int_equal(offset[0], n);
    assert_int_equal(offset[1], n);
    assert_int_equal(feed_next(&feed, &chunk), STATUS_END);
    chunk_fini(&chunk);
    feed_fini(&feed);
}

static void the_chunks_put_together_are_the_file(void **state)
{
    (void)state;
    static char bytes[20000];
    uint64_t seed = 5;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (int round = 0; round < 20; round++) {
        size_t n = 1000 + (size_t)round * 900;
        for (size_t i = 0; i < n; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            /* Lines of 40 bytes in the mean, of 400 in every fourth file. */
            bytes[i] = (seed >> 40) % (round % 4 ? 40 : 400) == 0 ? '\n' : 'x';
        }
        write_log(bytes, n);
        for (size_t chunk_bytes = 1; chunk_bytes < 30000; chunk_bytes = chunk_bytes * 3 + 1)
            assert_feeds(bytes, n, chunk_bytes);
        unlink(path);
    }
}

static void a_line_beyond_the_limit_is_never_held_as_a_whole(void **state)
{
    (void)state;
    static char bytes[1 << 20];
    memset(bytes, 'x', sizeof bytes);
    bytes[sizeof bytes - 2] = '\n';
    write_log(bytes, sizeof bytes);
    const char *paths[] = { path };
    struct feed feed;
    struct chunk chunk = { 0 };
    feed_init(&feed, paths, 1, 64, LINE_MAX_BYTES);
    assert_ok(feed_next(&feed, &chunk));
    assert_true(chunk.long_line);
    assert_int_equal(chunk.bytes_read, sizeof bytes - 1);
    assert_true(chunk.cap < 1000);
    assert_ok(feed_next(&feed, &chunk));
    assert_false(chunk.long_line);
    assert_int_equal(chunk.n, 1);
    assert_int_equal(chunk.offset, sizeof bytes - 1);
    assert_true(chunk.ends_file);
    assert_int_equal(feed_next(&feed, &chunk), STATUS_END);
    chunk_fini(&chunk);
    feed_fini(&feed);
    unlink(path);
}

static void a_file_that_is_missing_is_noted_and_ends_the_feed(void **state)
{
    (void)state;
    const char *paths[] = { "/nonexistent/log", "/dev/null" };
    struct feed feed;
    struct chunk chunk = { 0 };
    feed_init(&feed, paths, 2, 64, LINE_MAX_BYTES);
    assert_ok(feed_next(&feed, &chunk));
    assert_int_equal(chunk.fate, STATUS_IO);
    assert_int_equal(chunk.n, 0);
    assert_string_equal(chunk.fate_reason, "No such file or directory");
    assert_int_equal(feed_next(&feed, &chunk), STATUS_END);
    chunk_fini(&chunk);
    feed_fini(&feed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_chunks_put_together_are_the_file),
        cmocka_unit_test(a_line_beyond_the_limit_is_never_held_as_a_whole),
        cmocka_unit_test(a_file_that_is_missing_is_noted_and_ends_the_feed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
