#include "exchange/batch.h"

static void note_fault(struct batch *batch, enum line_fault fault, uint64_t offset, const struct diag *diag)
{
    if (batch->faults[fault]++ > 0)
        return;
    batch->first[fault] = *diag;
    batch->first[fault].line = batch->line_ends + 1;
    batch->first[fault].offset = offset;
}

/* Parses one line and hands the event to the sink. `open`: the line has no end. */
static enum status parse_line(
    struct batch *batch, struct line_parser *parser, const struct log_sink *sink, struct span line, bool open)
{
    struct event event;
    enum line_fault fault;
    struct diag diag = { 0 };
    uint64_t offset = batch->chunk.offset + (uint64_t)(line.data - batch->chunk.bytes);
    enum status st = line_parse(parser, line, &event, &fault, &diag);
    if (st == STATUS_OK) {
        batch->lines++;
        batch->events++;
        return sink->parse(sink->context, batch->hand, batch->held, &event);
    }
    if (st != STATUS_BAD)
        return st;
    if (open && fault == FAULT_NOT_JSON) {
        /* What damage cut off is counted as the damage. */
        if (batch->chunk.fate != STATUS_OK)
            return STATUS_OK;
        fault = FAULT_TRUNCATED;
        diag_set(&diag, "", "the file ends within a line");
    }
    batch->lines++;
    note_fault(batch, fault, offset, &diag);
    return STATUS_OK;
}

static bool is_blank(struct span line)
{
    for (size_t i = 0; i < line.n; i++)
        if (line.data[i] != ' ' && line.data[i] != '\t')
            return false;
    return true;
}

static enum status parse_lines(struct batch *batch, struct line_parser *parser, const struct log_sink *sink)
{
    struct span text = { batch->chunk.bytes, batch->chunk.n };
    for (size_t at = 0; at < text.n;) {
        size_t end = span_find(text, '\n', at);
        struct span line = { text.data + at, end - at };
        if (at == 0)
            line = (struct span){ line.data + batch->chunk.mark_bytes, line.n - batch->chunk.mark_bytes };
        if (line.n > 0 && line.data[line.n - 1] == '\r')
            line.n--;
        bool parse = line.n > line_parser_max_bytes(parser) || !is_blank(line);
        enum status st = parse ? parse_line(batch, parser, sink, line, end == text.n) : STATUS_OK;
        if (st != STATUS_OK)
            return st;
        batch->line_ends += end < text.n;
        at = end + 1;
    }
    return STATUS_OK;
}

static void take_unknown(struct batch *batch, const struct line_parser *parser, size_t from)
{
    const char *name;
    for (batch->unknown.n = 0; (name = line_parser_unknown(parser, from + batch->unknown.n));
         batch->unknown.n++)
        memcpy(batch->unknown.names[batch->unknown.n], name, UNKNOWN_BYTES);
}

void batch_parse(struct batch *batch, struct line_parser *parser, const struct log_sink *sink)
{
    size_t known = 0;
    while (line_parser_unknown(parser, known))
        known++;
    batch->line_ends = batch->lines = batch->events = 0;
    memset(batch->faults, 0, sizeof batch->faults);
    struct diag diag = { 0 };
    if (batch->chunk.long_line) {
        diag_set(&diag, "", LINE_TOO_LONG, line_parser_max_bytes(parser));
        note_fault(batch, FAULT_TOO_LONG, batch->chunk.offset + batch->chunk.mark_bytes, &diag);
        batch->lines++;
        batch->line_ends += !batch->chunk.ends_file;
    }
    batch->st = parse_lines(batch, parser, sink);
    if (batch->chunk.fate == STATUS_BAD) {
        diag_set(&diag, "", "%s", batch->chunk.fate_reason);
        note_fault(batch, FAULT_DAMAGED, batch->chunk.fate_offset, &diag);
    }
    take_unknown(batch, parser, known);
}

static void merge_unknown(const struct batch *batch, struct log_stats *stats)
{
    for (uint32_t i = 0; i < batch->unknown.n; i++) {
        uint64_t k = 0;
        while (k < stats->unknown_keys && strcmp(stats->unknown_key[k], batch->unknown.names[i]) != 0)
            k++;
        if (k == stats->unknown_keys && k < UNKNOWN_MAX)
            memcpy(stats->unknown_key[stats->unknown_keys++], batch->unknown.names[i], UNKNOWN_BYTES);
    }
}

enum status batch_merge(struct batch *batch, struct merge *merge)
{
    struct log_stats *stats = merge->stats;
    const struct chunk *chunk = &batch->chunk;
    if (chunk->file != merge->file)
        merge->line_ends = 0;
    merge->file = chunk->file;
    for (int fault = 0; fault < FAULT_COUNT; fault++) {
        if (batch->faults[fault] > 0 && stats->faults[fault] == 0) {
            stats->first[fault] = batch->first[fault];
            stats->first[fault].line += merge->line_ends;
            stats->first[fault].file = merge->paths[chunk->file];
        }
        stats->faults[fault] += batch->faults[fault];
    }
    stats->lines += batch->lines;
    stats->events += batch->events;
    stats->bytes += chunk->bytes_read;
    merge->line_ends += batch->line_ends;
    merge_unknown(batch, stats);
    if (chunk->fate != STATUS_IO)
        return STATUS_OK;
    stats->io = (struct diag){ .file = merge->paths[chunk->file], .offset = chunk->fate_offset };
    diag_set(&stats->io, "", "%s", chunk->fate_reason);
    return STATUS_IO;
}
