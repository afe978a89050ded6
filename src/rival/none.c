/*
 * none: nobody watches. What is taken then is what the leak under any other detector is a share of.
 */
#include "rival/kinds.h"

/* There is no state; the address of this stands for the detector. */
struct detector {
    int unused;
};
static struct detector nobody;

static enum status open_none(
    const struct detector_config *config, const struct detector_sink *sink, struct detector **ret_detector)
{
    (void)config;
    (void)sink;
    *ret_detector = &nobody;
    return STATUS_OK;
}

static enum status batch(struct detector *detector, const struct detector_batch *batch)
{
    (void)detector;
    (void)batch;
    return STATUS_OK;
}

static uint64_t state_bytes(const struct detector *detector)
{
    (void)detector;
    return 0;
}

static void close_none(struct detector *detector)
{
    (void)detector;
}

const struct detector_kind none_kind = {
    .name = "none",
    .summary = "nobody watches: what would be taken",
    .open = open_none,
    .batch = batch,
    .state_bytes = state_bytes,
    .close = close_none,
};
