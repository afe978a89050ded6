#include "lab/dialogue.h"

#include "exchange/dialect.h"
#include "lab/identity.h"

#include <stdlib.h>

enum { ANSWER_TOKENS_MAX = 1500, REASONING_TOKENS = 60, RESULT_TOKENS = 120 };

enum status dialogue_init(struct dialogue *dialogue, const struct corpus *corpus)
{
    *dialogue = (struct dialogue){ .corpus = corpus };
    dialogue->systems = calloc(TEXT_CACHE, sizeof *dialogue->systems);
    dialogue->toolsets = calloc(TEXT_CACHE, sizeof *dialogue->toolsets);
    dialogue->kept = calloc(TURN_CACHE, sizeof *dialogue->kept);
    if (dialogue->systems && dialogue->toolsets && dialogue->kept)
        return STATUS_OK;
    dialogue_fini(dialogue);
    return STATUS_NOMEM;
}

void dialogue_fini(struct dialogue *dialogue)
{
    for (unsigned i = 0; i < TEXT_CACHE; i++) {
        if (dialogue->systems)
            buffer_fini(&dialogue->systems[i].text);
        if (dialogue->toolsets)
            buffer_fini(&dialogue->toolsets[i].text);
    }
    for (unsigned i = 0; dialogue->kept && i < TURN_CACHE; i++)
        buffer_fini(&dialogue->kept[i].text);
    free(dialogue->kept);
    free(dialogue->systems);
    free(dialogue->toolsets);
    phrases_fini(&dialogue->phrases);
    buffer_fini(&dialogue->after);
    buffer_fini(&dialogue->name);
    buffer_fini(&dialogue->description);
    buffer_fini(&dialogue->schema);
}

unsigned talk_tokens(uint64_t conversation, unsigned turn, unsigned median)
{
    struct dice dice = dice_of(conversation, 7 + (uint64_t)turn);
    double tokens = dice_lognormal(&dice, median, 0.6);
    return tokens < 4 ? 4 : tokens > ANSWER_TOKENS_MAX ? ANSWER_TOKENS_MAX : (unsigned)tokens;
}

static uint64_t turn_seed(uint64_t conversation, unsigned turn)
{
    return dice_hash(conversation, 1000 + (uint64_t)turn);
}

/* Texts that are kept */

static struct cached *slot_of(struct cached *cache, uint64_t number)
{
    return &cache[dice_mix(number) % TEXT_CACHE];
}

static enum status system_text(struct dialogue *dialogue, const struct style *style, struct span *ret_text)
{
    enum status st = STATUS_OK;
    uint64_t number = dice_hash(style->system, style->system_bytes) | 1;
    struct cached *cached = slot_of(dialogue->systems, number);
    if (cached->number != number) {
        cached->number = 0;
        buffer_reset(&cached->text);
        TRY(corpus_system(dialogue->corpus, style->system, style->system_bytes, &cached->text));
        cached->number = number;
    }
    *ret_text = buffer_span(&cached->text);
fail:
    return st;
}

static struct span put_copy(struct buffer *text, const struct buffer *from, size_t *at)
{
    size_t begin = text->n;
    buffer_put(text, buffer_span(from));
    *at = begin;
    return (struct span){ NULL, from->n };
}

static enum status fill_tools(struct dialogue *dialogue, uint64_t number, struct cached *cached)
{
    enum status st = STATUS_OK;
    size_t at[TOOLS_MAX][3];
    unsigned n = corpus_tool_count(dialogue->corpus, number);
    n = n < TOOLS_MAX ? n : TOOLS_MAX;
    buffer_reset(&cached->text);
    for (unsigned i = 0; i < n; i++) {
        buffer_reset(&dialogue->name);
        buffer_reset(&dialogue->description);
        buffer_reset(&dialogue->schema);
        TRY(corpus_tool(
            dialogue->corpus, number, i, &dialogue->name, &dialogue->description, &dialogue->schema));
        cached->tools[i] = (struct tool){
            .name = put_copy(&cached->text, &dialogue->name, &at[i][0]),
            .description = put_copy(&cached->text, &dialogue->description, &at[i][1]),
            .schema = put_copy(&cached->text, &dialogue->schema, &at[i][2]),
        };
    }
    TRY(cached->text.status);
    for (unsigned i = 0; i < n; i++) {
        cached->tools[i].name.data = cached->text.data + at[i][0];
        cached->tools[i].description.data = cached->text.data + at[i][1];
        cached->tools[i].schema.data = cached->text.data + at[i][2];
    }
    cached->n_tools = n;
fail:
    return st;
}

