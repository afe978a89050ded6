/*
 * ring_bench: what it costs a worker to append a record to its ring.
 *
 * Model: entries of 400 bytes into a ring of 16 MiB that a consumer in the same process empties every 1,000 entries;
 *   only the appends are timed. The peer, in the same run, copies the same bytes to the same kind of memory: the least
 *   that an append can do. Medians of 9 runs.
 * Order: bench_ring prints one JSON object.
 */
#include "bench.h"
#include "store/ring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RUNS = 9, LAPS = 200, ENTRIES = 1000, ENTRY = 400, RING = 16 << 20 };

static double time_appends(struct ring *in, struct ring *out, const char *bytes)
{
    struct span items;
    struct ring_stats stats;
    double spent = 0;
    ring_stats(in, &stats);
    uint64_t at = stats.head, next;
    for (int lap = 0; lap < LAPS; lap++) {
        double before = now_us();
        for (int i = 0; i < ENTRIES; i++)
            if (!ring_append(in, (struct span){ bytes + i, ENTRY }))
                exit(1);
        spent += now_us() - before;
        while (ring_read(out, at, &items, &next) == STATUS_OK)
            at = next;
        ring_release(out, at);
    }
    return spent * 1000 / (LAPS * ENTRIES);
}

static double time_copies(char *to, const char *bytes)
{
    double before = now_us();
    for (size_t i = 0; i < (size_t)LAPS * ENTRIES; i++)
        memcpy(to + i * (ENTRY + 8) % (RING - ENTRY), bytes + i % ENTRIES, ENTRY);
    return (now_us() - before) * 1000 / (LAPS * ENTRIES);
}

int main(void)
{
    static char bytes[ENTRIES + ENTRY];
    static char to[RING];
    char path[] = P_tmpdir "/ring-bench-XXXXXX";
    double append[RUNS], copy[RUNS];
    struct ring *in, *out;
    int fd = mkstemp(path);
    if (fd < 0 || ring_open(path, RING, 1, &in, NULL) != STATUS_OK ||
        ring_attach(path, 1, &out, NULL) != STATUS_OK)
        return 1;
    close(fd);
    for (uint64_t seed = 1, i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)random_next(&seed);
    for (int i = 0; i < RUNS; i++) {
        append[i] = time_appends(in, out, bytes);
        copy[i] = time_copies(to, bytes);
    }
    qsort(append, RUNS, sizeof *append, by_value);
    qsort(copy, RUNS, sizeof *copy, by_value);
    printf("{\"entry_bytes\": %d, \"append_ns\": %.1f, \"copy_ns\": %.1f}\n", ENTRY, append[RUNS / 2],
        copy[RUNS / 2]);
    ring_detach(out);
    ring_close(in);
    unlink(path);
    return 0;
}
