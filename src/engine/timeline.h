/*
 * timeline.h: when a campaign's members sent their exchanges, for people to look at.
 *
 * Model: counts in equal buckets from the first event on; when TIMELINE_BUCKETS are full, neighbours are added
 *   together and the bucket is twice as long.
 * Memory: 2 kB a campaign, fixed.
 */
#ifndef ENGINE_TIMELINE_H
#define ENGINE_TIMELINE_H

#include <stddef.h>
#include <stdint.h>

enum { TIMELINE_BUCKETS = 512 };

struct timeline {
    uint64_t campaign;           /* the id of whose it is */
    int64_t start_ms, bucket_ms; /* bucket_ms 0: empty */
    size_t n;
    uint32_t counts[TIMELINE_BUCKETS];
};

/* Events before the start are counted in the first bucket. */
void timeline_add(struct timeline *timeline, int64_t time_ms, uint32_t count);

#endif
