/*
 * json_step.h: the steps of the cursor of json.h that every token takes, inline for the loops of walk.c.
 *
 * Cost: a call for each of them was a tenth of the time that a line takes.
 */
#ifndef EXCHANGE_JSON_STEP_H
#define EXCHANGE_JSON_STEP_H

#include "exchange/json.h"

#include <assert.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

struct json {
    const char *text;
    const uint32_t *first;   /* of the text's tokens */
    const uint32_t *at;      /* the next token: where it starts in text */
    const uint32_t *offered; /* the object or array that was handed out last: unread if `at` is still there */
    uint32_t limit;          /* where the open text ends, in text */
    uint32_t depth;
    struct lexer *lexer;
    char *scratch;
    size_t scratch_cap;
    size_t scratch_used;
};

/* What is seldom needed is called. */
enum status json_skip_to(struct json *json, uint32_t depth);
enum status json_unescape(struct json *json, struct span text, struct span *ret_text);
bool json_is_word(const char *text, const uint32_t *token);

/* The first byte of the next token; 0, which begins none, behind the last. */
static inline char step_peek(const struct json *json)
{
    return *json->at < json->limit ? json->text[*json->at] : 0;
}

static inline void step_enter(struct json *json, struct json_items *ret_items)
{
    json->at++;
    json->depth++;
    ret_items->json = json;
    ret_items->depth = json->depth;
    ret_items->started = false;
}

/* Among the n <= 16 bytes at `at`, of which 16 can be read. */
static inline bool short_has_backslash(const char *at, size_t n)
{
#ifdef __SSE2__
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
    unsigned hits = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
    return hits << (16 - n) & 0xffff;
#else
    return n > 0 && memchr(at, '\\', n);
#endif
}

static inline bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The string between its opening quote and the token behind it: its end needs no search. */
static inline enum status step_string_between(
    struct json *json, uint32_t start, uint32_t next, struct span *ret_text)
{
    const char *begin = json->text + start + 1, *end = json->text + next - 1;
    while (*end != '"')
        end--;
    size_t n = (size_t)(end - begin);
    if (n <= 16 ? short_has_backslash(begin, n) : memchr(begin, '\\', n) != NULL)
        return json_unescape(json, (struct span){ begin, n }, ret_text);
    *ret_text = (struct span){ begin, n };
    return STATUS_OK;
}

/* By the first byte. */
enum { NO_VALUE = JSON_NULL + 1 };
static const uint8_t json_types[256] = {
    ['{'] = JSON_OBJECT,
    ['['] = JSON_ARRAY,
    ['"'] = JSON_STRING,
    ['-'] = JSON_NUMBER,
    ['0'] = JSON_NUMBER,
    ['1'] = JSON_NUMBER,
    ['2'] = JSON_NUMBER,
    ['3'] = JSON_NUMBER,
    ['4'] = JSON_NUMBER,
    ['5'] = JSON_NUMBER,
    ['6'] = JSON_NUMBER,
    ['7'] = JSON_NUMBER,
    ['8'] = JSON_NUMBER,
    ['9'] = JSON_NUMBER,
    ['t'] = JSON_BOOL,
    ['f'] = JSON_BOOL,
    ['n'] = JSON_NULL,
    [','] = NO_VALUE,
    [':'] = NO_VALUE,
    ['}'] = NO_VALUE,
    [']'] = NO_VALUE,
};

/* Hands out the value at the next token. A scalar is behind the cursor from then on. */
static inline enum status step_offer(struct json *json, const uint32_t *token, struct json_value *ret_value)
{
    if (*token >= json->limit)
        return STATUS_BAD;
    unsigned type = json_types[(unsigned char)json->text[*token]];
    ret_value->json = json;
    ret_value->token = token;
    ret_value->type = (enum json_type)type;
    json->at = token;
    if (type == JSON_OBJECT || type == JSON_ARRAY) {
        json->offered = token;
        return STATUS_OK;
    }
    json->at++;
    if (type < JSON_BOOL)
        return STATUS_OK;
    if (type == NO_VALUE)
        return STATUS_BAD;
    if (!json_is_word(json->text, token))
        ret_value->type = JSON_INVALID;
    return STATUS_OK;
}

/* To the next member or element: past what is unread of the last one, and past the comma. */
static inline enum status step_over(struct json *json, struct json_items *items, char end)
{
    if (json->depth != items->depth || json->at == json->offered) {
        enum status st = json_skip_to(json, items->depth);
        if (st != STATUS_OK)
            return st;
    }
    char c = step_peek(json);
    if (c == end) {
        json->at++;
        json->depth--;
        return STATUS_END;
    }
    if (items->started) {
        json->at++;
        return c == ',' ? STATUS_OK : STATUS_BAD;
    }
    items->started = true;
    return STATUS_OK;
}

static inline enum status step_member(
    struct json *json, struct json_items *members, struct span *ret_key, struct json_value *ret_value)
{
    enum status st = step_over(json, members, '}');
    if (st != STATUS_OK)
        return st;
    const uint32_t *key = json->at;
    if (json->text[key[0]] != '"' || json->text[key[1]] != ':')
        return STATUS_BAD;
    st = step_offer(json, key + 2, ret_value); /* which also sees that the key is within the text */
    return st == STATUS_OK ? step_string_between(json, key[0], key[1], ret_key) : st;
}

static inline enum status step_element(struct json_items *elements, struct json_value *ret_value)
{
    struct json *json = elements->json;
    enum status st = step_over(json, elements, ']');
    return st == STATUS_OK ? step_offer(json, json->at, ret_value) : st;
}

/* What to say of a value that is not of the type that is asked for. */
static inline enum status step_refuse(const struct json_value *value)
{
    return value->type == JSON_INVALID ? STATUS_BAD : STATUS_MISMATCH;
}

static inline enum status step_into(
    struct json_value *value, enum json_type type, struct json_items *ret_items)
{
    if (value->type != type)
        return step_refuse(value);
    assert(value->json->at == value->token);
    step_enter(value->json, ret_items);
    return STATUS_OK;
}

static inline enum status step_string(struct json *json, struct json_value *value, struct span *ret_text)
{
    if (value->type != JSON_STRING)
        return step_refuse(value);
    return step_string_between(json, value->token[0], value->token[1], ret_text);
}

#endif
