#define _GNU_SOURCE /* getline */

#include "examples.h"

#include "record/tokens.h"

#include <stdlib.h>
#include <string.h>

enum { FIELDS = 6 };

static size_t unescape(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        if (*from == '\\' && from[1] != '\0')
            *to++ = *++from == 'n' ? '\n' : *from == 't' ? '\t' : *from;
        else
            *to++ = *from;
    }
    *to = '\0';
    return (size_t)(to - text);
}

/* A copy of the tokens of a text, NULL if it has none or memory ran out. */
static uint32_t *tokens_copy(struct tokens *tokens, char *text, uint32_t *ret_n)
{
    tokens_reset(tokens);
    tokens_add(tokens, (struct span){ text, unescape(text) });
    *ret_n = 0;
    if (tokens->n == 0)
        return NULL;
    uint32_t *copy = malloc(tokens->n * sizeof *copy);
    if (copy == NULL)
        return NULL;
    memcpy(copy, tokens->hash, tokens->n * sizeof *copy);
    *ret_n = tokens->n;
    return copy;
}

static uint8_t set_of(struct examples *examples, const char *name)
{
    unsigned i = 0;
    while (i < examples->n_sets && strcmp(examples->sets[i], name) != 0)
        i++;
    if (i == examples->n_sets && i + 1 < SETS_MAX) {
        snprintf(examples->sets[i], SET_NAME_MAX, "%s", name);
        examples->n_sets++;
    }
    return (uint8_t)i;
}

static bool example_parse(struct examples *examples, struct tokens *tokens, char *line, struct example *ret)
{
    char *fields[FIELDS];
    for (unsigned i = 0; i < FIELDS; i++) {
        fields[i] = line;
        line = i + 1 < FIELDS ? strchr(line, '\t') : strchr(line, '\n');
        if (line == NULL)
            return false;
        *line++ = '\0';
    }
    struct example out = { .test = strcmp(fields[0], "test") == 0,
        .set = set_of(examples, fields[1]),
        .cap = (int8_t)atoi(fields[2]) };
    for (unsigned i = 0; i < ELICIT_COUNT; i++) {
        char mark = fields[3][i];
        out.target[i] = mark == '1'   ? TARGET_YES
                        : mark == 'h' ? TARGET_HALF
                        : mark == '0' ? TARGET_NO
                                      : TARGET_UNKNOWN;
    }
    out.system = tokens_copy(tokens, fields[4], &out.n_system);
    out.user = tokens_copy(tokens, fields[5], &out.n_user);
    out.bytes = (uint32_t)strlen(fields[5]);
    *ret = out;
    return true;
}

enum status examples_read(FILE *file, struct examples *ret_examples)
{
    enum status st;
    struct examples out = { 0 };
    struct tokens *tokens = NULL;
    char *line = NULL;
    size_t line_capacity = 0;
    TRY(tokens_new(&tokens));
    while (getline(&line, &line_capacity, file) > 0) {
        if (out.n == out.capacity) {
            size_t grown = out.capacity ? out.capacity * 2 : 4096;
            struct example *at = realloc(out.at, grown * sizeof *at);
            REQUIRE(at != NULL, STATUS_NOMEM);
            out.at = at;
            out.capacity = grown;
        }
        REQUIRE(example_parse(&out, tokens, line, &out.at[out.n]), STATUS_BAD);
        out.n++;
    }
    *ret_examples = out;
    out = (struct examples){ 0 };
fail:
    examples_fini(&out);
    tokens_free(tokens);
    free(line);
    return st;
}

void examples_fini(struct examples *examples)
{
    for (size_t i = 0; i < examples->n; i++) {
        free(examples->at[i].user);
        free(examples->at[i].system);
    }
    free(examples->at);
}
