#include "exchange/json.h"

#include "exchange/lexer.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define EXACT_MAX 9007199254740992 /* 2^53 */

/* Seldom called: inlined it would cost its callers registers. */
#define SELDOM __attribute__((noinline))

struct json {
    const char *text;
    const uint32_t *at; /* the next token: where it starts in text */
    const uint32_t
        *offered;   /* the object or array that was handed out last; read on from there, it was left unread */
    uint32_t limit; /* where the open text ends, in text */
    uint32_t depth;
    struct lexer *lexer;
    char *scratch;
    size_t scratch_cap;
    size_t scratch_used;
};

enum status json_new(struct json **ret_json)
{
    struct json *json = calloc(1, sizeof *json);
    if (!json)
        return STATUS_NOMEM;
    enum status st = lexer_new(&json->lexer);
    if (st != STATUS_OK) {
        free(json);
        return st;
    }
    *ret_json = json;
    return STATUS_OK;
}

void json_free(struct json *json)
{
    if (!json)
        return;
    lexer_free(json->lexer);
    free(json->scratch);
    free(json);
}

/* The first byte of the next token; 0, which begins none, behind the last. */
static char peek(const struct json *json)
{
    return *json->at < json->limit ? json->text[*json->at] : 0;
}

static void enter(struct json *json, struct json_items *ret_items)
{
    json->at++;
    json->depth++;
    ret_items->json = json;
    ret_items->depth = json->depth;
    ret_items->started = false;
}

enum status json_open(struct json *json, struct span text, struct json_items *ret_members)
{
    _Static_assert((int)JSON_PADDING >= (int)LEXER_PADDING, "padding");
    enum status st = lexer_find(json->lexer, text, &json->at);
    if (st != STATUS_OK)
        return st;
    json->text = text.data;
    json->limit = (uint32_t)text.n;
    json->scratch_used = 0;
    json->depth = 0;
    json->offered = NULL;
    if (peek(json) != '{')
        return STATUS_BAD;
    enter(json, ret_members);
    return STATUS_OK;
}

enum status json_at_end(struct json *json)
{
    return json->depth == 0 && *json->at >= json->limit ? STATUS_OK : STATUS_BAD;
}

bool json_is_closed(const struct json *json)
{
    const uint32_t *at = json->at;
    while (*at < json->limit)
        at++;
    while (*--at >= json->limit)
        ;
    return json->text[*at] == '}';
}

static enum status reserve_scratch(struct json *json, size_t n, char **ret_bytes)
{
    /* Spans point into it, so that it is sized once for a text and does not move after. */
    size_t most = 2 * (size_t)json->limit;
    if (json->scratch_used == 0 && json->scratch_cap < most) {
        free(json->scratch);
        json->scratch_cap = 0;
        json->scratch = malloc(most + LEXER_PADDING);
        if (!json->scratch)
            return STATUS_NOMEM;
        json->scratch_cap = most;
    }
    if (n > json->scratch_cap - json->scratch_used)
        return STATUS_TOO_BIG;
    *ret_bytes = json->scratch + json->scratch_used;
    return STATUS_OK;
}

