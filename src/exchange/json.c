#include "exchange/json_step.h"

#include "exchange/lexer.h"

#include <math.h>
#include <stdlib.h>

#define EXACT_MAX 9007199254740992 /* 2^53 */

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

static enum status start(struct json *json, const char *text, uint32_t limit, struct json_value *ret_value)
{
    json->text = text;
    json->limit = limit;
    json->at = json->first;
    json->scratch_used = 0;
    json->depth = 0;
    json->offered = NULL;
    return step_offer(json, json->at, ret_value);
}

enum status json_root(struct json *json, struct span text, struct json_value *ret_value)
{
    _Static_assert((int)JSON_PADDING >= (int)LEXER_PADDING, "padding");
    enum status st = lexer_find(json->lexer, text, &json->first);
    return st == STATUS_OK ? start(json, text.data, (uint32_t)text.n, ret_value) : st;
}

enum status json_root_of(struct json *json, const struct json *open, struct json_value *ret_value)
{
    json->first = open->first;
    return start(json, open->text, open->limit, ret_value);
}

enum status json_open(struct json *json, struct span text, struct json_items *ret_members)
{
    struct json_value root;
    enum status st = json_root(json, text, &root);
    if (st != STATUS_OK || root.type != JSON_OBJECT)
        return st != STATUS_OK ? st : STATUS_BAD;
    step_enter(json, ret_members);
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

enum status json_unescape(struct json *json, struct span text, struct span *ret_text)
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

/* Whether the token is that word and nothing more. */
bool json_is_word(const char *text, const uint32_t *token)
{
    const char *at = text + *token;
    const char *word = *at == 'f' ? "alse" : *at == 't' ? "true" : "null";
    at += *at == 'f';
    return memcmp(at, word, 4) == 0 && (at + 4 == text + token[1] || is_space(at[4]));
}

/* Past the end of the innermost bracket, at or around the cursor, that is within `depth` others. */
enum status json_skip_to(struct json *json, uint32_t depth)
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

enum status json_next_member(
    struct json *json, struct json_items *members, struct span *ret_key, struct json_value *ret_value)
{
    return step_member(json, members, ret_key, ret_value);
}

enum status json_next_element(struct json_items *elements, struct json_value *ret_value)
{
    return step_element(elements, ret_value);
}

enum status json_string(struct json *json, struct json_value *value, struct span *ret_text)
{
    return step_string(json, value, ret_text);
}

enum status json_object(struct json_value *value, struct json_items *ret_members)
{
    return step_into(value, JSON_OBJECT, ret_members);
}

enum status json_array(struct json_value *value, struct json_items *ret_elements)
{
    return step_into(value, JSON_ARRAY, ret_elements);
}

static const char *text_of(const struct json_value *value)
{
    return value->json->text + *value->token;
}

enum status json_double(struct json_value *value, double *ret_number)
{
    return value->type == JSON_NUMBER ? lexer_double(text_of(value), ret_number) : step_refuse(value);
}

enum status json_int(struct json_value *value, int64_t *ret_number)
{
    if (value->type != JSON_NUMBER)
        return step_refuse(value);
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
        return step_refuse(value);
    *ret_yes = *text_of(value) == 't';
    return STATUS_OK;
}

enum status json_raw(struct json_value *value, struct span *ret_text)
{
    if (value->type != JSON_OBJECT && value->type != JSON_ARRAY)
        return step_refuse(value);
    struct json *json = value->json;
    assert(json->at == value->token);
    enum status st = json_skip_to(json, json->depth);
    if (st != STATUS_OK)
        return st;
    const char *begin = text_of(value), *last = json->text + json->at[-1];
    *ret_text = (struct span){ begin, (size_t)(last - begin) + 1 };
    return STATUS_OK;
}

enum status json_verbatim(struct json_value *value, struct span *ret_text)
{
    if (value->type == JSON_OBJECT || value->type == JSON_ARRAY)
        return json_raw(value, ret_text);
    if (value->type == JSON_INVALID)
        return STATUS_BAD;
    const char *begin = text_of(value), *end = value->json->text + value->token[1];
    while (is_space(end[-1]))
        end--;
    *ret_text = (struct span){ begin, (size_t)(end - begin) };
    return STATUS_OK;
}

enum status json_member_verbatim(struct json_value *value, struct span *ret_text)
{
    struct span text;
    enum status st = json_verbatim(value, &text);
    if (st != STATUS_OK)
        return st;
    const char *key = value->json->text + value->token[-2]; /* before the colon */
    *ret_text = (struct span){ key, (size_t)(text.data + text.n - key) };
    return STATUS_OK;
}
