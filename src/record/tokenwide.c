#include "record/codepoint.h"
#include "record/tokenwalk.h"

struct word {
    uint64_t h, pending;
    size_t n, from;
    bool digits, number;
};

static void word_push(struct word *word, uint8_t byte)
{
    word->pending |= (uint64_t)byte << 8 * (word->n % 8);
    if (++word->n % 8 == 0) {
        word->h = mix(word->h, word->pending);
        word->pending = 0;
    }
}

static void word_add(struct word *word, uint32_t value, size_t at)
{
    bool digit = value >= '0' && value <= '9';
    if (word->n == 0) {
        *word = (struct word){ .h = WORD_SEED, .from = at, .number = digit };
    }
    word->digits |= digit;
    if (value < 0x80) {
        word_push(word, (uint8_t)(value | 0x20));
    } else if (value >= CODEPOINT_RAW) {
        word_push(word, (uint8_t)(value - CODEPOINT_RAW));
    } else {
        if (value >= 0x10000)
            word_push(word, (uint8_t)(0xf0 | value >> 18));
        if (value >= 0x800)
            word_push(word, (uint8_t)(value >= 0x10000 ? 0x80 | (value >> 12 & 0x3f) : 0xe0 | value >> 12));
        word_push(word, (uint8_t)(value >= 0x800 ? 0x80 | (value >> 6 & 0x3f) : 0xc0 | value >> 6));
        word_push(word, (uint8_t)(0x80 | (value & 0x3f)));
    }
}

static void word_end(struct walk *walk, struct word *word, size_t to)
{
    if (word->n == 0)
        return;
    uint64_t h = word->n % 8 ? mix(word->h, word->pending) : word->h;
    unsigned kind = (word->number ? TOKEN_NUMBER : TOKEN_WORD) | (word->digits ? TOKEN_DIGITS : 0);
    emit_word(walk, word->from, to, finish(h, word->n), kind);
    word->n = 0;
}

static bool letter_at(const struct walk *walk, size_t at, size_t to)
{
    uint32_t value;
    if (at >= to)
        return false;
    (void)codepoint_read(walk->text + at, to - at, &value);
    return value < 0x80 ? value != '\'' : codepoint_class(value) == CODEPOINT_LETTER;
}

static enum codepoint_class class_at(
    const struct walk *walk, const struct word *word, uint32_t value, uint32_t folded, size_t next, size_t to)
{
    enum codepoint_class kind = value < 0x80 ? CODEPOINT_LETTER : codepoint_class(value);
    if (folded == '\'')
        kind = word->n > 0 && letter_at(walk, next, to) ? CODEPOINT_LETTER : CODEPOINT_SIGN;
    return kind;
}

void tokenwide_emit(struct walk *walk, size_t from, size_t to)
{
    struct word word = { 0 };
    uint32_t value, last_sign = 0;
    for (size_t at = from, next; at < to; at = next) {
        next = at + codepoint_read(walk->text + at, to - at, &value);
        uint32_t folded = codepoint_fold(value);
        enum codepoint_class kind = class_at(walk, &word, value, folded, next, to);
        if (kind == CODEPOINT_LETTER)
            word_add(&word, folded, at);
        else if (kind != CODEPOINT_NOTHING)
            word_end(walk, &word, at);
        if (kind == CODEPOINT_ALONE) {
            word_add(&word, folded, at);
            word_end(walk, &word, next);
        } else if (kind == CODEPOINT_SIGN && folded != last_sign) {
            emit_sign(walk, at, folded);
        }
        last_sign = kind == CODEPOINT_SIGN ? folded : 0;
    }
    word_end(walk, &word, to);
}

uint32_t token_hash_word(struct span word)
{
    struct word state = { .h = WORD_SEED };
    uint32_t value;
    for (size_t at = 0; at < word.n;) {
        const uint8_t *bytes = (const uint8_t *)word.data + at;
        at += codepoint_read(bytes, word.n - at, &value);
        word_add(&state, codepoint_fold(value), 0);
    }
    return finish(state.n % 8 ? mix(state.h, state.pending) : state.h, state.n);
}
