#include "rival/query.h"

#include "base/mix.h"
#include "exchange/exchange.h"
#include "record/turns.h"

#include <math.h>

#define INLINED __attribute__((always_inline)) static inline

enum {
    GRAM = 4,
    GRAM_WEIGHT = 1,
    WORD_WEIGHT = 4, /* a text has about six times fewer words than characters */
    PAIR_WEIGHT = 2,
    LANES = 4, /* sums side by side, so that one addition need not wait for another */
    TABLE_LEAST_LOG2 = 5,
    TABLE_MOST_LOG2 = 9,
    TABLE = (1 << TABLE_MOST_LOG2) +
            QUERY_BYTES / 2, /* a word and what ends it are two bytes: no probe leaves it */
};

#define MULTIPLIER UINT64_C(0x9e3779b97f4a7c15)

/* What the text is read into. */
struct reading {
    uint64_t seed;
    uint32_t first, last; /* words */
    uint32_t n_words, n_different;
    unsigned table_log2; /* for a slot of every four bytes of text */
    size_t n;
    int32_t sums[LANES][QUERY_DIMS];
    uint32_t table[TABLE]; /* of different words, where the top bits of the hash say or right after */
    uint8_t times[TABLE];
    char text[QUERY_BYTES + 16]; /* case folded, each run of white space one blank, one before all */
};

/* Text */

static const struct part *last_turn(const struct exchange *exchange, uint32_t *ret_begin, uint32_t *ret_end)
{
    uint32_t end = 0;
    while (end < exchange->n_parts && !exchange->parts[end].issued)
        end++;
    uint32_t begin = end;
    for (uint32_t i = end; i-- > 0;) {
        const struct part *part = &exchange->parts[i];
        if (part->prefill || part->role == ROLE_SYSTEM)
            continue;
        if (!turn_has(part))
            break;
        begin = i;
    }
    *ret_begin = begin;
    *ret_end = end;
    return exchange->parts;
}

/* Bytes of the first 50 characters. */
static size_t opening_bytes(struct span text)
{
    size_t n = 0;
    for (unsigned characters = 0; n < text.n; n++)
        if (((unsigned char)text.data[n] & 0xc0) != 0x80 && characters++ == QUERY_OPENING)
            break;
    return n;
}

static uint64_t opening_of(const struct key *key, struct span text)
{
    return key_hash(key, KEY_TEXT, text.data, opening_bytes(text));
}

static uint32_t characters_of(struct span text)
{
    uint32_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        n += ((unsigned char)text.data[i] & 0xc0) != 0x80;
    return n;
}

/* What a byte becomes: letters in lower case, white space and controls a blank. */
INLINED unsigned char folded(unsigned char c)
{
    unsigned char low = (unsigned char)(c | ((unsigned char)(c - 'A') < 26) << 5);
    return c <= ' ' ? ' ' : low;
}

/* Of a folded byte. */
INLINED bool in_word(unsigned char c)
{
    return (unsigned char)(c - 'a') < 26 || (unsigned char)(c - '0') < 10 || c >= 0x80;
}

/* Leaves one blank of each run; there is a byte before the text. */
static size_t join_blanks(char *text, size_t n)
{
    size_t kept = 0;
    char before = text[-1];
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        text[kept] = c;
        kept += !(c == ' ' && before == ' ');
        before = c;
    }
    return kept;
}

/* A blank comes before each text. Loops without branches: where words end is not to be foreseen. */
static void read_text(struct reading *reading, struct span text)
{
    char *to = reading->text + reading->n + 1;
    size_t n = QUERY_BYTES - reading->n < text.n ? QUERY_BYTES - reading->n : text.n;
    unsigned blanks = 0;
    to[-1] = ' ';
    for (size_t i = 0; i < n; i++)
        to[i] = (char)folded((unsigned char)text.data[i]);
    for (size_t i = 0; i < n; i++)
        blanks |= (unsigned)(to[i] == ' ') & (unsigned)(to[(ptrdiff_t)i - 1] == ' ');
    if (blanks)
        n = join_blanks(to, n);
    reading->n += n + (n > 0);
}