static enum status speak_tools(
    struct dialogue *dialogue, const struct style *style, struct exchange *exchange)
{
    enum status st = STATUS_OK;
    struct cached *cached = slot_of(dialogue->toolsets, style->tools + 1);
    if (cached->number != style->tools + 1) {
        cached->number = 0;
        TRY(fill_tools(dialogue, style->tools, cached));
        cached->number = style->tools + 1;
    }
    exchange->tools = cached->tools;
    exchange->n_tools = cached->n_tools;
fail:
    return st;
}

/* Turns */

/* A text that was kept when it was said first is put again; false where it is not. */
static bool put_kept(struct dialogue *dialogue, uint64_t number)
{
    const struct kept *kept = &dialogue->kept[number % TURN_CACHE];
    if (kept->number != number)
        return false;
    buffer_put(&dialogue->phrases.text, buffer_span(&kept->text));
    return true;
}

/* Keeps what was said since phrases_begin. */
static void keep(struct dialogue *dialogue, uint64_t number)
{
    struct kept *kept = &dialogue->kept[number % TURN_CACHE];
    const struct phrases *phrases = &dialogue->phrases;
    size_t n = phrases->text.n - phrases->begin;
    kept->number = 0;
    if (n > KEPT_MAX || phrases->text.status != STATUS_OK)
        return;
    buffer_reset(&kept->text);
    buffer_put(&kept->text, (struct span){ phrases->text.data + phrases->begin, n });
    if (kept->text.status == STATUS_OK)
        kept->number = number;
}

/* In the Responses API every item is a message of its own. */
static void next_item(struct dialogue *dialogue, const struct style *style)
{
    dialogue->phrases.message += style->api == API_OPENAI_RESPONSES;
}

static enum status put_signature(struct dialogue *dialogue, uint64_t seed)
{
    struct buffer *text = &dialogue->phrases.text;
    phrases_begin(&dialogue->phrases);
    identity_put_id("sig", dice_hash(seed, 1), text);
    identity_put_id("", dice_hash(seed, 2), text);
    identity_put_id("", dice_hash(seed, 3), text);
    return phrases_part(&dialogue->phrases, ROLE_ASSISTANT, PART_SIGNATURE);
}

static bool reasons(const struct style *style)
{
    return style->flags & STYLE_REASONING && style->api == API_ANTHROPIC_MESSAGES;
}

static bool calls_tool(const struct style *style, const struct talk *talk, unsigned turn)
{
    return style->tools != STYLE_ABSENT && turn + 1U < talk->turns;
}

static void patch_call(struct dialogue *dialogue, struct span name, uint64_t seed)
{
    struct phrases *phrases = &dialogue->phrases;
    struct part *part = &phrases->parts[phrases->n_parts - 1];
    phrases_begin(phrases);
    identity_put_id("call_", dice_hash(seed, 4), &phrases->text);
    part->name = name;
    part->id = phrases_taken(phrases);
}

static enum status speak_call(
    struct dialogue *dialogue, const struct style *style, const struct talk *talk, unsigned turn)
{
    enum status st = STATUS_OK;
    struct phrases *phrases = &dialogue->phrases;
    buffer_reset(&dialogue->name);
    buffer_reset(&dialogue->schema);
    TRY(corpus_tool_call(
        dialogue->corpus, style->tools, talk->conversation, turn, &dialogue->name, &dialogue->schema));
    next_item(dialogue, style);
    phrases_begin(phrases);
    buffer_put(&phrases->text, buffer_span(&dialogue->name));
    struct span name = phrases_taken(phrases);
    phrases_begin(phrases);
    buffer_put(&phrases->text, buffer_span(&dialogue->schema));
    TRY(phrases_part(phrases, ROLE_ASSISTANT, PART_TOOL_CALL));
    patch_call(dialogue, name, turn_seed(talk->conversation, turn));
fail:
    return st;
}

/* What the model said in a turn, now or earlier. */
static enum status speak_answer(
    struct dialogue *dialogue, const struct style *style, const struct talk *talk, unsigned turn)
{
    enum status st = STATUS_OK;
    struct phrases *phrases = &dialogue->phrases;
    uint64_t seed = turn_seed(talk->conversation, turn);
    unsigned tokens = talk_tokens(talk->conversation, turn, talk->answer_tok);
    if (reasons(style)) {
        phrases_begin(phrases);
        TRY(corpus_answer(
            dialogue->corpus, POOL_MATH, talk->task, dice_hash(seed, 9), REASONING_TOKENS, &phrases->text));
        TRY(phrases_part(phrases, ROLE_ASSISTANT, PART_REASONING));
        TRY(put_signature(dialogue, seed));
    }
    phrases_begin(phrases);
    if (!put_kept(dialogue, seed)) {
        TRY(corpus_answer(dialogue->corpus, talk->pool, talk->task, seed, tokens, &phrases->text));
        if (turn + 1U < talk->turns)
            keep(dialogue, seed);
    }
    TRY(phrases_part(phrases, ROLE_ASSISTANT, PART_TEXT));
    if (calls_tool(style, talk, turn))
        TRY(speak_call(dialogue, style, talk, turn));
    phrases->message++;
fail:
    return st;
}

