#include "gate/asking.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const int64_t number_most = INT64_C(1000000000000000);

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Of one letter both cases, of other characters at least themselves. */
static bool may_be(char a, char b)
{
    return (a | 0x20) == (b | 0x20);
}

static bool same_letters(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

/* Where the word is, in any case: a lenient server may not tell them apart. NULL: nowhere. */
static const char *find(struct span text, struct span word)
{
    for (size_t i = 0; i + word.n <= text.n; i++)
        if (may_be(text.data[i], word.data[0]) && same_letters(text.data + i, word.data, word.n))
            return text.data + i;
    return NULL;
}

static bool has(struct span text, struct span word)
{
    return find(text, word) != NULL;
}

#define LITERAL(text)                                                                                        \
    {                                                                                                        \
        text, sizeof(text) - 1                                                                               \
    }

/* The model that the path names: /deployments/NAME/... or /models/NAME; empty: none. */
static struct span model_in_path(struct span path)
{
    static const struct span before[] = { LITERAL("/deployments/"), LITERAL("/models/") };
    const char *end = path.data + path.n;
    for (size_t k = 0; k < sizeof before / sizeof *before; k++) {
        const char *at = find(path, before[k]);
        struct span name = { at ? at + before[k].n : end, 0 };
        while (name.data + name.n < end && name.data[name.n] != '/' && name.data[name.n] != ':')
            name.n++;
        if (at && name.data < end)
            return name;
    }
    return (struct span){ 0 };
}

void asking_start(struct ask *ret_ask)
{
    *ret_ask = (struct ask){ .choices = 1, .output_tok = NUMBER_ABSENT };
}

void asking_path(struct span path, bool may_list, struct ask *io_ask)
{
    io_ask->model = model_in_path(path);
    if (has(path, SPAN("/batches")))
        io_ask->uses |= USE_BATCH;
    if (may_list && has(path, SPAN("/models")))
        io_ask->uses |= USE_MODELS;
}

bool asking_looks_like_json(struct span body)
{
    size_t i = 0;
    while (i < body.n &&
           (body.data[i] == ' ' || body.data[i] == '\0' || (body.data[i] >= '\t' && body.data[i] <= '\r')))
        i++;
    return i < body.n && memchr("{[\xef\xfe\xff", body.data[i], 5) != NULL;
}

/* What the gate knows of the top level of a request, whoever's API it is of: what it asks for, and what a restriction does. */
struct word {
    const char *key;
    size_t n; /* bytes of the key */
    uint32_t use;
    bool size; /* the most output tokens */
};
#define USED(key, use)                                                                                       \
    {                                                                                                        \
        key, sizeof(key) - 1, use, false                                                                     \
    }
#define SIZED(key)                                                                                           \
    {                                                                                                        \
        key, sizeof(key) - 1, 0, true                                                                        \
    }

static const struct word words[] = {
    USED("model", 0),
    USED("n", USE_CHOICES),
    USED("best_of", USE_CHOICES),
    USED("logprobs", USE_LOGPROBS),
    USED("top_logprobs", USE_LOGPROBS),
    USED("prompt_logprobs", USE_LOGPROBS),
    USED("n_probs", USE_LOGPROBS),
    USED("include", USE_LOGPROBS | USE_REASONING),
    USED("reasoning", USE_REASONING),
    USED("reasoning_effort", USE_REASONING),
    USED("include_reasoning", USE_REASONING),
    USED("thinking", USE_REASONING),
    USED("enable_thinking", USE_REASONING),
    USED("chat_template_kwargs", USE_REASONING),
    SIZED("max_tokens"),
    SIZED("max_completion_tokens"),
    SIZED("max_output_tokens"),
    SIZED("n_predict"),
};
enum { WORDS = sizeof words / sizeof *words };

/* The word that a key is, in any case; NULL: none. */
static const struct word *word_of(struct span key)
{
    for (const struct word *word = words; word < words + WORDS; word++)
        if (word->n == key.n && may_be(word->key[0], key.data[0]) && same_letters(key.data, word->key, key.n))
            return word;
    return NULL;
}

/*
 * A key said twice, or one that the gate reads in other letters, would let it read one value and the model server another. Some
 * servers fold more letters than those of ASCII: no parameter has any.
 */
static bool is_ambiguous(const struct amend_member *member, const struct word *word)
{
    for (size_t i = 0; i < member->key.n; i++)
        if ((unsigned char)member->key.data[i] >= 0x80)
            return true;
    return member->repeated || (word && memcmp(member->key.data, word->key, word->n) != 0);
}

static bool says_nothing(struct span value)
{
    return span_is(value, "null") || span_is(value, "false") || span_is(value, "0") ||
           span_is(value, "\"\"") || span_is(value, "[]") || span_is(value, "{}");
}

/* A value that asks for reasoning. An escape could spell any word. */
static bool reasons(const char *key, struct span value)
{
    static const struct span signs[] = { LITERAL("\\"), LITERAL("summary"), LITERAL("enabled"),
        LITERAL("adaptive"), LITERAL("low"), LITERAL("medium"), LITERAL("high"), LITERAL("max"),
        LITERAL("true"), LITERAL("budget") };
    if (span_is(span_of(key), "include"))
        return has(value, SPAN("\\")) || has(value, SPAN("reasoning"));
    if (span_is(span_of(key), "chat_template_kwargs"))
        return has(value, SPAN("\\")) || (has(value, SPAN("think")) && has(value, SPAN("true")));
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (has(value, signs[i]))
            return true;
    return false;
}

static uint32_t uses_of(const struct word *word, struct span value)
{
    uint32_t uses = 0;
    if (says_nothing(value))
        return 0;
    if (word->use & USE_CHOICES && !span_is(value, "1"))
        uses |= USE_CHOICES;
    if (word->use & USE_REASONING && reasons(word->key, value))
        uses |= USE_REASONING;
    if (word->use & USE_LOGPROBS &&
        (!(word->use & USE_REASONING) || has(value, SPAN("logprobs")) || has(value, SPAN("\\"))))
        uses |= USE_LOGPROBS;
    return uses;
}

/* Digits and nothing else, as nearly all are. */
static bool is_whole(struct span value, int64_t *ret_number)
{
    enum { DIGITS_MAX = 15 };
    int64_t number = 0;
    for (size_t i = 0; i < value.n; i++) {
        if (value.n > DIGITS_MAX || value.data[i] < '0' || value.data[i] > '9')
            return false;
        number = number * 10 + (value.data[i] - '0');
    }
    *ret_number = number;
    return true;
}

/* A number of JSON in whichever form, rounded up: 1e3 is a thousand to a model server. NUMBER_ABSENT: none, or below 0. */
static int64_t number_of(struct span value)
{
    char text[64], *end = NULL;
    int64_t number;
    if (value.n == 0 || value.data[0] < '0' || value.data[0] > '9')
        return NUMBER_ABSENT;
    if (value.n >= sizeof text)
        return number_most;
    if (is_whole(value, &number))
        return number;
    memcpy(text, value.data, value.n);
    text[value.n] = '\0';
    double real = ceil(strtod(text, &end));
    if (*end != '\0')
        return NUMBER_ABSENT;
    return real < (double)number_most ? (int64_t)real : number_most;
}

static void ask_size(struct ask *ask, struct span value)
{
    int64_t number = number_of(value);
    ask->output_open |= number < 0 && !span_is(value, "null");
    if (number > ask->output_tok)
        ask->output_tok = number;
}

static void ask_choices(struct ask *ask, struct span value)
{
    int64_t number = says_nothing(value) || value.data[0] == '-' ? 0 : number_of(value);
    if (number < 0)
        number = number_most; /* a text, say, that a server may take for a number */
    if (number > ask->choices)
        ask->choices = number;
}

static enum status ask_members(const struct amend *amend, struct ask *ask)
{
    const struct amend_member *member;
    for (size_t i = 0; (member = amend_at(amend, i)); i++) {
        const struct word *word = word_of(member->key);
        if (is_ambiguous(member, word))
            return STATUS_BAD;
        if (!word)
            continue;
        ask->uses |= uses_of(word, member->value);
        if (word->size)
            ask_size(ask, member->value);
        if (word->use & USE_CHOICES)
            ask_choices(ask, member->value);
    }
    return STATUS_OK;
}

static void ask_params(const struct exchange_params *params, struct ask *ask)
{
    ask->choices = params->n > ask->choices ? params->n : ask->choices;
    ask->output_tok = params->max_tokens > ask->output_tok ? params->max_tokens : ask->output_tok;
    if (params->flags & (PARAM_REASONING | PARAM_INCLUDE_ENCRYPTED))
        ask->uses |= USE_REASONING;
    if (params->flags & PARAM_LOGPROBS || params->top_logprobs > 0)
        ask->uses |= USE_LOGPROBS;
}

enum status asking_body(const struct asking *asking, enum api api, struct span body, struct ask *io_ask)
{
    enum status st = STATUS_OK;
    struct exchange_params params;
    struct diag diag;
    io_ask->model_due = api != API_NONE;
    TRY(amend_scan(asking->amend, body, &diag));
    TRY(ask_members(asking->amend, io_ask));
    /* Of an unknown path the body is read as the commonest: what it asks for is not passed by. */
    TRY(pair_read_params(asking->reader, api == API_NONE ? API_OPENAI_CHAT : api, body,
        amend_cursor(asking->amend), &params, &diag));
    ask_params(&params, io_ask);
    struct span model = params.model;
    REQUIRE(model.n == 0 || io_ask->model.n == 0 || span_eq(io_ask->model, model), STATUS_BAD);
    io_ask->model = model.n > 0 ? model : io_ask->model;
fail:
    return st;
}

struct changes {
    struct amend_change items[WORDS];
    size_t n;
    char number[24];
};

static void change(struct changes *changes, const struct amend *amend, const char *key, struct span value)
{
    if (value.n > 0 || amend_find(amend, key))
        changes->items[changes->n++] = (struct amend_change){ key, value };
}

static void take_out(struct changes *changes, const struct amend *amend)
{
    for (size_t i = 0; i < WORDS; i++)
        if (words[i].use)
            change(changes, amend, words[i].key, (struct span){ 0 });
}

/* Every size that the request names, or that of its API. */
static void cap(struct changes *changes, const struct amend *amend, enum api api, int64_t asked, int64_t most)
{
    static const char *const usual[API_COUNT] = { "max_completion_tokens", "max_completion_tokens",
        "max_output_tokens", "max_tokens" };
    int64_t tok = asked >= 0 && asked < most ? asked : most;
    bool named = false;
    if (most <= 0)
        return;
    int n = snprintf(changes->number, sizeof changes->number, "%lld", (long long)tok);
    struct span value = { changes->number, (size_t)n };
    for (size_t i = 0; i < WORDS; i++)
        if (words[i].size && amend_find(amend, words[i].key)) {
            change(changes, amend, words[i].key, value);
            named = true;
        }
    if (!named)
        change(changes, amend, usual[api], value);
}

enum status asking_rewrite(const struct asking *asking, enum api api, struct span body, const struct ask *ask,
    const struct ruling *ruling, struct buffer *out)
{
    enum status st = STATUS_OK;
    struct changes changes = { .n = 0 };
    struct diag diag;
    TRY(amend_scan(asking->amend, body, &diag));
    if (ruling->restricted)
        take_out(&changes, asking->amend);
    cap(&changes, asking->amend, api, ask->output_tok, ruling->output_cap);
    TRY(amend_write(asking->amend, changes.items, changes.n, out));
    st = out->status;
fail:
    return st;
}
