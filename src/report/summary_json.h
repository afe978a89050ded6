/*
 * summary_json.h: summary.json, the counts of a run.
 *
 * Source: What Stillwatch writes, version 1. Wall time and memory differ between runs; nothing else does.
 */
#ifndef REPORT_SUMMARY_JSON_H
#define REPORT_SUMMARY_JSON_H

#include "base/json_writer.h"
#include "report/report.h"

void summary_json(struct json_writer *writer, const struct report_input *input);

/* What a full table dropped, by table, for the summary and the page. */
struct eviction {
    const char *table; /* short stable name */
    const char *text;  /* what it means, for people */
    uint64_t count;
};
enum { EVICTIONS = 9 };
void evictions_of(const struct engine_stats *stats, struct eviction ret_evictions[static EVICTIONS]);
uint64_t run_state_bytes(const struct engine_stats *stats);

#endif