static void start(struct reading *reading)
{
    unsigned log2 = TABLE_LEAST_LOG2;
    while (log2 < TABLE_MOST_LOG2 && (size_t)4 << log2 < reading->n)
        log2++;
    reading->table_log2 = log2;
    memset(reading->sums, 0, sizeof reading->sums);
    memset(reading->times, 0, ((size_t)1 << log2) + reading->n / 2 + 1);
}

/* Features */

INLINED void add_feature(struct reading *reading, unsigned lane, uint32_t feature, int32_t weight)
{
    uint64_t hash = (feature ^ reading->seed) * MULTIPLIER;
    int32_t minus = -(int32_t)(hash >> 57 & 1);
    reading->sums[lane][hash >> 58] += (weight ^ minus) - minus;
}

static void add_grams(struct reading *reading)
{
    for (size_t i = 0; i + GRAM <= reading->n; i++) {
        uint32_t gram;
        memcpy(&gram, reading->text + i, sizeof gram);
        add_feature(reading, i % LANES, gram, GRAM_WEIGHT);
    }
}

static void note_word(struct reading *reading, uint32_t word)
{
    size_t at = word >> (32 - reading->table_log2);
    while (reading->times[at] && reading->table[at] != word)
        at++;
    reading->n_different += reading->times[at] == 0;
    reading->table[at] = word;
    reading->times[at] = (uint8_t)(reading->times[at] + (reading->times[at] < UINT8_MAX));
}

static void add_word(struct reading *reading, uint32_t word)
{
    add_feature(reading, 0, word, WORD_WEIGHT);
    if (reading->n_words > 0)
        add_feature(reading, 1, reading->last * 31 + word, PAIR_WEIGHT);
    else
        reading->first = word;
    reading->last = word;
    reading->n_words++;
    note_word(reading, word);
}

/* Bytes of a word, eight at a time; the text goes on for as many after its end. */
static uint32_t hash_word(const struct reading *reading, size_t begin, size_t end)
{
    uint64_t hash = reading->seed + (end - begin), bytes;
    for (; begin + 8 < end; begin += 8) {
        memcpy(&bytes, reading->text + begin, sizeof bytes);
        hash = mix_fold(hash ^ bytes, MULTIPLIER);
    }
    memcpy(&bytes, reading->text + begin, sizeof bytes);
    bytes &= UINT64_MAX >> (8 * (begin + 8 - end));
    return (uint32_t)mix_fold(hash ^ bytes, MULTIPLIER);
}

static void add_words(struct reading *reading)
{
    uint8_t inside[QUERY_BYTES + 2];
    uint16_t bounds[QUERY_BYTES + 2];
    size_t n_bounds = 0, n = reading->n;
    reading->text[n] = ' ';
    for (size_t i = 0; i <= n; i++)
        inside[i] = in_word((unsigned char)reading->text[i]);
    for (size_t i = 1; i <= n; i++) { /* the first byte is a blank */
        bounds[n_bounds] = (uint16_t)i;
        n_bounds += inside[i] != inside[i - 1];
    }
    for (size_t i = 0; i + 1 < n_bounds; i += 2)
        add_word(reading, hash_word(reading, bounds[i], bounds[i + 1]));
}

/* Results */

static void scale_vector(const struct reading *reading, struct query *query)
{
    double squares = 0, scale;
    int32_t sums[QUERY_DIMS];
    for (size_t i = 0; i < QUERY_DIMS; i++) {
        sums[i] = reading->sums[0][i] + reading->sums[1][i] + reading->sums[2][i] + reading->sums[3][i];
        squares += (double)sums[i] * sums[i];
    }
    scale = squares > 0 ? QUERY_LENGTH / sqrt(squares) : 0;
    for (size_t i = 0; i < QUERY_DIMS; i++)
        query->vector[i] = (int8_t)lrint(sums[i] * scale);
}

