/* Any bytes as one text, and as two: the bounds of tokens.h hold and the text is read within its limits. */
#include "fuzz.h"

#include "record/tokens.h"

#include <stdlib.h>

static void check(const struct tokens *tokens, size_t n)
{
    if (tokens->n > n + 1 || tokens->n_masked > tokens->n || tokens->bytes > TOKENS_BYTES_MAX)
        abort();
    for (uint32_t i = 1; i < tokens->n; i++)
        if ((tokens->kind[i] & TOKEN_CLASS) == TOKEN_NEWLINE &&
            (tokens->kind[i - 1] & TOKEN_CLASS) == TOKEN_NEWLINE)
            abort();
    if (tokens->n > 0 && (tokens->kind[tokens->n - 1] & TOKEN_CLASS) == TOKEN_NEWLINE)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct tokens *tokens;
    size_t half = n / 2;
    /* Of exactly n bytes, so that a sanitizer sees a byte read beyond them. */
    char *text = malloc(n ? n : 1);
    if (!text || tokens_new(&tokens) != STATUS_OK) {
        free(text);
        return 0;
    }
    for (size_t i = 0; i < n; i++)
        text[i] = (char)data[i];
    tokens_reset(tokens);
    tokens_add(tokens, (struct span){ text, n });
    check(tokens, n);
    tokens_reset(tokens);
    tokens_add(tokens, (struct span){ text, half });
    tokens_add(tokens, (struct span){ text + half, n - half });
    check(tokens, n + 1);
    tokens_free(tokens);
    free(text);
    return 0;
}
