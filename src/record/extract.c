#include "record/extract.h"

#include "base/mix.h"
#include "record/anchors.h"
#include "record/classify.h"
#include "record/client.h"
#include "record/digest.h"
#include "record/event_ids.h"
#include "record/format.h"
#include "record/frames.h"
#include "record/language.h"
#include "record/promptcache.h"
#include "record/provenance.h"
#include "record/shape.h"
#include "record/turns.h"

#include <stdlib.h>

_Static_assert((int)EXTRACT_TEXT_MAX == (int)TOKENS_BYTES_MAX, "one limit under two names");

struct extractor {
    struct key key;
    struct anchor_key anchor_key;
    struct tokens *user;  /* of the last user turn */
    struct tokens *other; /* of whatever is looked at besides */
    struct token_scratch scratch;
    struct wordtable words;
    struct known known; /* of the tokens read last */
    struct prompt_cache prompts;
    struct memo memo;
    struct turn_cache turns;
};

enum status extractor_new(const struct key *key, struct extractor **ret_extractor)
{
    enum status st = STATUS_OK;
    struct extractor *extractor = calloc(1, sizeof *extractor);
    REQUIRE(extractor, STATUS_NOMEM);
    extractor->key = *key;
    anchor_key_init(&extractor->anchor_key, key);
    language_words(&extractor->words);
    format_words(&extractor->words);
    wordtable_build(&extractor->words);
    TRY(tokens_new(&extractor->user));
    TRY(tokens_new(&extractor->other));
    TRY(token_scratch_init(&extractor->scratch));
    *ret_extractor = extractor;
    return st;
fail:
    extractor_free(extractor);
    return st;
}

void extractor_free(struct extractor *extractor)
{
    if (!extractor)
        return;
    tokens_free(extractor->user);
    tokens_free(extractor->other);
    token_scratch_fini(&extractor->scratch);
    free(extractor);
}

/* Identities and numbers */

static uint64_t identity(struct extractor *extractor, struct span text)
{
    return memo_hash(&extractor->memo, &extractor->key, KEY_IDENTITY, text.data, text.n);
}

static void copy_identities(
    struct extractor *extractor, const struct exchange *exchange, struct exchange_record *record)
{
    record->exchange = key_hash(&extractor->key, KEY_EXCHANGE, exchange->id.data, exchange->id.n);
    record->organization = identity(extractor, exchange->organization);
    record->api_key = identity(extractor, exchange->key);
    record->end_user = identity(extractor, exchange->end_user);
    record->session = identity(extractor, exchange->session);
    struct span model = exchange->params.model.n > 0 ? exchange->params.model : exchange->response_model;
    record->model = identity(extractor, model);
    client_hashes(&extractor->memo, &extractor->key, &exchange->client, record);
}

static uint32_t count_of(int64_t value, uint32_t most)
{
    return value <= 0 ? 0 : value < most ? (uint32_t)value : most;
}

static void copy_numbers(const struct exchange *exchange, struct exchange_record *record)
{
    const struct exchange_params *params = &exchange->params;
    const struct exchange_usage *usage = &exchange->usage;
    record->api = (uint8_t)exchange->api;
    record->finish = (uint8_t)exchange->finish;
    record->status = (uint16_t)count_of(exchange->status, UINT16_MAX);
    record->duration_ms =
        exchange->duration_ms < 0 ? UINT32_MAX : count_of(exchange->duration_ms, UINT32_MAX - 1);
    record->max_tokens = params->max_tokens;
    record->temperature_milli = params->temperature_milli;
    record->top_p_milli = params->top_p_milli;
    record->n = (uint16_t)count_of(params->n, UINT16_MAX);
    record->top_logprobs = (uint16_t)count_of(params->top_logprobs, UINT16_MAX);
    record->param_flags = params->flags;
    record->input_tok = count_of(usage->input_tok, UINT32_MAX);
    record->output_tok = count_of(usage->output_tok, UINT32_MAX);
    record->reasoning_tok = count_of(usage->reasoning_tok, UINT32_MAX);
    record->cached_tok = count_of(usage->cached_tok, UINT32_MAX);
    record->flags |= exchange->api == API_NONE ? REC_METADATA_ONLY : 0;
    record->flags |= exchange->parts_dropped > 0 ? REC_TRUNCATED_PARTS : 0;
}

enum { BYTES_A_TOKEN = 4 };

