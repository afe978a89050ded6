#include "rival/daily.h"

#include <stdlib.h>

enum { ACCOUNTS_DEFAULT = 1000000 };

size_t daily_init(struct daily *daily, const struct detector_config *config, const struct detector_sink *sink)
{
    size_t accounts_max = config->accounts_max ? config->accounts_max : ACCOUNTS_DEFAULT;
    *daily = (struct daily){ .sink = *sink, .day = -1 };
    ids_init(&daily->accounts, accounts_max);
    ledger_init(&daily->ledger, accounts_max);
    return accounts_max;
}

void daily_fini(struct daily *daily)
{
    ids_fini(&daily->accounts);
    ledger_fini(&daily->ledger);
    free(daily->cluster);
}

enum status daily_batch(struct daily *daily, const struct detector_batch *batch, struct detector *detector,
    enum status (*take)(struct detector *detector, const struct record *record))
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < batch->records->n; i++) {
        TRY(take(detector, &batch->records->records[i]));
        daily->now_ms = batch->records->records[i].time_ms;
    }
    if (daily->day < 0 && batch->records->n > 0)
        daily->day = batch->records->records[0].time_ms / DAILY_MS;
fail:
    return st;
}

bool daily_is_over(struct daily *daily, int64_t now_ms)
{
    daily->now_ms = now_ms;
    return daily->day >= 0 && now_ms / DAILY_MS != daily->day;
}

enum status daily_report(struct daily *daily, const uint32_t *numbers, size_t n)
{
    enum status st = STATUS_OK;
    TRY(ids_widen((void **)&daily->cluster, &daily->cluster_capacity, n, sizeof *daily->cluster));
    for (size_t i = 0; i < n; i++)
        daily->cluster[i] = daily->accounts.hashes[numbers[i]];
    TRY(ledger_report(&daily->ledger, daily->cluster, n, daily->now_ms, ACTION_SUSPEND, &daily->sink));
fail:
    return st;
}

size_t daily_bytes(const struct daily *daily)
{
    return ids_bytes(&daily->accounts) + ledger_bytes(&daily->ledger) +
           daily->cluster_capacity * sizeof *daily->cluster;
}