static enum status quote(struct dialogue *dialogue, const struct talk *talk)
{
    enum status st = STATUS_OK;
    const struct said *said = &talk->quoted;
    struct buffer *text = &dialogue->phrases.text;
    unsigned tokens = talk_tokens(said->conversation, said->turn, said->answer_tok);
    TRY(corpus_answer(
        dialogue->corpus, said->pool, said->task, turn_seed(said->conversation, said->turn), tokens, text));
    buffer_put_text(text, "\n\n");
fail:
    return st;
}

static enum status put_question(struct dialogue *dialogue, const struct talk *talk)
{
    enum status st = STATUS_OK;
    struct phrases *phrases = &dialogue->phrases;
    buffer_reset(&dialogue->after);
    if (talk->frame_kind != FRAME_NONE)
        TRY(corpus_frame(dialogue->corpus, talk->frame_kind, talk->frame, talk->variant, &phrases->text,
            &dialogue->after));
    if (talk->flags & ASK_QUOTES)
        TRY(quote(dialogue, talk));
    TRY(corpus_task(dialogue->corpus, talk->pool, talk->task, &phrases->text));
    buffer_put(&phrases->text, buffer_span(&dialogue->after));
fail:
    return st;
}

static enum status speak_question(struct dialogue *dialogue, const struct talk *talk)
{
    enum status st = STATUS_OK;
    struct phrases *phrases = &dialogue->phrases;
    uint64_t number = dice_hash(talk->conversation, 5);
    phrases_begin(phrases);
    if (!put_kept(dialogue, number)) {
        TRY(put_question(dialogue, talk));
        if (talk->turns > 1)
            keep(dialogue, number);
    }
    TRY(phrases_part(phrases, ROLE_USER, PART_TEXT));
    phrases->message++;
fail:
    return st;
}

/* What the user, or his program, says in a later turn: the result of the call, or a follow-up. */
static enum status speak_follow_up(
    struct dialogue *dialogue, const struct style *style, const struct talk *talk, unsigned turn)
{
    enum status st = STATUS_OK;
    struct phrases *phrases = &dialogue->phrases;
    bool result = calls_tool(style, talk, turn - 1);
    phrases_begin(phrases);
    if (result) {
        uint64_t seed = turn_seed(talk->conversation, turn - 1);
        unsigned tokens = talk_tokens(seed, 0, RESULT_TOKENS);
        TRY(corpus_tool_result(dialogue->corpus, talk->conversation, turn, tokens, &phrases->text));
        TRY(phrases_part(phrases, ROLE_TOOL, PART_TOOL_RESULT));
        patch_call(dialogue, (struct span){ 0 }, seed);
    } else {
        TRY(corpus_follow_up(dialogue->corpus, talk->pool, talk->conversation, turn, &phrases->text));
        TRY(phrases_part(phrases, ROLE_USER, PART_TEXT));
    }
    phrases->message++;
fail:
    return st;
}

/* A foreign reasoning signature, put where an own one would be. */
static enum status speak_replay(struct dialogue *dialogue, const struct talk *talk)
{
    enum status st = STATUS_OK;
    struct phrases *phrases = &dialogue->phrases;
    const struct said *said = &talk->quoted;
    phrases_begin(phrases);
    TRY(corpus_task(dialogue->corpus, said->pool, said->task, &phrases->text));
    TRY(phrases_part(phrases, ROLE_USER, PART_TEXT));
    phrases->message++;
    TRY(put_signature(dialogue, turn_seed(said->conversation, said->turn)));
    phrases->message++;
fail:
    return st;
}

static enum status speak_history(
    struct dialogue *dialogue, const struct style *style, const struct talk *talk)
{
    enum status st = STATUS_OK;
    if (talk->flags & ASK_REPLAYS && reasons(style))
        TRY(speak_replay(dialogue, talk));
    TRY(speak_question(dialogue, talk));
    for (unsigned turn = 0; turn < talk->turn; turn++) {
        TRY(speak_answer(dialogue, style, talk, turn));
        TRY(speak_follow_up(dialogue, style, talk, turn + 1));
    }
fail:
    return st;
}

static enum status speak_refusal(struct dialogue *dialogue)
{
    phrases_begin(&dialogue->phrases);
    buffer_put_text(&dialogue->phrases.text, "This request was answered in a reduced mode.");
    return phrases_part(&dialogue->phrases, ROLE_ASSISTANT, PART_TEXT);
}

