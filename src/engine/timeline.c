#include "engine/timeline.h"

static const int64_t first_bucket_ms = 3600000;

static void coarsen(struct timeline *t)
{
    for (size_t i = 0; i < TIMELINE_BUCKETS / 2; i++)
        t->counts[i] = t->counts[2 * i] + t->counts[2 * i + 1];
    for (size_t i = TIMELINE_BUCKETS / 2; i < TIMELINE_BUCKETS; i++)
        t->counts[i] = 0;
    t->bucket_ms *= 2;
    t->n = (t->n + 1) / 2;
}

void timeline_add(struct timeline *timeline, int64_t time_ms, uint32_t count)
{
    struct timeline *t = timeline;
    if (t->bucket_ms == 0) {
        t->bucket_ms = first_bucket_ms;
        t->start_ms = time_ms - time_ms % first_bucket_ms;
    }
    if (time_ms < t->start_ms)
        time_ms = t->start_ms;
    while ((time_ms - t->start_ms) / t->bucket_ms >= TIMELINE_BUCKETS)
        coarsen(t);
    size_t bucket = (size_t)((time_ms - t->start_ms) / t->bucket_ms);
    t->counts[bucket] += count;
    if (bucket >= t->n)
        t->n = bucket + 1;
}
