#include "gate/asking.h"

#include "gate/letters.h"
#include "gate/value.h"

#include <stdio.h>
#include <string.h>

void asking_start(struct ask *ret_ask)
{
    *ret_ask = (struct ask){ .choices = 1, .prompts = 1, .output_tok = NUMBER_ABSENT };
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
    bool size;       /* the most output tokens */
    unsigned bodies; /* of a size: BODY_ bits, whose own name it is */
};
#define USED(key, use)                                                                                       \
    {                                                                                                        \
        key, sizeof(key) - 1, use, false, 0                                                                  \
    }
#define SIZED(key, bodies)                                                                                   \
    {                                                                                                        \
        key, sizeof(key) - 1, 0, true, bodies                                                                \
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
    USED("think", USE_REASONING),
    USED("thinking_budget", USE_REASONING),
    USED("reasoning_budget", USE_REASONING),
    SIZED("max_tokens", BODY_CHAT | BODY_MESSAGES | BODY_COMPLETION),
    SIZED("max_completion_tokens", BODY_CHAT),
    SIZED("max_output_tokens", BODY_RESPONSES),
    SIZED("n_predict", 0),
};
enum { WORDS = sizeof words / sizeof *words };

/* The word that a key is, in any case; NULL: none. */
static const struct word *word_of(struct span key)
{
    for (const struct word *word = words; word < words + WORDS; word++)
        if (word->n == key.n && letters_may_be(word->key[0], key.data[0]) &&
            letters_same(key.data, word->key, key.n))
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

/* What is asked to be included may bring reasoning with it. */
static bool includes(struct span value, struct span word)
{
    return letters_has(value, SPAN("\\")) || letters_has(value, word);
}

/* 0 alternatives are still the log-probability of what was chosen. */
static bool wants_logprobs(const struct word *word, struct span value)
{
    static const char *const none_at_0[] = { "top_logprobs", "n_probs" };
    for (size_t i = 0; i < sizeof none_at_0 / sizeof *none_at_0; i++)
        if (strcmp(word->key, none_at_0[i]) == 0)
            return !value_says_nothing(value);
    return !span_is(value, "null") && !span_is(value, "false");
}

static uint32_t uses_of(const struct word *word, struct span value)
{
    if (word->use == (USE_LOGPROBS | USE_REASONING))
        return (includes(value, SPAN("reasoning")) ? USE_REASONING : 0) |
               (includes(value, SPAN("logprobs")) ? USE_LOGPROBS : 0);
    switch (word->use) {
    case USE_CHOICES:
        return value_says_nothing(value) || span_is(value, "1") ? 0 : USE_CHOICES;
    case USE_REASONING:
        return value_reasons(value) ? USE_REASONING : 0;
    case USE_LOGPROBS:
        return wants_logprobs(word, value) ? USE_LOGPROBS : 0;
    default:
        return 0;
    }
}

static void ask_size(struct ask *ask, const struct word *word, struct span value)
{
    int64_t number = value_number(value);
    ask->output_open |= number < 0 && !span_is(value, "null");
    ask->sizes_due &= number < 0 ? ~0U : ~word->bodies;
    if (number > ask->output_tok)
        ask->output_tok = number;
}

static void ask_choices(struct ask *ask, struct span value)
{
    int64_t number = value_says_nothing(value) || value.data[0] == '-' ? 0 : value_number(value);
    if (number < 0)
        number = VALUE_MOST; /* a text, say, that a server may take for a number */
    if (number > ask->choices)
        ask->choices = number;
}

/* Each prompt of a list is answered. */
static int64_t number_of_prompts(const struct amend *amend)
{
    const struct amend_member *prompt = amend_find(amend, "prompt");
    return prompt ? value_texts(prompt->value) : 1;
}

/* As what it may be read. On a path that is not known its text tells. */
static unsigned bodies_of(enum api api, const struct amend *amend, bool no_output)
{
    static const unsigned of_api[API_COUNT] = { [API_OPENAI_CHAT] = BODY_CHAT,
        [API_OPENAI_RESPONSES] = BODY_RESPONSES,
        [API_ANTHROPIC_MESSAGES] = BODY_MESSAGES };
    if (no_output)
        return 0;
    if (api != API_NONE)
        return of_api[api];
    return (amend_find(amend, "messages") ? BODY_CHAT : 0) |
           (amend_find(amend, "prompt") ? BODY_COMPLETION : 0);
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
            ask_size(ask, word, member->value);
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
    TRY(amend_scan(asking->amend, body, &diag));
    io_ask->sizes_due = bodies_of(api, asking->amend, io_ask->no_output);
    io_ask->model_due = api != API_NONE || io_ask->sizes_due != 0;
    if (io_ask->sizes_due & BODY_COMPLETION)
        io_ask->prompts = number_of_prompts(asking->amend);
    io_ask->has_messages = amend_find(asking->amend, "messages") != NULL;
    TRY(ask_members(asking->amend, io_ask));
    /* Of an unknown path the body is read as the commonest: what it asks for is not passed by; its types are its own. */
    TRY(pair_read_params(asking->reader, api == API_NONE ? API_OPENAI_CHAT : api, api == API_NONE, body,
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
    char number[24], usual[24];
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

/* Every size that the request names, and that of each API as whose request it may be read. */
static void cap(struct changes *changes, const struct amend *amend, const struct ask *ask, int64_t most)
{
    static const struct {
        unsigned body;
        const char *key;
    } usual[] = { { BODY_CHAT, "max_completion_tokens" }, { BODY_RESPONSES, "max_output_tokens" },
        { BODY_MESSAGES | BODY_COMPLETION, "max_tokens" } };
    int64_t tok = ask->output_tok >= 0 && ask->output_tok < most ? ask->output_tok : most;
    unsigned due = ask->sizes_due;
    if (most <= 0)
        return;
    int n = snprintf(changes->number, sizeof changes->number, "%lld", (long long)tok);
    struct span value = { changes->number, (size_t)n };
    for (size_t i = 0; i < WORDS; i++)
        if (words[i].size && amend_find(amend, words[i].key)) {
            change(changes, amend, words[i].key, value);
            due &= ~words[i].bodies;
        }
    n = snprintf(changes->usual, sizeof changes->usual, "%lld", (long long)most);
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (due & usual[i].body)
            change(changes, amend, usual[i].key, (struct span){ changes->usual, (size_t)n });
}

enum status asking_rewrite(const struct asking *asking, struct span body, const struct ask *ask,
    const struct ruling *ruling, struct buffer *out)
{
    enum status st = STATUS_OK;
    struct changes changes = { .n = 0 };
    struct diag diag;
    TRY(amend_scan(asking->amend, body, &diag));
    if (ruling->restricted)
        take_out(&changes, asking->amend);
    cap(&changes, asking->amend, ask, ruling->output_cap);
    TRY(amend_write(asking->amend, changes.items, changes.n, out));
    st = out->status;
fail:
    return st;
}
