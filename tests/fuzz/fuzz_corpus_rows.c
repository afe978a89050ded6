/* A file of a set in each form: rows whose strings lie in readable memory, or a status. */
#include "fuzz.h"

#include "corpus/set_rows.h"

#include <stdlib.h>

static enum status take(void *context, const struct row *row)
{
    unsigned *sum = context;
    for (unsigned i = 0; i < row->n; i++)
        for (size_t k = 0; k < row->strings[i].text.n; k++)
            *sum += (unsigned char)row->strings[i].text.data[k];
    return STATUS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct row_shape shapes[] = {
        { SET_LINES, NULL, { "a", "m.*.role", "q.*.*.t" } },
        { SET_DOCUMENT, "*", { "a", "b.c" } },
        { SET_DOCUMENT, "list.*", { "a" } },
        { SET_CSV, NULL, { NULL } },
        { SET_PLAIN, NULL, { NULL } },
    };
    const char *path = fuzz_input_file(data, n);
    unsigned sum = 0;
    for (unsigned i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct diag diag = { 0 };
        enum status st = set_rows_read(path, &shapes[i], take, &sum, &diag);
        if (st == STATUS_BAD && diag.reason[0] == '\0')
            abort();
    }
    return 0;
}
