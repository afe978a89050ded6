/* A file of rules: it becomes a grammar whose rules expand, or it is refused with a place. */
#include "fuzz.h"

#include "corpus/grammar.h"
#include "corpus/skeleton.h"

#include <stdlib.h>

enum {
    EXPANDED_MOST = 120
}; /* rules that double each other grow with their number: longer files are only read */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct grammar_source source = { "rules", { (const char *)data, n } };
    struct grammar *grammar = NULL;
    struct skeletons *skeletons = NULL;
    struct buffer out = { 0 };
    struct diag diag = { 0 };
    uint32_t rule;
    enum status st = grammar_new(&source, 1, &grammar, &diag);
    if (st == STATUS_BAD && diag.reason[0] == '\0')
        abort();
    if (st == STATUS_OK && n <= EXPANDED_MOST && grammar_find(grammar, "x", &rule) == STATUS_OK) {
        for (uint64_t i = 0; i < 4; i++)
            grammar_expand(grammar, rule, &(struct grammar_draw){ i, i * n, 128 }, &out);
        if (skeletons_new(grammar, rule, 2, &skeletons) == STATUS_OK)
            skeletons_expand(skeletons, &(struct grammar_draw){ .bound = n, .free = 1 }, &out);
    }
    skeletons_free(skeletons);
    grammar_free(grammar);
    buffer_fini(&out);
    return 0;
}
