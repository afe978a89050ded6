/* Sightings in CSV: any bytes are read or refused with a reason, and what was read is linked, with scores from 0 to 1. */
#include "fuzz.h"

#include "link/csv.h"
#include "link/link.h"

#include <stdlib.h>

enum { BAD_MAX = 16 };

static const struct acts_limits limits = { .accounts = 256, .objects = 256, .acts = 1024 };
static const struct link_config config = { .least = 0.5, .pairs_max = 4096 };

static void check_acts(const struct acts *acts)
{
    if (acts->n > limits.acts || acts->accounts.n > limits.accounts || acts->objects.n > limits.objects)
        abort();
    for (size_t i = 0; i < acts->n; i++)
        if (acts->items[i].account >= acts->accounts.n || acts->items[i].object >= acts->objects.n ||
            acts->items[i].time_ms < acts->first_ms || acts->items[i].time_ms > acts->last_ms)
            abort();
}

static void link_all(struct acts *acts)
{
    struct link link = { 0 };
    if (acts_settle(acts) != STATUS_OK)
        abort();
    check_acts(acts);
    if (link_run(&link, acts, &config) != STATUS_OK)
        abort();
    for (size_t i = 0; i < acts->accounts.n; i++)
        if (!(link.scores[i] >= 0 && link.scores[i] <= 1))
            abort();
    link_fini(&link);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct acts acts;
    struct csv_counts counts = { 0 };
    struct diag diag = { 0 };
    acts_init(&acts, &limits);
    enum status st = csv_read(fuzz_input_file(data, n), BAD_MAX, &acts, &counts, &diag);
    if (st == STATUS_OK && (counts.bad > BAD_MAX || counts.bad > counts.rows))
        abort();
    if (st == STATUS_BAD && diag.reason[0] == '\0')
        abort();
    if (st == STATUS_OK && acts.n > 0)
        link_all(&acts);
    acts_fini(&acts);
    return 0;
}
