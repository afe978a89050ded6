/* One line to an event: every fault has its reason, every part its text, and a second reading says the same. */
#include "fuzz.h"

#include "exchange/parse.h"

#include <stdlib.h>

static struct line_parser *parser;

/* Touches every byte that the event borrows. */
static uint64_t sum_of(const struct event *event)
{
    uint64_t sum = (uint64_t)event->time_ms;
    if (event->kind != EVENT_EXCHANGE)
        return sum;
    const struct exchange *exchange = &event->exchange;
    if (exchange->n_parts > EXCHANGE_PARTS_MAX || exchange->n_tools > EXCHANGE_TOOLS_MAX)
        abort();
    for (uint32_t i = 0; i < exchange->n_parts; i++) {
        const struct part *part = &exchange->parts[i];
        if (part->role > ROLE_TOOL || part->kind > PART_REFUSAL ||
            (i > 0 && part->message < part[-1].message))
            abort();
        for (size_t k = 0; k < part->text.n; k++)
            sum = sum * 31 + (unsigned char)part->text.data[k];
        for (size_t k = 0; k < part->name.n; k++)
            sum = sum * 31 + (unsigned char)part->name.data[k];
        for (size_t k = 0; k < part->id.n; k++)
            sum = sum * 31 + (unsigned char)part->id.data[k];
    }
    for (uint32_t i = 0; i < exchange->n_tools; i++)
        for (size_t k = 0; k < exchange->tools[i].schema.n; k++)
            sum = sum * 31 + (unsigned char)exchange->tools[i].schema.data[k];
    return sum;
}

static uint64_t read_once(struct span line)
{
    struct event event;
    enum line_fault fault = FAULT_COUNT;
    struct diag diag = { 0 };
    enum status st = line_parse(parser, line, &event, &fault, &diag);
    if (st == STATUS_OK)
        return sum_of(&event);
    if (st != STATUS_BAD || fault >= FAULT_COUNT || diag.reason[0] == 0)
        abort();
    return (uint64_t)fault;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (!parser && line_parser_new(1 << 20, &parser) != STATUS_OK)
        abort();
    char *line = malloc(n + LINE_PADDING);
    if (!line)
        return 0;
    memcpy(line, data, n);
    memset(line + n, 0, LINE_PADDING);
    uint64_t first = read_once((struct span){ line, n });
    memset(line + n, '\n', LINE_PADDING); /* what follows a line in a log */
    if (read_once((struct span){ line, n }) != first)
        abort();
    free(line);
    return 0;
}