/* Where the provider gave no counts, four bytes of text are a token. */
static void estimate_usage(const struct exchange *exchange, struct exchange_record *record)
{
    uint64_t in = (uint64_t)record->system_bytes + record->user_bytes + record->history_bytes;
    if (exchange->usage.input_tok < 0 && in > 0) {
        record->input_tok = count_of((int64_t)(in / BYTES_A_TOKEN), UINT32_MAX);
        record->flags |= REC_USAGE_ESTIMATED;
    }
    if (exchange->usage.output_tok < 0 && record->output_bytes > 0) {
        record->output_tok = record->output_bytes / BYTES_A_TOKEN;
        record->flags |= REC_USAGE_ESTIMATED;
    }
}

/* System prompt and tools, by way of the cache */

static uint64_t chain(const struct extractor *extractor, uint64_t hash, struct span text)
{
    return mix_fold(
        hash ^ key_fold(&extractor->key, text.data, text.n), text.n + UINT64_C(0xe7037ed1a0b428db));
}

static bool is_system(const struct part *part)
{
    return !part->issued && part->role == ROLE_SYSTEM && part_is_text(part);
}

static void fill_prompt(struct extractor *extractor, struct prompt *prompt)
{
    const struct tokens *tokens = extractor->other;
    const struct classifier_input in = { .system = tokens->hash, .n_system = tokens->n };
    prompt->sum = (struct linear_sum){ 0 };
    classify_sum(&in, &prompt->sum);
    known_find(&extractor->words, tokens, &extractor->known);
    prompt->format = format_of(&extractor->known);
    frame_of(&extractor->key, tokens, &extractor->scratch, &prompt->frame);
}

/* NULL without a system prompt. */
static const struct prompt *system_prompt(
    struct extractor *extractor, const struct exchange *exchange, const struct turns *turns)
{
    struct prompt *prompt;
    uint64_t hash = 1, length = 0;
    for (uint32_t i = 0; i < turns->request_end; i++)
        if (is_system(&exchange->parts[i])) {
            hash = chain(extractor, hash, exchange->parts[i].text);
            length += exchange->parts[i].text.n;
        }
    if (length == 0)
        return NULL;
    if (prompt_cache_at(&extractor->prompts, hash, length, &prompt))
        return prompt;
    tokens_reset(extractor->other);
    for (uint32_t i = 0; i < turns->request_end; i++)
        if (is_system(&exchange->parts[i]))
            tokens_add(extractor->other, exchange->parts[i].text);
    fill_prompt(extractor, prompt);
    return prompt;
}

static void tool_frame(
    struct extractor *extractor, const struct exchange *exchange, struct frame_sig *ret_frame)
{
    struct prompt *prompt;
    uint64_t hash = 2, length = 0;
    if (exchange->n_tools == 0)
        return;
    for (uint32_t i = 0; i < exchange->n_tools; i++) {
        const struct tool *tool = &exchange->tools[i];
        hash = chain(
            extractor, chain(extractor, chain(extractor, hash, tool->name), tool->description), tool->schema);
        length += tool->name.n + tool->description.n + tool->schema.n;
    }
    if (!prompt_cache_at(&extractor->prompts, hash, length, &prompt)) {
        tokens_reset(extractor->other);
        for (uint32_t i = 0; i < exchange->n_tools; i++) {
            tokens_add(extractor->other, exchange->tools[i].name);
            tokens_add(extractor->other, exchange->tools[i].description);
            tokens_add(extractor->other, exchange->tools[i].schema);
        }
        fill_prompt(extractor, prompt);
    }
    *ret_frame = prompt->frame;
}

/* The last user turn */

/* Returns the format that it demands, in the bits of format_of. */
static uint32_t read_user(struct extractor *extractor, const struct exchange *exchange,
    const struct turns *turns, struct exchange_record *record)
{
    struct tokens *tokens = extractor->user;
    struct span first = { 0 };
    tokens_reset(tokens);
    for (uint32_t i = turns->last_begin; i < turns->request_end; i++) {
        const struct part *part = &exchange->parts[i];
        if (!turn_has(part) || !part_is_text(part))
            continue;
        tokens_add(tokens, part->text);
        first = first.n == 0 ? part->text : first;
    }
    if (tokens->n == 0)
        return 0;
    frame_of(&extractor->key, tokens, &extractor->scratch, &record->user);
    frame_ends(&extractor->key, tokens, record->lead, record->tail);
    record->slot = frame_slot(&extractor->key, tokens, &extractor->scratch);
    known_find(&extractor->words, tokens, &extractor->known);
    record->language = (uint8_t)language_of(&extractor->known, first, tokens);
    const struct token_scratch *scratch = &extractor->scratch;
    size_t n_words = tokens_below(tokens, TOKEN_SYMBOL, scratch->words);
    anchors_of(
        &extractor->anchor_key, scratch->words, n_words, scratch->hashes, record->anchors.echo, ECHO_MAX);
    return format_of(&extractor->known);
}

