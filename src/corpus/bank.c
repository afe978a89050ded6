#include "corpus/bank.h"

#include <stdlib.h>

enum { TRIES = 64 };

static enum status fill(
    const struct grammar *grammar, uint32_t rule, uint64_t phrase, struct buffer *scratch, char *line)
{
    for (uint64_t i = 0; i < TRIES; i++) {
        struct grammar_draw draw = { .bound = phrase, .free = phrase * TRIES + i };
        buffer_reset(scratch);
        grammar_expand(grammar, rule, &draw, scratch);
        if (scratch->status != STATUS_OK)
            return scratch->status;
        if (scratch->n == 0 || scratch->n > BANK_TEXT)
            continue;
        memcpy(line, scratch->data, scratch->n);
        line[BANK_TEXT] = (char)scratch->n;
        return STATUS_OK;
    }
    return STATUS_BAD;
}

enum status bank_new(const struct grammar *grammar, const char *rule, unsigned bits, struct bank *ret_bank)
{
    size_t n = (size_t)1 << bits;
    struct bank bank = { .mask = (uint32_t)(n - 1), .block = calloc(n + 1, BANK_LINE) };
    struct buffer scratch = { 0 };
    uint32_t number;
    enum status st;
    REQUIRE(bank.block, STATUS_NOMEM);
    bank.phrases = (char(*)[BANK_LINE])((char *)bank.block + BANK_LINE - (uintptr_t)bank.block % BANK_LINE);
    TRY(grammar_find(grammar, rule, &number));
    for (size_t i = 0; i < n; i++)
        TRY(fill(grammar, number, i, &scratch, bank.phrases[i]));
    *ret_bank = bank;
    bank.block = NULL;
fail:
    bank_fini(&bank);
    buffer_fini(&scratch);
    return st;
}

void bank_fini(struct bank *bank)
{
    free(bank->block);
    *bank = (struct bank){ 0 };
}
