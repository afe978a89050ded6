#include "service/metrics.h"

#include "base/number.h"

struct metric {
    const char *name, *type, *help;
    size_t offset; /* of a uint64_t in service_stats */
};

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define AT(member) offsetof(struct service_stats, member)

static const struct metric metrics[] = {
    { "starts_total", "counter", "Starts of the service on this state folder.", AT(starts) },
    { "rounds_total", "counter", "Rounds: looks at the rings.", AT(rounds) },
    { "commits_total", "counter", "Transactions with journal, places and decisions.", AT(commits) },
    { "stalled_total", "counter", "Rounds that disk or table refused; they are tried again.", AT(stalled) },
    { "entries_total", "counter", "Entries taken from rings.", AT(spool.entries) },
    { "bad_entries_total", "counter", "Entries that no record can be decoded from.", AT(bad_entries) },
    { "ring_damaged_total", "counter", "Places where a ring could not be read.", AT(spool.damaged) },
    { "ring_lost_bytes_total", "counter", "Bytes behind them that were passed over.", AT(spool.lost_bytes) },
    { "ring_dropped", "gauge",
        "Entries that workers dropped because their ring was full, of the rings that are there.",
        AT(spool.dropped) },
    { "ring_waiting_bytes", "gauge", "Bytes in rings that were not taken yet.", AT(spool.waiting_bytes) },
    { "records", "gauge", "Records that the engine took, since the journal begins.", AT(engine.records) },
    { "exchanges", "gauge", "Exchanges of them.", AT(engine.exchanges) },
    { "late_records", "gauge", "Records that came more than ten seconds late, of them.", AT(engine.late) },
    { "accounts", "gauge", "Accounts tracked.", AT(engine.accounts.accounts) },
    { "accounts_evicted", "gauge", "Accounts forgotten because the table was full, since the journal begins.",
        AT(engine.accounts.evicted) },
    { "accounts_contained", "gauge", "Accounts restricted or suspended now.", AT(engine.accounts_contained) },
    { "campaigns", "gauge", "Campaigns confirmed.", AT(campaigns) },
    { "journal_bytes", "gauge", "Bytes of the journal.", AT(journal_bytes) },
    { "replayed_records", "gauge", "Records that this start replayed from the journal.", AT(replayed) },
    { "unnamed_decisions_total", "counter", "Decisions on accounts whose name is not known any more.",
        AT(unnamed) },
    { "swept_decisions_total", "counter", "Decisions removed a day after they expired.", AT(swept) },
    { "policies_total", "counter", "Policies taken, those of the replay too.", AT(policies) },
    { "policies_refused_total", "counter", "Policies that were asked for and refused.",
        AT(policies_refused) },
};

static void put_head(struct buffer *page, const char *name, const char *type, const char *help)
{
    buffer_print(page, "# HELP stillwatch_%s %s\n# TYPE stillwatch_%s %s\n", name, help, name, type);
}

static void put_number(struct buffer *page, const struct metric *metric, uint64_t value)
{
    put_head(page, metric->name, metric->type, metric->help);
    buffer_print(page, "stillwatch_%s %llu\n", metric->name, (unsigned long long)value);
}

static void put_actions(struct buffer *page, const char *name, const char *type, const char *help,
    const uint64_t values[static ACTION_COUNT])
{
    put_head(page, name, type, help);
    for (unsigned i = 0; i < ACTION_COUNT; i++)
        buffer_print(page, "stillwatch_%s{action=\"%s\"} %llu\n", name, action_name((enum action)i),
            (unsigned long long)values[i]);
}

int64_t metrics_lag_ms(const struct service_stats *stats, int64_t now_ms)
{
    int64_t lag_ms = now_ms - stats->engine.last_ms;
    return stats->spool.waiting_bytes == 0 || stats->engine.last_ms < 0 || lag_ms < 0 ? 0 : lag_ms;
}

void metrics_page(const struct service_stats *stats, int64_t now_ms, struct buffer *page)
{
    char lag[NUMBER_TEXT_BYTES];
    number_format((double)metrics_lag_ms(stats, now_ms) / 1000, lag);
    put_head(page, "build_info", "gauge", "1, with the version.");
    buffer_put_text(page, "stillwatch_build_info{version=\"" STILLWATCH_VERSION "\"} 1\n");
    put_number(
        page, &(struct metric){ "ready", "gauge", "1 once the journal is replayed.", 0 }, stats->ready);
    put_number(page, &(struct metric){ "rings", "gauge", "Rings attached.", 0 }, stats->spool.rings);
    put_number(page, &(struct metric){ "rings_refused", "gauge", "Rings that cannot be attached.", 0 },
        stats->spool.refused);
    put_number(page, &(struct metric){ "journal_segments", "gauge", "Segments of the journal.", 0 },
        stats->journal_segments);
    put_head(page, "lag_seconds", "gauge", "Age of the newest record decided on, while more waits; else 0.");
    buffer_print(page, "stillwatch_lag_seconds %s\n", lag);
    for (size_t i = 0; i < COUNT(metrics); i++)
        put_number(
            page, &metrics[i], *(const uint64_t *)(const void *)((const char *)stats + metrics[i].offset));
    put_actions(page, "decisions", "gauge", "Decisions of the engine, since the journal begins.",
        stats->engine.decisions);
    put_actions(page, "published_total", "counter", "Decisions written to the table.", stats->published);
}