static void set_format(uint32_t bits, const struct exchange *exchange, struct exchange_record *record)
{
    if (exchange->params.flags & PARAM_JSON_SCHEMA)
        bits |= FORMAT_SCHEMA | FORMAT_JSON;
    if (exchange->params.flags & PARAM_JSON_OBJECT)
        bits |= FORMAT_JSON;
    record->format = (uint16_t)bits;
    record->flags |= bits & FORMAT_CANDIDATES ? REC_MANY_CANDIDATES : 0;
}

/* Gives one capability at least half; the others share the rest as before. */
static void at_least_half(uint8_t capability[CAP_COUNT], enum capability which)
{
    if (capability[which] >= 128)
        return;
    unsigned rest = 255u - capability[which];
    for (unsigned i = 0; i < CAP_COUNT; i++)
        capability[i] = (uint8_t)(capability[i] * 127u / rest);
    capability[which] = 128;
}

static void classify(struct extractor *extractor, const struct turns *turns, const struct prompt *system,
    struct exchange_record *record)
{
    const struct classifier_input in = { .user = extractor->user->hash, .n_user = extractor->user->n };
    struct linear_sum sum = system ? system->sum : (struct linear_sum){ 0 };
    classify_sum(&in, &sum);
    classify_scores(&sum, record->capability, record->elicitation);
    if (turns->n_tool_results > 0 || record->n_tool_calls > 0)
        at_least_half(record->capability, CAP_AGENTIC);
    if (record->n_images > 0)
        at_least_half(record->capability, CAP_VISION);
}

/* Events */

static void extract_exchange(
    struct extractor *extractor, const struct exchange *exchange, struct exchange_record *record)
{
    struct turns turns;
    copy_identities(extractor, exchange, record);
    copy_numbers(exchange, record);
    if (exchange->api == API_NONE)
        return; /* what is read below is absent then */
    record->shape = shape_of(&extractor->key, exchange);
    turns_find(exchange, &turns, record);
    estimate_usage(exchange, record);
    tool_frame(extractor, exchange, &record->tools);
    const struct prompt *system = system_prompt(extractor, exchange, &turns);
    if (system)
        record->system = system->frame;
    uint32_t format = read_user(extractor, exchange, &turns, record);
    set_format(format | (system ? system->format : 0), exchange, record);
    classify(extractor, &turns, system, record);
    const struct turn_reader reader = { &extractor->anchor_key, extractor->other, &extractor->scratch,
        &extractor->turns };
    provenance_read(&reader, exchange, &turns, &record->anchors);
}

static void extract_account(
    struct extractor *extractor, const struct account_event *account, struct account_record *record)
{
    record->created_ms = account->created_ms;
    record->organization = identity(extractor, account->organization);
    record->email_domain = client_domain(&extractor->key, account->email_domain);
    record->payment = identity(extractor, account->payment);
    record->device = identity(extractor, account->device);
    client_address(&extractor->key, account->signup_ip, &record->signup_ip, &record->signup_net);
    record->country = client_country(account->country);
    record->phone_country = client_country(account->phone_country);
    record->tier = (uint8_t)account->tier;
    record->programme = (uint8_t)account->programme;
    record->verified = (uint8_t)account->verified;
    record->reseller = (int8_t)account->reseller;
}

void extract_record(struct extractor *extractor, const struct event *event, struct record *ret_record)
{
    struct span account = event_account(event);
    memset(ret_record, 0, sizeof *ret_record);
    ret_record->time_ms = event->time_ms;
    ret_record->kind = (uint8_t)event->kind;
    ret_record->account = memo_hash(&extractor->memo, &extractor->key, KEY_ACCOUNT, account.data, account.n);
    switch (event->kind) {
    case EVENT_EXCHANGE:
        extract_exchange(extractor, &event->exchange, &ret_record->exchange);
        break;
    case EVENT_ACCOUNT:
        extract_account(extractor, &event->account, &ret_record->account_facts);
        break;
    case EVENT_ENFORCEMENT:
        ret_record->enforcement.action = (uint8_t)event->enforcement.action;
        break;
    case EVENT_RELEASE:
        ret_record->release.model = identity(extractor, event->release_model);
        break;
    }
}

enum status extract_into(struct extractor *extractor, const struct event *event, struct record_batch *batch)
{
    enum status st = STATUS_OK;
    struct record *record;
    TRY(record_batch_next(batch, &record));
    extract_record(extractor, event, record);
    struct span name = event_account(event);
    if (name.n > 0)
        TRY(record_batch_name(batch, record->account, name));
    record_batch_commit(batch);
fail:
    return st;
}
