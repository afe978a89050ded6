#include "report/summary_json.h"

void evictions_of(const struct engine_stats *stats, struct eviction ret_evictions[static EVICTIONS])
{
    const struct eviction all[EVICTIONS] = {
        { "accounts", "accounts forgotten to make room for new ones", stats->accounts.evicted },
        { "content_sightings", "exchanges whose content was left out, beyond an account's share of an hour",
            stats->accounts.content_left_out },
        { "provenance_sightings", "exchanges whose returned outputs were left out, beyond an account's share",
            stats->accounts.provenance_left_out },
        { "objects_single", "objects of one account forgotten", stats->objects.singles_evicted },
        { "objects_shared", "objects of several accounts forgotten", stats->objects.shared_evicted },
        { "objects_issued", "issued outputs forgotten", stats->objects.issued_evicted },
        { "object_members", "sightings without room in the list of their object", stats->objects.unlisted },
        { "edges", "ties beyond the limit of the campaign stage", stats->campaigns.edges_dropped },
        { "ticks_forced", "ticks closed early because too many records waited for order",
            stats->ticks_forced },
    };
    for (size_t i = 0; i < EVICTIONS; i++)
        ret_evictions[i] = all[i];
}

uint64_t run_state_bytes(const struct engine_stats *stats)
{
    return stats->accounts.state_bytes + stats->objects.state_bytes + stats->campaigns.state_bytes +
           stats->policy_bytes + stats->names_bytes + stats->pending_bytes;
}

static void put_count(struct json_writer *writer, const char *name, uint64_t value)
{
    json_put_name(writer, name);
    json_put_u64(writer, value);
}

static void put_log(struct json_writer *writer, const struct log_stats *log)
{
    json_put_name(writer, "log");
    if (!log) {
        json_put_null(writer);
        return;
    }
    json_put_object(writer);
    put_count(writer, "lines", log->lines);
    put_count(writer, "events", log->events);
    put_count(writer, "bytes", log->bytes);
    json_put_name(writer, "refused");
    json_put_object(writer);
    for (enum line_fault fault = 0; fault < FAULT_COUNT; fault++)
        put_count(writer, line_fault_name(fault), log->faults[fault]);
    json_put_object_end(writer);
    json_put_name(writer, "unknown_keys");
    json_put_array(writer);
    for (size_t i = 0; i < log->unknown_keys && i < sizeof log->unknown_key / sizeof *log->unknown_key; i++)
        json_put_text(writer, log->unknown_key[i]);
    json_put_array_end(writer);
    json_put_object_end(writer);
}

static void put_campaigns(struct json_writer *writer, const struct report_source *source)
{
    uint64_t count[CAMPAIGN_CLOSED + 1] = { 0 };
    for (size_t i = 0; i < source->n_campaigns; i++)
        count[source->campaigns[i]->status]++;
    json_put_name(writer, "campaigns");
    json_put_object(writer);
    for (enum campaign_status status = 0; status <= CAMPAIGN_CLOSED; status++)
        put_count(writer, campaign_status_name(status), count[status]);
    json_put_object_end(writer);
}

static void put_decisions(struct json_writer *writer, const struct engine_stats *stats)
{
    json_put_name(writer, "decisions");
    json_put_object(writer);
    for (enum action action = 0; action < ACTION_COUNT; action++)
        put_count(writer, action_name(action), stats->decisions[action]);
    json_put_object_end(writer);
}

static void put_costs(struct json_writer *writer, const struct report_run *run)
{
    struct eviction evictions[EVICTIONS];
    evictions_of(&run->engine, evictions);
    json_put_name(writer, "limits_reached");
    json_put_object(writer);
    for (size_t i = 0; i < EVICTIONS; i++)
        put_count(writer, evictions[i].table, evictions[i].count);
    json_put_object_end(writer);
    put_count(writer, "state_bytes", run_state_bytes(&run->engine));
    put_count(writer, "issued_bytes", run->engine.objects.issued_bytes);
    put_count(writer, "peak_memory_bytes", run->peak_memory_bytes);
    json_put_name(writer, "wall_s");
    json_put_double(writer, run->wall_s);
    put_count(writer, "threads", run->n_threads);
}

void summary_json(struct json_writer *writer, const struct report_input *input)
{
    const struct report_run *run = &input->run;
    json_put_object(writer);
    json_put_name(writer, "version");
    json_put_text(writer, run->version);
    json_put_name(writer, "policy");
    json_put_text(writer, run->policy);
    json_put_name(writer, "mode");
    json_put_text(writer, mode_name(run->mode));
    json_put_name(writer, "first");
    json_put_time(writer, run->engine.records ? run->engine.first_ms : -1);
    json_put_name(writer, "last");
    json_put_time(writer, run->engine.records ? run->engine.last_ms : -1);
    put_log(writer, run->log);
    put_count(writer, "records", run->engine.records);
    put_count(writer, "late", run->engine.late);
    put_count(writer, "exchanges", run->engine.exchanges);
    put_count(writer, "accounts", run->engine.accounts.created);
    put_campaigns(writer, &input->source);
    put_decisions(writer, &run->engine);
    put_count(writer, "accounts_contained", run->engine.accounts_contained);
    put_costs(writer, run);
    json_put_object_end(writer);
    json_put_line(writer);
}
