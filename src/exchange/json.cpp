// Only the balance of brackets and what is asked for is checked; the development checks would cost a third.
#define SIMDJSON_DEVELOPMENT_CHECKS 0
#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

#include "exchange/json.h"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <new>

namespace od = simdjson::ondemand;

namespace {

enum : size_t { CAPACITY_MIN = 64 << 10 };
constexpr double EXACT_MAX = 9007199254740992.0; // 2^53

// The opaque words of the C structs hold the library's iterators, made and used in place: a copy by other widths
// than it was written in stalls the processor, which cost a sixth of the whole. A json_value is the library's own
// result of looking at a member or element, arranged so that the value starts at the second word of either.
template <typename Held, typename Opaque> Held &held_in(Opaque *opaque, size_t word = 0)
{
    static_assert(sizeof(Held) <= sizeof opaque->opaque && alignof(Held) <= alignof(Opaque), "fits");
    static_assert(std::is_trivially_destructible<Held>::value, "needs no end");
    return *std::launder(reinterpret_cast<Held *>(opaque->opaque + word));
}

using member_result = simdjson::simdjson_result<od::field>;
using element_result = simdjson::simdjson_result<od::value>;
static_assert(sizeof(member_result) <= sizeof(json_value::opaque), "fits");
static_assert(sizeof(element_result) + sizeof(uint64_t) <= sizeof(json_value::opaque), "fits");
static_assert(sizeof(od::field) == sizeof(uint64_t) + sizeof(od::value), "key, then value");

od::value &value_in(struct json_value *opaque)
{
    return held_in<od::value>(opaque, 1);
}

enum status status_of(simdjson::error_code error)
{
    switch (error) {
    case simdjson::SUCCESS:
        return STATUS_OK;
    case simdjson::MEMALLOC:
        return STATUS_NOMEM;
    case simdjson::INCORRECT_TYPE:
        return STATUS_MISMATCH;
    default:
        return STATUS_BAD;
    }
}

int hex4(const char *at)
{
    int value = 0;
    for (int i = 0; i < 4; i++) {
        int c = static_cast<unsigned char>(at[i]);
        int digit = c >= '0' && c <= '9'                 ? c - '0'
                    : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                         : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

char *put_utf8(char *out, int code)
{
    if (code < 0x80) {
        *out++ = static_cast<char>(code);
    } else if (code < 0x800) {
        *out++ = static_cast<char>(0xc0 | code >> 6);
        *out++ = static_cast<char>(0x80 | (code & 63));
    } else if (code < 0x10000) {
        *out++ = static_cast<char>(0xe0 | code >> 12);
        *out++ = static_cast<char>(0x80 | (code >> 6 & 63));
        *out++ = static_cast<char>(0x80 | (code & 63));
    } else {
        *out++ = static_cast<char>(0xf0 | code >> 18);
        *out++ = static_cast<char>(0x80 | (code >> 12 & 63));
        *out++ = static_cast<char>(0x80 | (code >> 6 & 63));
        *out++ = static_cast<char>(0x80 | (code & 63));
    }
    return out;
}

// What follows \u at `at`: a code point, U+FFFD for a surrogate without its other half. -1: not hexadecimal.
int read_code(const char *&at, const char *end)
{
    int code = end - at >= 4 ? hex4(at) : -1;
    at += 4;
    if (code < 0xd800 || code > 0xdfff)
        return code;
    if (code < 0xdc00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u') {
        int low = hex4(at + 2);
        if (low >= 0xdc00 && low <= 0xdfff) {
            at += 6;
            return 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
    }
    return 0xfffd;
}

// Unescapes where the library refused: only lone surrogates are forgiven. Never longer than its input.
bool unescape(std::string_view text, char *&out)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    const char *at = text.data(), *end = at + text.size();
    while (at < end) {
        if (*at != '\\') {
            *out++ = *at++;
            continue;
        }
        if (end - at < 2)
            return false;
        char c = at[1];
        at += 2;
        const char *simple = c ? std::strchr(names, c) : nullptr;
        if (simple) {
            *out++ = values[simple - names];
            continue;
        }
        int code = c == 'u' ? read_code(at, end) : -1;
        if (code < 0)
            return false;
        out = put_utf8(out, code);
    }
    return true;
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

const char *skip_digits(const char *at)
{
    while (is_digit(*at))
        at++;
    return at;
}

// Tells a number that is merely too big for a double from something that is no number. The text is padded.
bool is_number(const char *at)
{
    at += *at == '-';
    if (!is_digit(*at))
        return false;
    at = *at == '0' ? at + 1 : skip_digits(at);
    if (*at == '.') {
        if (!is_digit(at[1]))
            return false;
        at = skip_digits(at + 1);
    }
    if (*at == 'e' || *at == 'E') {
        at += 1 + (at[1] == '+' || at[1] == '-');
        if (!is_digit(*at))
            return false;
        at = skip_digits(at);
    }
    return *at == ',' || *at == '}' || *at == ']' || *at == ' ' || *at == '\t' || *at == '\n' || *at == '\r';
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() &&
           (text.back() == ' ' || text.back() == '\t' || text.back() == '\n' || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}

} // namespace

struct json {
    od::parser parser;
    od::document document;
    char *scratch = nullptr;
    size_t scratch_cap = 0;
    size_t scratch_used = 0;
    const char *text_end = nullptr;
    size_t text_n = 0;
};

enum status json_new(struct json **ret_json)
{
    struct json *json = new (std::nothrow) struct json;
    if (!json)
        return STATUS_NOMEM;
    if (json->parser.allocate(CAPACITY_MIN) != simdjson::SUCCESS) {
        delete json;
        return STATUS_NOMEM;
    }
    *ret_json = json;
    return STATUS_OK;
}

void json_free(struct json *json)
{
    if (!json)
        return;
    std::free(json->scratch);
    delete json;
}

enum status json_open(struct json *json, struct span text, struct json_items *ret_members)
{
    static_assert(int(JSON_PADDING) >= int(simdjson::SIMDJSON_PADDING), "padding");
    if (text.n > json->parser.capacity()) {
        size_t capacity = json->parser.capacity();
        while (capacity < text.n)
            capacity *= 2;
        if (json->parser.allocate(capacity) != simdjson::SUCCESS)
            return STATUS_NOMEM;
    }
    json->scratch_used = 0;
    json->text_n = text.n;
    json->text_end = text.data + text.n;
    auto error = json->parser.iterate(text.data, text.n, text.n + JSON_PADDING).get(json->document);
    if (error)
        return status_of(error);
    od::object object;
    od::object_iterator at;
    if (json->document.get_object().get(object) || object.begin().get(at))
        return STATUS_BAD;
    new (ret_members->opaque) od::object_iterator(at);
    ret_members->started = false;
    return STATUS_OK;
}

enum status json_at_end(struct json *json)
{
    // The library says so in this roundabout way only.
    return json->document.current_location().error() == simdjson::OUT_OF_BOUNDS ? STATUS_OK : STATUS_BAD;
}

enum status json_scratch(struct json *json, size_t n, char **ret_bytes)
{
    // Spans point into it, so that it is sized once for a text and does not move after.
    if (json->scratch_used == 0 && json->scratch_cap < 2 * json->text_n) {
        std::free(json->scratch);
        json->scratch_cap = 0;
        json->scratch = static_cast<char *>(std::malloc(2 * json->text_n + JSON_PADDING));
        if (!json->scratch)
            return STATUS_NOMEM;
        json->scratch_cap = 2 * json->text_n;
    }
    if (n > json->scratch_cap - json->scratch_used)
        return STATUS_TOO_BIG;
    *ret_bytes = json->scratch + json->scratch_used;
    json->scratch_used += n;
    return STATUS_OK;
}

static enum status unescape_into(struct json *json, std::string_view raw, struct span *ret_text)
{
    char *bytes;
    enum status st = json_scratch(json, raw.size(), &bytes);
    if (st != STATUS_OK)
        return st;
    char *out = bytes;
    if (!unescape(raw, out))
        return STATUS_BAD;
    *ret_text = { bytes, static_cast<size_t>(out - bytes) };
    return STATUS_OK;
}

static bool has_backslash(const char *at, size_t n)
{
    constexpr uint64_t ones = 0x0101010101010101u, backslashes = ones * '\\';
    for (size_t i = 0; i < n; i += 8) { // reads up to 7 bytes too many: text is padded
        uint64_t word;
        std::memcpy(&word, at + i, 8);
        word ^= backslashes;
        uint64_t zeros = (word - ones) & ~word & (ones << 7);
        size_t past = i + 8 > n ? (i + 8 - n) * 8 : 0;
        if (zeros << past)
            return true;
    }
    return false;
}

static bool contains_backslash(const char *at, size_t n)
{
    constexpr size_t CALL_PAYS = 48;
    return n < CALL_PAYS ? has_backslash(at, n) : std::memchr(at, '\\', n) != nullptr;
}

// The key in front of a value. Found from behind, since that needs no search: in `"key": value` the token before
// the value is the colon. Borrowed from the text where there are no escapes, which is nearly always.
static enum status key_of(struct json *json, const char *key, const char *value, struct span *ret_key)
{
    const char *end = value - 1;
    while (*end != ':')
        end--;
    do
        end--;
    while (*end != '"');
    size_t n = static_cast<size_t>(end - key);
    if (has_backslash(key, n))
        return unescape_into(json, std::string_view(key, n), ret_key);
    *ret_key = { key, n };
    return STATUS_OK;
}

struct type_table {
    uint8_t of[256];
    constexpr type_table() : of()
    {
        for (int c = 0; c < 256; c++)
            of[c] = c >= '0' && c <= '9' ? JSON_NUMBER : JSON_INVALID;
        of[int('-')] = JSON_NUMBER;
        of[int('{')] = JSON_OBJECT;
        of[int('[')] = JSON_ARRAY;
        of[int('"')] = JSON_STRING;
        of[int('t')] = of[int('f')] = JSON_BOOL;
        of[int('n')] = JSON_NULL;
    }
};

static enum json_type type_of(std::string_view token)
{
    static constexpr type_table types;
    auto type = static_cast<enum json_type>(types.of[static_cast<unsigned char>(token[0])]);
    if (type == JSON_NULL)
        return trimmed(token) == "null" ? type : JSON_INVALID;
    if (type == JSON_BOOL)
        return trimmed(token) == "true" || trimmed(token) == "false" ? type : JSON_INVALID;
    return type;
}

// The library compares an iterator with the end by a look at the iterator alone.
template <typename Iterator> static bool is_over(const Iterator &at)
{
    static const Iterator end;
    return at == end;
}

enum status json_next_member(
    struct json *json, struct json_items *members, struct span *ret_key, struct json_value *ret_value)
{
    auto &at = held_in<od::object_iterator>(members);
    if (members->started)
        ++at;
    members->started = true;
    if (is_over(at))
        return STATUS_END;
    auto *field = new (ret_value->opaque) member_result(*at);
    if (field->error())
        return STATUS_BAD;
    std::string_view token = value_in(ret_value).raw_json_token();
    ret_value->type = type_of(token);
    return key_of(json, held_in<od::raw_json_string>(ret_value).raw(), token.data(), ret_key);
}

enum status json_next_element(struct json_items *elements, struct json_value *ret_value)
{
    auto &at = held_in<od::array_iterator>(elements);
    if (elements->started)
        ++at;
    elements->started = true;
    if (is_over(at))
        return STATUS_END;
    auto *value = new (ret_value->opaque + 1) element_result(*at);
    if (value->error())
        return STATUS_BAD;
    ret_value->type = type_of(value_in(ret_value).raw_json_token());
    return STATUS_OK;
}

// What to say of a value that is not of the type `wanted`.
static enum status refuse(struct json_value *value)
{
    return value->type == JSON_INVALID ? STATUS_BAD : STATUS_MISMATCH;
}

enum status json_object(struct json_value *opaque, struct json_items *ret_members)
{
    if (opaque->type != JSON_OBJECT)
        return refuse(opaque);
    od::object object;
    od::object_iterator at;
    if (value_in(opaque).get_object().get(object) || object.begin().get(at))
        return STATUS_BAD;
    new (ret_members->opaque) od::object_iterator(at);
    ret_members->started = false;
    return STATUS_OK;
}

enum status json_array(struct json_value *opaque, struct json_items *ret_elements)
{
    if (opaque->type != JSON_ARRAY)
        return refuse(opaque);
    od::array array;
    od::array_iterator at;
    if (value_in(opaque).get_array().get(array) || array.begin().get(at))
        return STATUS_BAD;
    new (ret_elements->opaque) od::array_iterator(at);
    ret_elements->started = false;
    return STATUS_OK;
}

enum status json_string(struct json *json, struct json_value *opaque, struct span *ret_text)
{
    auto &value = value_in(opaque);
    std::string_view token = value.raw_json_token();
    if (token[0] != '"')
        return refuse(opaque);
    token = trimmed(token);
    if (token.size() < 2 || token.back() != '"')
        return STATUS_BAD;
    token = token.substr(1, token.size() - 2);
    if (!contains_backslash(token.data(), token.size())) {
        *ret_text = { token.data(), token.size() };
        return STATUS_OK;
    }
    std::string_view text;
    if (value.get_string().get(text))
        return unescape_into(json, token, ret_text);
    *ret_text = { text.data(), text.size() };
    return STATUS_OK;
}

enum status json_double(struct json_value *opaque, double *ret_number)
{
    if (opaque->type != JSON_NUMBER)
        return refuse(opaque);
    auto &value = value_in(opaque);
    double number;
    if (value.get_double().get(number))
        return is_number(value.raw_json_token().data()) ? STATUS_TOO_BIG : STATUS_BAD;
    *ret_number = number;
    return STATUS_OK;
}

enum status json_int(struct json_value *opaque, int64_t *ret_number)
{
    if (opaque->type != JSON_NUMBER)
        return refuse(opaque);
    auto &value = value_in(opaque);
    int64_t number;
    if (!value.get_int64().get(number)) {
        if (number > int64_t(EXACT_MAX) || number < -int64_t(EXACT_MAX))
            return STATUS_TOO_BIG;
        *ret_number = number;
        return STATUS_OK;
    }
    double real;
    enum status st = json_double(opaque, &real);
    if (st != STATUS_OK)
        return st;
    if (real != std::floor(real))
        return STATUS_MISMATCH;
    if (std::fabs(real) > EXACT_MAX)
        return STATUS_TOO_BIG;
    *ret_number = static_cast<int64_t>(real);
    return STATUS_OK;
}

enum status json_bool(struct json_value *opaque, bool *ret_yes)
{
    if (opaque->type != JSON_BOOL)
        return refuse(opaque);
    *ret_yes = value_in(opaque).raw_json_token()[0] == 't';
    return STATUS_OK;
}

enum status json_raw(struct json_value *opaque, struct span *ret_text)
{
    auto &value = value_in(opaque);
    std::string_view raw;
    od::object object;
    od::array array;
    switch (opaque->type) {
    case JSON_OBJECT:
        if (value.get_object().get(object) || object.raw_json().get(raw))
            return STATUS_BAD;
        break;
    case JSON_ARRAY:
        if (value.get_array().get(array) || array.raw_json().get(raw))
            return STATUS_BAD;
        break;
    default:
        return refuse(opaque);
    }
    raw = trimmed(raw);
    *ret_text = { raw.data(), raw.size() };
    return STATUS_OK;
}