static void speak_params(const struct style *style, struct exchange *exchange)
{
    struct exchange_params *params = &exchange->params;
    static const uint8_t max_names[] = { [API_OPENAI_CHAT] = NAME_MAX_TOKENS,
        [API_OPENAI_RESPONSES] = NAME_MAX_OUTPUT_TOKENS,
        [API_ANTHROPIC_MESSAGES] = NAME_MAX_TOKENS };
    params_clear(params);
    uint64_t names = UINT64_C(1) << NAME_MODEL;
    names |= UINT64_C(1) << (style->api == API_OPENAI_RESPONSES ? NAME_INPUT : NAME_MESSAGES);
    if (style->system != STYLE_ABSENT && style->api != API_OPENAI_CHAT)
        names |= UINT64_C(1) << (style->api == API_OPENAI_RESPONSES ? NAME_INSTRUCTIONS : NAME_SYSTEM);
    params->max_tokens = style->max_tokens;
    /* The Messages API does not go without. */
    if (params->max_tokens == NUMBER_ABSENT && style->api == API_ANTHROPIC_MESSAGES)
        params->max_tokens = 4096;
    names |= params->max_tokens != NUMBER_ABSENT ? UINT64_C(1) << max_names[style->api] : 0;
    params->temperature_milli = style->temperature_milli;
    names |= style->temperature_milli != NUMBER_ABSENT ? UINT64_C(1) << NAME_TEMPERATURE : 0;
    params->n = style->api == API_OPENAI_CHAT ? style->n : NUMBER_ABSENT;
    names |= params->n != NUMBER_ABSENT ? UINT64_C(1) << NAME_N : 0;
    if (style->flags & STYLE_STREAM) {
        params->flags |= PARAM_STREAM;
        names |= UINT64_C(1) << NAME_STREAM;
    }
    names |= exchange->n_tools > 0 ? UINT64_C(1) << NAME_TOOLS : 0;
    if (reasons(style)) {
        params->flags |= PARAM_REASONING;
        params->reasoning_budget_tok = 4096;
        names |= UINT64_C(1) << NAME_THINKING;
    }
    params->names = names;
}

static void count_tokens(struct exchange *exchange)
{
    size_t in = 0, out = 0;
    for (uint32_t i = 0; i < exchange->n_parts; i++)
        *(exchange->parts[i].issued ? &out : &in) += exchange->parts[i].text.n;
    for (uint32_t i = 0; i < exchange->n_tools; i++)
        in += exchange->tools[i].schema.n + exchange->tools[i].description.n;
    exchange->usage = (struct exchange_usage){ (int64_t)(in + 3) / 4, (int64_t)(out + 3) / 4, NUMBER_ABSENT,
        NUMBER_ABSENT };
}

static enum status speak_issued(
    struct dialogue *dialogue, const struct ask *ask, const struct style *style, struct exchange *exchange)
{
    enum status st = STATUS_OK;
    const struct talk *talk = &ask->talk;
    uint32_t first = dialogue->phrases.n_parts;
    if (ask->status != 200)
        return st;
    if (talk->flags & (ASK_RESTRICTED | ASK_REFUSED)) {
        TRY(speak_refusal(dialogue));
        exchange->finish = FINISH_REFUSAL;
    } else {
        TRY(speak_answer(dialogue, style, talk, talk->turn));
        exchange->finish = calls_tool(style, talk, talk->turn) ? FINISH_TOOL : FINISH_STOP;
    }
    for (uint32_t i = first; i < dialogue->phrases.n_parts; i++)
        dialogue->phrases.parts[i].issued = 1;
fail:
    return st;
}

enum status dialogue_speak(
    struct dialogue *dialogue, const struct ask *ask, const struct style *style, struct exchange *exchange)
{
    enum status st = STATUS_OK;
    struct phrases *phrases = &dialogue->phrases;
    struct span system = { 0 };
    phrases_reset(phrases);
    if (style->tools != STYLE_ABSENT)
        TRY(speak_tools(dialogue, style, exchange));
    if (style->system != STYLE_ABSENT) {
        TRY(system_text(dialogue, style, &system));
        phrases_begin(phrases);
        buffer_put(&phrases->text, system);
        TRY(phrases_part(phrases, ROLE_SYSTEM, PART_TEXT));
        phrases->message++;
    }
    TRY(speak_history(dialogue, style, &ask->talk));
    TRY(speak_issued(dialogue, ask, style, exchange));
    TRY(phrases->text.status);
    phrases_settle(phrases);
    exchange->parts = phrases->parts;
    exchange->n_parts = phrases->n_parts;
    speak_params(style, exchange);
    if (ask->status == 200)
        count_tokens(exchange);
    else
        exchange->usage =
            (struct exchange_usage){ NUMBER_ABSENT, NUMBER_ABSENT, NUMBER_ABSENT, NUMBER_ABSENT };
    exchange->duration_ms = 180 + 9 * (exchange->usage.output_tok > 0 ? exchange->usage.output_tok : 0);
fail:
    return st;
}
