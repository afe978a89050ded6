/*
 * A request's body at the gate; the first byte picks api and limits. What it asks for is told, the same in a body that
 * a restriction or a cap has rewritten: no more than they leave, and every other member as it was. No size or number of
 * choices that a model server could read in it is above what the gate read.
 */
#include "fuzz.h"

#include "gate/asking.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct asking asking, other;

static void make(void)
{
    if (asking.amend)
        return;
    if (amend_new(1 << 20, &asking.amend) != STATUS_OK || amend_new(2 << 20, &other.amend) != STATUS_OK ||
        pair_reader_new(1 << 20, &asking.reader) != STATUS_OK ||
        pair_reader_new(2 << 20, &other.reader) != STATUS_OK)
        abort();
}

static bool is_one_of(struct span key, const char *const *names)
{
    for (; *names; names++)
        if (key.n == strlen(*names) && strncasecmp(key.data, *names, key.n) == 0)
            return true;
    return false;
}

static const char *const sizes[] = { "max_tokens", "max_completion_tokens", "max_output_tokens", "n_predict",
    NULL };
static const char *const choices[] = { "n", "best_of", NULL };
static const char *const taken_out[] = { "n", "best_of", "logprobs", "top_logprobs", "prompt_logprobs",
    "n_probs", "include", "reasoning", "reasoning_effort", "include_reasoning", "thinking", "enable_thinking",
    "chat_template_kwargs", "think", "thinking_budget", "reasoning_budget", NULL };

/* As a lenient server may read it; NAN: as none. */
static double lenient_number(struct span value)
{
    char text[400], *end;
    size_t n = value.n < sizeof text - 1 ? value.n : sizeof text - 1;
    memcpy(text, value.data, n);
    text[n] = '\0';
    if (n == 0 || (!isdigit((unsigned char)text[0]) && text[0] != '-'))
        return NAN;
    double number = strtod(text, &end);
    return *end ? NAN : number;
}

static void check_ask(const struct amend *amend, const struct ask *ask)
{
    const struct amend_member *member;
    for (size_t i = 0; (member = amend_at(amend, i)); i++) {
        double number = lenient_number(member->value), most = number < 1e15 ? number : 1e15;
        bool limited = ask->output_open || span_is(member->value, "null") ||
                       (double)ask->output_tok >= 1e15 || (number >= 0 && (double)ask->output_tok >= most);
        if (is_one_of(member->key, sizes) && !limited)
            abort();
        if (is_one_of(member->key, choices) && number > 1 &&
            (!(ask->uses & USE_CHOICES) || (double)ask->choices < most))
            abort();
    }
}

static bool is_changed(const struct amend_member *member, bool restricted)
{
    return is_one_of(member->key, sizes) || (restricted && is_one_of(member->key, taken_out));
}

static const struct amend_member *next_kept(const struct amend *amend, bool restricted, size_t *i)
{
    const struct amend_member *member;
    while ((member = amend_at(amend, (*i)++)) && is_changed(member, restricted))
        ;
    return member;
}

static void check_kept(struct span body, bool restricted)
{
    const struct amend_member *old, *new;
    struct diag diag;
    size_t i = 0, k = 0;
    if (amend_scan(asking.amend, body, &diag) != STATUS_OK)
        abort();
    do {
        old = next_kept(asking.amend, restricted, &i);
        new = next_kept(other.amend, restricted, &k);
        if (!old != !new || (old && (!span_eq(old->key, new->key) || !span_eq(old->value, new->value))))
            abort();
    } while (old);
}

static void check_rewritten(
    enum api api, struct span body, const struct ask *ask, const struct ruling *ruling)
{
    const uint32_t restricted = USE_REASONING | USE_LOGPROBS | USE_CHOICES;
    static struct buffer out;
    struct ask again;
    buffer_reset(&out);
    enum status st = asking_rewrite(&asking, body, ask, ruling, &out);
    if (st != STATUS_OK || !buffer_reserve(&out, JSON_PADDING))
        abort();
    memset(out.data + out.n, 0, JSON_PADDING);
    asking_start(&again);
    st = asking_body(&other, api, buffer_span(&out), &again);
    if (st == STATUS_TOO_BIG && amend_at(asking.amend, AMEND_MEMBERS_MAX - 1))
        return; /* one member more than can be */
    bool named = again.output_tok >= 0 || (ask->sizes_due == 0 && ask->output_tok < 0);
    if (st != STATUS_OK || again.output_open || again.sizes_due || !named ||
        again.output_tok > ruling->output_cap)
        abort();
    if (ruling->restricted ? (again.uses & restricted) || again.choices != 1
                           : again.uses != ask->uses || again.choices != ask->choices)
        abort();
    check_kept(body, ruling->restricted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct ask ask;
    if (n == 0)
        return 0;
    make();
    enum api api = (enum api)(data[0] % API_COUNT);
    struct ruling ruling = { .restricted = data[0] & 0x20, .output_cap = data[0] & 0x40 ? 512 : 100000 };
    char *bytes = malloc(n - 1 + JSON_PADDING);
    if (!bytes)
        return 0;
    memcpy(bytes, data + 1, n - 1);
    memset(bytes + n - 1, '"', JSON_PADDING);
    struct span body = { bytes, n - 1 };
    asking_start(&ask);
    enum status st = asking_body(&asking, api, body, &ask);
    if (st == STATUS_OK) {
        if (!asking_looks_like_json(body) || ask.choices < 1)
            abort();
        check_ask(asking.amend, &ask);
        ask.model = (struct span){ 0 };
        check_rewritten(api, body, &ask, &ruling);
    } else if (st != STATUS_BAD && st != STATUS_TOO_BIG) {
        abort();
    }
    path_ask(body, body, data[0] & 0x80, &ask);
    if (ask.model.n > 0 && (ask.model.data < body.data || ask.model.data + ask.model.n > body.data + body.n))
        abort();
    free(bytes);
    return 0;
}
