/* One line of a log, of any dialect, to an event and on to a record. */
#include "fuzz.h"

#include "exchange/parse.h"
#include "record/extract.h"

#include <stdlib.h>

static struct line_parser *parser;
static struct extractor *extractor;

static void start(void)
{
    struct key key;
    key_init(&key, key_default_secret);
    if (line_parser_new(1 << 20, &parser) != STATUS_OK || extractor_new(&key, &extractor) != STATUS_OK)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct event event;
    enum line_fault fault = FAULT_COUNT;
    struct diag diag = { 0 };
    if (!parser)
        start();
    char *line = malloc(n + LINE_PADDING);
    if (!line)
        return 0;
    memcpy(line, data, n);
    memset(line + n, 0, LINE_PADDING);
    enum status st = line_parse(parser, (struct span){ line, n }, &event, &fault, &diag);
    if (st == STATUS_OK) {
        struct record record;
        extract_record(extractor, &event, &record);
    } else if (st == STATUS_BAD && fault >= FAULT_COUNT) {
        abort(); /* a bad line has a reason */
    }
    free(line);
    return 0;
}
