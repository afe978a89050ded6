#include "lab/dialogue.h"

#include "exchange/dialect.h"
#include "lab/identity.h"

#include <math.h>
#include <stdlib.h>

enum { ANSWER_TOKENS_MAX = 1500, REASONING_TOKENS = 60, RESULT_TOKENS = 120 };

enum status dialogue_init(struct dialogue *dialogue, const struct corpus *corpus)
{
    enum status st = STATUS_OK;
    *dialogue = (struct dialogue){ .corpus = corpus };
    TRY(texts_init(&dialogue->texts, corpus));
    TRY(conversations_init(&dialogue->conversations));
    return st;
fail:
    dialogue_fini(dialogue);
    return st;
}

void dialogue_fini(struct dialogue *dialogue)
{
    texts_fini(&dialogue->texts);
    conversations_fini(&dialogue->conversations);
    buffer_fini(&dialogue->name);
    buffer_fini(&dialogue->arguments);
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

/* In the Responses API every item is a message of its own. */
static void next_item(struct dialogue *dialogue, const struct style *style)
{
    dialogue->phrases->message += style->api == API_OPENAI_RESPONSES;
}

static enum status put_signature(struct dialogue *dialogue, uint64_t seed)
{
    struct buffer *text = &dialogue->phrases->text;
    phrases_begin(dialogue->phrases);
    identity_put_id("sig", dice_hash(seed, 1), text);
    identity_put_id("", dice_hash(seed, 2), text);
    identity_put_id("", dice_hash(seed, 3), text);
    return phrases_part(dialogue->phrases, ROLE_ASSISTANT, PART_SIGNATURE);
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
    struct phrases *phrases = dialogue->phrases;
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
    struct phrases *phrases = dialogue->phrases;
    buffer_reset(&dialogue->name);
    buffer_reset(&dialogue->arguments);
    TRY(corpus_tool_call(
        dialogue->corpus, style->tools, talk->conversation, turn, &dialogue->name, &dialogue->arguments));
    next_item(dialogue, style);
    phrases_begin(phrases);
    buffer_put(&phrases->text, buffer_span(&dialogue->name));
    struct span name = phrases_taken(phrases);
    phrases_begin(phrases);
    buffer_put(&phrases->text, buffer_span(&dialogue->arguments));
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
    struct phrases *phrases = dialogue->phrases;
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
    TRY(corpus_answer(dialogue->corpus, talk->pool, talk->task, seed, tokens, &phrases->text));
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
    struct buffer *text = &dialogue->phrases->text;
    unsigned tokens = talk_tokens(said->conversation, said->turn, said->answer_tok);
    TRY(corpus_answer(
        dialogue->corpus, said->pool, said->task, turn_seed(said->conversation, said->turn), tokens, text));
    buffer_put_text(text, "\n\n");
fail:
    return st;
}

/* A file, a log, a letter: what people put behind their question, and now and then behind a later one. */
static enum status paste(struct dialogue *dialogue, const struct talk *talk, unsigned turn)
{
    enum { PASTED_TOKENS = 150, PASTED_MAX = 2500 };
    struct dice dice = dice_of(talk->conversation, 100 + (uint64_t)turn);
    struct buffer *text = &dialogue->phrases->text;
    double tokens = fmin(PASTED_MAX, dice_lognormal(&dice, PASTED_TOKENS, 1.1));
    if (turn > 0 && !dice_chance(&dice, 0.4))
        return STATUS_OK;
    bool code = talk->pool == POOL_CODE || talk->pool == POOL_AGENT || dice_chance(&dice, 0.2);
    buffer_put_text(text, "\n\n");
    if (code)
        return corpus_tool_result(dialogue->corpus, talk->conversation, turn, (unsigned)tokens, text);
    return corpus_answer(dialogue->corpus, POOL_WRITING, talk->task, dice_u64(&dice), (unsigned)tokens, text);
}

static enum status speak_question(struct dialogue *dialogue, const struct talk *talk)
{
    enum status st = STATUS_OK;
    struct phrases *phrases = dialogue->phrases;
    const struct kept_frame *frame = NULL;
    phrases_begin(phrases);
    if (talk->frame_kind != FRAME_NONE) {
        TRY(texts_frame(&dialogue->texts, talk, &frame));
        buffer_put(&phrases->text, buffer_span(&frame->before));
    }
    if (talk->flags & ASK_QUOTES)
        TRY(quote(dialogue, talk));
    TRY(corpus_task(dialogue->corpus, talk->pool, talk->task, &phrases->text));
    if (talk->flags & ASK_PASTES)
        TRY(paste(dialogue, talk, 0));
    if (frame)
        buffer_put(&phrases->text, buffer_span(&frame->after));
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
    struct phrases *phrases = dialogue->phrases;
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
        if (talk->flags & ASK_PASTES)
            TRY(paste(dialogue, talk, turn));
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
    struct phrases *phrases = dialogue->phrases;
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

/* Everything before the question of the first turn, and the question. */
static enum status speak_beginning(
    struct dialogue *dialogue, const struct style *style, const struct talk *talk)
{
    enum status st = STATUS_OK;
    struct phrases *phrases = dialogue->phrases;
    phrases_reset(phrases);
    if (style->system != STYLE_ABSENT) {
        phrases_begin(phrases);
        TRY(phrases_part(phrases, ROLE_SYSTEM, PART_TEXT));
        phrases->message++;
    }
    if (talk->flags & ASK_REPLAYS && reasons(style))
        TRY(speak_replay(dialogue, talk));
    TRY(speak_question(dialogue, talk));
fail:
    return st;
}

/* The answer of the turn before becomes history; only where the conversation is known and went a turn on. */
static bool takes_answer(struct conversation *conversation)
{
    struct phrases *phrases = &conversation->phrases;
    if (!conversation->answered)
        return false;
    for (uint32_t i = conversation->asked.n_parts; i < phrases->n_parts; i++)
        phrases->parts[i].issued = 0;
    return true;
}

static enum status speak_request(struct dialogue *dialogue, const struct style *style,
    const struct talk *talk, struct conversation *conversation)
{
    enum status st = STATUS_OK;
    unsigned turn = conversation->turn;
    bool taken = false;
    if (!conversation->known) {
        TRY(speak_beginning(dialogue, style, talk));
        turn = 0;
    } else if (turn == talk->turn || !takes_answer(conversation)) {
        phrases_cut(dialogue->phrases, &conversation->asked);
    } else {
        taken = true;
    }
    for (; turn < talk->turn; turn++, taken = false) {
        if (!taken)
            TRY(speak_answer(dialogue, style, talk, turn));
        TRY(speak_follow_up(dialogue, style, talk, turn + 1));
    }
    conversation->asked = phrases_here(dialogue->phrases);
fail:
    return st;
}

static enum status speak_refusal(struct dialogue *dialogue)
{
    phrases_begin(dialogue->phrases);
    buffer_put_text(&dialogue->phrases->text, "This request was answered in a reduced mode.");
    return phrases_part(dialogue->phrases, ROLE_ASSISTANT, PART_TEXT);
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
    uint32_t first = dialogue->phrases->n_parts;
    if (ask->status != 200)
        return st;
    if (talk->flags & (ASK_RESTRICTED | ASK_REFUSED)) {
        TRY(speak_refusal(dialogue));
        exchange->finish = FINISH_REFUSAL;
    } else {
        TRY(speak_answer(dialogue, style, talk, talk->turn));
        exchange->finish = calls_tool(style, talk, talk->turn) ? FINISH_TOOL : FINISH_STOP;
    }
    for (uint32_t i = first; i < dialogue->phrases->n_parts; i++)
        dialogue->phrases->parts[i].issued = 1;
fail:
    return st;
}

static enum status speak_parts(
    struct dialogue *dialogue, const struct ask *ask, const struct style *style, struct exchange *exchange)
{
    enum status st = STATUS_OK;
    struct conversation *conversation = conversations_at(&dialogue->conversations, ask, style);
    struct phrases *phrases = dialogue->phrases = &conversation->phrases;
    TRY(speak_request(dialogue, style, &ask->talk, conversation));
    TRY(speak_issued(dialogue, ask, style, exchange));
    TRY(phrases->text.status);
    phrases_settle(phrases);
    if (style->system != STYLE_ABSENT)
        TRY(texts_system(&dialogue->texts, style, &phrases->parts[0].text));
    exchange->parts = phrases->parts;
    exchange->n_parts = phrases->n_parts;
    conversation_keep(conversation, ask, style, ask->status == 200 && exchange->finish != FINISH_REFUSAL);
    return st;
fail:
    conversation->known = false;
    return st;
}

enum status dialogue_speak(
    struct dialogue *dialogue, const struct ask *ask, const struct style *style, struct exchange *exchange)
{
    enum status st = STATUS_OK;
    if (style->tools != STYLE_ABSENT)
        TRY(texts_tools(&dialogue->texts, style->tools, &exchange->tools, &exchange->n_tools));
    TRY(speak_parts(dialogue, ask, style, exchange));
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