SELDOM static enum status unescape(struct json *json, struct span text, struct span *ret_text)
{
    char *bytes;
    size_t n;
    enum status st = reserve_scratch(json, text.n, &bytes);
    if (st == STATUS_OK)
        st = lexer_unescape(json->lexer, text, bytes, &n);
    if (st != STATUS_OK)
        return st;
    json->scratch_used += n;
    *ret_text = (struct span){ bytes, n };
    return STATUS_OK;
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
static inline enum status string_between(
    struct json *json, uint32_t start, uint32_t next, struct span *ret_text)
{
    const char *begin = json->text + start + 1, *end = json->text + next - 1;
    while (*end != '"')
        end--;
    size_t n = (size_t)(end - begin);
    if (n <= 16 ? short_has_backslash(begin, n) : memchr(begin, '\\', n) != NULL)
        return unescape(json, (struct span){ begin, n }, ret_text);
    *ret_text = (struct span){ begin, n };
    return STATUS_OK;
}

/* By the first byte. */
enum { NO_VALUE = JSON_NULL + 1 };
static const uint8_t types[256] = {
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

/* Whether the token is that word and nothing more. */
SELDOM static bool is_word(const char *text, const uint32_t *token)
{
    const char *at = text + *token;
    const char *word = *at == 'f' ? "alse" : *at == 't' ? "true" : "null";
    at += *at == 'f';
    return memcmp(at, word, 4) == 0 && (at + 4 == text + token[1] || is_space(at[4]));
}

/* Hands out the value at the next token. A scalar is behind the cursor from then on. */
static inline enum status offer(struct json *json, const uint32_t *token, struct json_value *ret_value)
{
    if (*token >= json->limit)
        return STATUS_BAD;
    unsigned type = types[(unsigned char)json->text[*token]];
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
    if (!is_word(json->text, token))
        ret_value->type = JSON_INVALID;
    return STATUS_OK;
}

/* Past the end of the innermost bracket, at or around the cursor, that is within `depth` others. */
SELDOM static enum status skip_to(struct json *json, uint32_t depth)
{
    enum { BRACKET_KINDS = '[' ^ '{' }; /* the bit in which they differ */
    const char *text = json->text;
    const uint32_t *at = json->at;
    uint32_t now = json->depth, limit = json->limit;
    do {
        if (*at >= limit)
            return STATUS_BAD;
        char c = text[*at++] | BRACKET_KINDS;
        now += c == '{';
        now -= c == '}';
    } while (now > depth);
    json->at = at;
    json->depth = now;
    return STATUS_OK;
}

/* To the next member or element: past what is unread of the last one, and past the comma. */
static inline enum status go_on(struct json *json, struct json_items *items, char end)
{
    if (json->depth != items->depth || json->at == json->offered) {
        enum status st = skip_to(json, items->depth);
        if (st != STATUS_OK)
            return st;
    }
    char c = peek(json);
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

enum status json_next_member(
    struct json *json, struct json_items *members, struct span *ret_key, struct json_value *ret_value)
{
    enum status st = go_on(json, members, '}');
    if (st != STATUS_OK)
        return st;
    const uint32_t *key = json->at;
    if (json->text[key[0]] != '"' || json->text[key[1]] != ':')
        return STATUS_BAD;
    st = offer(json, key + 2, ret_value); /* which also sees that the key is within the text */
    return st == STATUS_OK ? string_between(json, key[0], key[1], ret_key) : st;
}

enum status json_next_element(struct json_items *elements, struct json_value *ret_value)
{
    struct json *json = elements->json;
    enum status st = go_on(json, elements, ']');
    return st == STATUS_OK ? offer(json, json->at, ret_value) : st;
}

/* What to say of a value that is not of the type that is asked for. */
static enum status refuse(const struct json_value *value)
{
    return value->type == JSON_INVALID ? STATUS_BAD : STATUS_MISMATCH;
}

static enum status open_value(struct json_value *value, enum json_type type, struct json_items *ret_items)
{
    if (value->type != type)
        return refuse(value);
    assert(value->json->at == value->token);
    enter(value->json, ret_items);
    return STATUS_OK;
}

enum status json_object(struct json_value *value, struct json_items *ret_members)
{
    return open_value(value, JSON_OBJECT, ret_members);
}

enum status json_array(struct json_value *value, struct json_items *ret_elements)
{
    return open_value(value, JSON_ARRAY, ret_elements);
}

static const char *text_of(const struct json_value *value)
{
    return value->json->text + *value->token;
}

enum status json_string(struct json *json, struct json_value *value, struct span *ret_text)
{
    if (value->type != JSON_STRING)
        return refuse(value);
    return string_between(json, value->token[0], value->token[1], ret_text);
}

enum status json_double(struct json_value *value, double *ret_number)
{
    return value->type == JSON_NUMBER ? lexer_double(text_of(value), ret_number) : refuse(value);
}

enum status json_int(struct json_value *value, int64_t *ret_number)
{
    if (value->type != JSON_NUMBER)
        return refuse(value);
    int64_t number;
    if (lexer_integer(text_of(value), &number) == STATUS_OK) {
        if (number > EXACT_MAX || number < -EXACT_MAX)
            return STATUS_TOO_BIG;
        *ret_number = number;
        return STATUS_OK;
    }
    double real;
    enum status st = lexer_double(text_of(value), &real);
    if (st != STATUS_OK)
        return st;
    if (real != floor(real))
        return STATUS_MISMATCH;
    if (fabs(real) > EXACT_MAX)
        return STATUS_TOO_BIG;
    *ret_number = (int64_t)real;
    return STATUS_OK;
}

enum status json_bool(struct json_value *value, bool *ret_yes)
{
    if (value->type != JSON_BOOL)
        return refuse(value);
    *ret_yes = *text_of(value) == 't';
    return STATUS_OK;
}

enum status json_raw(struct json_value *value, struct span *ret_text)
{
    if (value->type != JSON_OBJECT && value->type != JSON_ARRAY)
        return refuse(value);
    struct json *json = value->json;
    assert(json->at == value->token);
    enum status st = skip_to(json, json->depth);
    if (st != STATUS_OK)
        return st;
    const char *begin = text_of(value), *last = json->text + json->at[-1];
    *ret_text = (struct span){ begin, (size_t)(last - begin) + 1 };
    return STATUS_OK;
}
