#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

#include "exchange/lexer.h"

#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

namespace numbers = simdjson::builtin::numberparsing;

namespace {

enum : size_t { CAPACITY_MIN = 64 << 10 };

const uint8_t *bytes_of(const char *text)
{
    return reinterpret_cast<const uint8_t *>(text);
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
bool unescape(const char *at, const char *end, char *&out)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
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

} // namespace

struct lexer {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
    size_t capacity = CAPACITY_MIN; // bytes of text whose tokens fit
};

enum status lexer_new(struct lexer **ret_lexer)
{
    struct lexer *lexer = new (std::nothrow) struct lexer;
    if (!lexer)
        return STATUS_NOMEM;
    constexpr size_t DEPTH = 1; // of what is not used here
    if (simdjson::get_active_implementation()->create_dom_parser_implementation(
            lexer->capacity, DEPTH, lexer->parser)) {
        delete lexer;
        return STATUS_NOMEM;
    }
    *ret_lexer = lexer;
    return STATUS_OK;
}

void lexer_free(struct lexer *lexer)
{
    delete lexer;
}

static enum status reserve(struct lexer *lexer, size_t n)
{
    if (n <= lexer->capacity)
        return STATUS_OK;
    size_t capacity = lexer->capacity ? lexer->capacity : size_t(CAPACITY_MIN);
    while (capacity < n)
        capacity *= 2;
    lexer->capacity = 0;
    if (lexer->parser->set_capacity(capacity))
        return STATUS_NOMEM;
    lexer->capacity = capacity;
    return STATUS_OK;
}

enum status lexer_find(struct lexer *lexer, struct span text, const uint32_t **ret_starts)
{
    static_assert(int(LEXER_PADDING) >= int(simdjson::SIMDJSON_PADDING), "padding");
    enum status st = reserve(lexer, text.n);
    if (st != STATUS_OK)
        return st;
    auto &parser = *lexer->parser;
    if (parser.stage1(bytes_of(text.data), text.n, simdjson::stage1_mode::regular))
        return STATUS_BAD;
    uint32_t *starts = parser.structural_indexes.get();
    for (uint32_t i = 0; i < LEXER_BEHIND; i++) // the library has room for as many
        starts[parser.n_structural_indexes + i] = static_cast<uint32_t>(text.n);
    *ret_starts = starts;
    return STATUS_OK;
}

enum status lexer_unescape(const struct lexer *lexer, struct span text, char *bytes, size_t *ret_n)
{
    auto *begin = reinterpret_cast<uint8_t *>(bytes);
    const uint8_t *end = lexer->parser->parse_string(bytes_of(text.data), begin);
    if (end) {
        *ret_n = static_cast<size_t>(end - begin);
        return STATUS_OK;
    }
    char *out = bytes;
    if (!unescape(text.data, text.data + text.n, out))
        return STATUS_BAD;
    *ret_n = static_cast<size_t>(out - bytes);
    return STATUS_OK;
}

enum status lexer_double(const char *text, double *ret_number)
{
    if (!numbers::parse_double(bytes_of(text)).get(*ret_number))
        return STATUS_OK;
    return is_number(text) ? STATUS_TOO_BIG : STATUS_BAD;
}

enum status lexer_integer(const char *text, int64_t *ret_number)
{
    return numbers::parse_integer(bytes_of(text)).get(*ret_number) ? STATUS_MISMATCH : STATUS_OK;
}
