#include "record/language.h"

#include "record/codepoint.h"

struct common_words {
    enum language language;
    const char *words; /* separated by one blank */
};

/* Function words that are frequent and, but for a few, belong to one language of the list. */
static const struct common_words lists[] = {
    { LANG_EN, "the of and to is that it for was with as are this you be have from or not by what which how "
               "an would "
               "can your if will about write please should when their using given my has" },
    { LANG_DE, "der die das und ist nicht ein eine den dem von zu mit auf für im sich des auch es wie ich "
               "sie wird bei "
               "einen einer oder aus nach bitte schreibe kann sind wir was" },
    { LANG_FR, "le la les des et est un une du que qui dans pour pas sur au avec ce il sont vous je nous ou "
               "par plus "
               "cette être mais comme écris quel quelle ne se" },
    { LANG_ES,
        "el la los las de que y en un una es por con para no se del lo como más pero su al o este esta qué "
        "escribe cómo entre sobre muy yo sus" },
    { LANG_PT,
        "o os as de que e em um uma é por com para não se do da no na como mais mas ao dos das este esta são "
        "escreva você seu sua pelo isso também" },
    { LANG_IT, "il lo la gli le di che e un una è per con non si del della in nel come più ma al o questo "
               "questa sono "
               "scrivi dei delle quale anche alla" },
    { LANG_NL,
        "de het een en van is dat niet in op te voor met zijn aan er die als ook naar wordt bij maar om door "
        "schrijf hoe wat deze ik je heb kan" },
};

static void add_words(struct wordtable *table, enum language language, struct span words)
{
    for (size_t at = 0; at < words.n;) {
        size_t end = span_find(words, ' ', at);
        uint32_t hash = token_hash_word((struct span){ words.data + at, end - at });
        uint32_t *languages = wordtable_slot(table, hash);
        if (languages)
            *languages |= 1u << language;
        at = end + 1;
    }
}

void language_words(struct wordtable *table)
{
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        add_words(table, lists[i].language, span_of(lists[i].words));
}

_Static_assert(
    (int)LANG_NL < (int)KNOWN_SHIFT && LANGUAGE_TOKENS < 256, "the hits of a language fit a byte of a word");
_Static_assert((int)LANGUAGE_TOKENS <= (int)KNOWN_HEAD, "the tokens looked at are in the head");

/* Bit i of the languages → 1 in byte i. */
static inline uint64_t bytes_of(uint32_t value)
{
    uint64_t bits = (value & 0xff) * UINT64_C(0x0101010101010101) & UINT64_C(0x8040201008040201);
    return (bits + UINT64_C(0x7f7f7f7f7f7f7f7f)) >> 7 & UINT64_C(0x0101010101010101);
}

static inline unsigned is_plain_word(uint8_t kind)
{
    return (kind & (TOKEN_CLASS | TOKEN_DIGITS | TOKEN_CODE | TOKEN_URL)) == TOKEN_WORD;
}

static enum language by_words(const struct known *known, const struct tokens *tokens)
{
    unsigned hits[8];
    uint64_t sums = 0;   /* byte i: hits of language i */
    uint8_t n_words = 0; /* a byte, so that many are counted at once */
    size_t n = tokens->n < LANGUAGE_TOKENS ? tokens->n : LANGUAGE_TOKENS;
    for (size_t i = 0; i < n; i++)
        n_words = (uint8_t)(n_words + is_plain_word(tokens->kind[i]));
    for (size_t i = 0; i < known->n_head && known->at[i] < n; i++)
        sums += bytes_of(known->value[i] & (0u - is_plain_word(tokens->kind[known->at[i]])));
    for (unsigned i = 0; i < 8; i++)
        hits[i] = sums >> 8 * i & 0xff;
    enum language best = LANG_UNKNOWN;
    for (unsigned i = LANG_EN; i <= LANG_NL; i++)
        if (hits[i] > hits[best])
            best = (enum language)i;
    if (hits[best] * 16 >= n_words && hits[best] > 0)
        return best;
    return n_words >= 12 ? LANG_OTHER_LATIN : LANG_UNKNOWN;
}

static enum language script_of(uint32_t value)
{
    static const struct {
        uint32_t first, last;
        enum language language;
    } scripts[] = {
        { 0xc0, 0x24f, LANG_OTHER_LATIN },
        { 0x400, 0x52f, LANG_RU },
        { 0x600, 0x77f, LANG_AR },
        { 0x900, 0x97f, LANG_HI },
        { 0x1e00, 0x1eff, LANG_OTHER_LATIN },
        { 0x3041, 0x30ff, LANG_JA },
        { 0x3400, 0x9fff, LANG_ZH },
        { 0xac00, 0xd7a3, LANG_KO },
    };
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++)
        if (value >= scripts[i].first && value <= scripts[i].last)
            return scripts[i].language;
    return codepoint_class(value) <= CODEPOINT_ALONE && value < CODEPOINT_RAW ? LANG_OTHER : LANG_UNKNOWN;
}

/* The script that most letters beyond ASCII belong to; LANG_UNKNOWN if these are few. */
static enum language by_script(struct span text)
{
    unsigned seen[LANG_COUNT] = { 0 }, ascii = 0;
    size_t n = text.n < LANGUAGE_BYTES ? text.n : LANGUAGE_BYTES;
    const uint8_t *bytes = (const uint8_t *)text.data;
    for (size_t at = 0; at < n;) {
        uint32_t value;
        at += codepoint_read(bytes + at, n - at, &value);
        if (value < 0x80)
            ascii += value > ' ';
        else
            seen[script_of(value)]++;
    }
    seen[LANG_UNKNOWN] = 0;
    if (seen[LANG_JA] * 8 > seen[LANG_ZH]) {
        seen[LANG_JA] += seen[LANG_ZH];
        seen[LANG_ZH] = 0;
    }
    enum language best = LANG_UNKNOWN;
    for (unsigned i = LANG_EN; i < LANG_COUNT; i++)
        if (seen[i] > seen[best])
            best = (enum language)i;
    return seen[best] * 8 > ascii + seen[best] ? best : LANG_UNKNOWN;
}

enum language language_of(const struct known *known, struct span text, const struct tokens *tokens)
{
    enum language script = tokens->high_bytes * 8 > tokens->bytes ? by_script(text) : LANG_UNKNOWN;
    return script == LANG_UNKNOWN || script == LANG_OTHER_LATIN ? by_words(known, tokens) : script;
}
