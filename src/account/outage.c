#include "account/outage.h"

static const int64_t window_ms = 600000;

void outage_count(struct outage *outage, int64_t time_ms, bool failed)
{
    int64_t gone_ms = time_ms - outage->from_ms;
    if (gone_ms >= window_ms) {
        bool next = gone_ms < 2 * window_ms;
        *outage = (struct outage){ .from_ms = time_ms - gone_ms % window_ms,
            .n_before = next ? outage->n : 0,
            .failed_before = next ? outage->failed : 0 };
    }
    outage->n++;
    outage->failed += failed;
}

bool outage_lasts(const struct outage *outage)
{
    uint64_t failed = (uint64_t)outage->failed + outage->failed_before;
    return failed >= OUTAGE_FAILURES && failed * OUTAGE_ONE_IN > (uint64_t)outage->n + outage->n_before;
}