/* The table is in order but within runs of neighbours, which got in each other's way. */
static void keep_words(struct reading *reading, struct query *query)
{
    size_t n = 0;
    for (size_t at = 0; n < reading->n_different; at++) {
        uint32_t word = reading->table[at];
        uint8_t times = reading->times[at];
        if (times == 0 && n >= QUERY_WORDS)
            break;
        if (times == 0)
            continue;
        size_t to = n++;
        for (; to > 0 && reading->table[to - 1] > word; to--) {
            reading->table[to] = reading->table[to - 1];
            reading->times[to] = reading->times[to - 1];
        }
        reading->table[to] = word;
        reading->times[to] = times;
    }
    query->n_different = (uint16_t)(n < QUERY_WORDS ? n : QUERY_WORDS);
    memcpy(query->words, reading->table, query->n_different * sizeof *query->words);
    memcpy(query->times, reading->times, query->n_different);
}

static uint64_t skeleton_of(const struct reading *reading)
{
    uint64_t ends = (uint64_t)reading->first << 32 | reading->last;
    uint64_t skeleton = mix_fold(ends ^ reading->seed, reading->n_words + MULTIPLIER);
    return skeleton ? skeleton : 1;
}

static void make_opening(
    const struct exchange *exchange, const struct key *key, uint32_t begin, uint32_t end, struct query *query)
{
    for (uint32_t i = 0; i < end; i++) {
        const struct part *part = &exchange->parts[i];
        if (!part_is_text(part) || part->text.n == 0)
            continue;
        if (part->role == ROLE_SYSTEM && !query->system_opening)
            query->system_opening = opening_of(key, part->text);
        if (i >= begin && turn_has(part) && !query->opening)
            query->opening = opening_of(key, part->text);
    }
}

void query_make(const struct exchange *exchange, const struct key *key, struct query *ret_query)
{
    struct reading reading;
    uint32_t begin, end;
    const struct part *parts = last_turn(exchange, &begin, &end);
    memset(ret_query, 0, sizeof *ret_query);
    make_opening(exchange, key, begin, end, ret_query);
    reading.seed = key->fold_seed;
    reading.n = reading.n_words = reading.n_different = 0;
    for (uint32_t i = begin; i < end; i++)
        if (turn_has(&parts[i]) && part_is_text(&parts[i])) {
            read_text(&reading, parts[i].text);
            ret_query->n_chars += characters_of(parts[i].text);
        }
    if (reading.n == 0)
        return;
    start(&reading);
    add_grams(&reading);
    add_words(&reading);
    scale_vector(&reading, ret_query);
    ret_query->n_words = reading.n_words;
    if (reading.n_words == 0)
        return;
    ret_query->skeleton = skeleton_of(&reading);
    keep_words(&reading, ret_query);
}

/* Comparisons */

INLINED uint32_t distance_by(const int8_t *a, const int8_t *b)
{
    int32_t sum = 0;
    for (size_t i = 0; i < QUERY_DIMS; i++) {
        int16_t difference = (int16_t)(a[i] - b[i]);
        sum += difference * difference;
    }
    return (uint32_t)sum;
}

uint32_t query_distance(const int8_t a[static QUERY_DIMS], const int8_t b[static QUERY_DIMS])
{
    return distance_by(a, b);
}

INLINED uint32_t nearest_by(const int8_t (*stored)[QUERY_DIMS], size_t n, const int8_t *to)
{
    uint32_t nearest = UINT32_MAX;
    for (size_t i = 0; i < n; i++) {
        uint32_t distance = distance_by(stored[i], to);
        nearest = distance < nearest ? distance : nearest;
    }
    return nearest;
}

static uint32_t nearest_any(const int8_t (*stored)[QUERY_DIMS], size_t n, const int8_t *to)
{
    return nearest_by(stored, n, to);
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static uint32_t nearest_avx2(
    const int8_t (*stored)[QUERY_DIMS], size_t n, const int8_t *to)
{
    return nearest_by(stored, n, to);
}

uint32_t query_nearest(const int8_t (*stored)[QUERY_DIMS], size_t n, const int8_t to[static QUERY_DIMS])
{
    return (__builtin_cpu_supports("avx2") ? nearest_avx2 : nearest_any)(stored, n, to);
}
#else
uint32_t query_nearest(const int8_t (*stored)[QUERY_DIMS], size_t n, const int8_t to[static QUERY_DIMS])
{
    return nearest_any(stored, n, to);
}
#endif
