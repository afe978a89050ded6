#include "record/format.h"

#include "record/record.h"

enum { FIRST_CANDIDATE = 1 << 17, SECOND_CANDIDATE = 1 << 18 };

/* Words of one meaning share a number. */
enum word {
    W_NONE,
    W_JSON,
    W_OPEN,
    W_CLOSE,
    W_STEP,
    W_THINK,
    W_THEN,
    W_REASON,
    W_ANSWER,
    W_BEFORE,
    W_BOXED,
    W_BULLET,
    W_NUMBERED,
    W_LIST,
    W_COMMA,
    W_SEPARATED,
    W_ONLY,
    W_CODE,
    W_NO,
    W_EXPLANATION,
    W_MARKDOWN,
    W_TABLE,
    W_CSV,
    W_YES,
    W_ONE,
    W_WORD,
    W_LABEL,
    W_SCALE,
    W_FROM,
    W_CANDIDATE,
    W_A,
    W_B,
    W_TRUE,
    W_FALSE,
    W_OF,
    W_AS,
    W_COUNT
};

static const struct {
    enum word word;
    const char *forms;
} meanings[] = {
    { W_JSON, "json jsonl" },
    { W_STEP, "step" },
    { W_THINK, "think reason" },
    { W_THEN, "then finally" },
    { W_REASON, "reasoning rationale thought thoughts thinking explanation explain" },
    { W_ANSWER, "answer answering verdict conclusion score" },
    { W_BEFORE, "before" },
    { W_BOXED, "boxed" },
    { W_BULLET, "bullet bullets bulleted bulletpoints" },
    { W_NUMBERED, "numbered" },
    { W_LIST, "list" },
    { W_COMMA, "comma newline" },
    { W_SEPARATED, "separated delimited" },
    { W_ONLY, "only just solely exactly" },
    { W_CODE, "code function program snippet" },
    { W_NO, "no without not don't nothing" },
    { W_EXPLANATION, "explanations comments commentary prose" },
    { W_MARKDOWN, "markdown tabular" },
    { W_TABLE, "table" },
    { W_CSV, "csv tsv" },
    { W_YES, "yes" },
    { W_ONE, "one single 1" },
    { W_WORD, "word letter token digit" },
    { W_LABEL, "label category class number option choice name" },
    { W_SCALE, "scale" },
    { W_FROM, "from between" },
    { W_CANDIDATE, "response responses assistant candidate completion output model" },
    { W_A, "a" },
    { W_B, "b 2" },
    { W_TRUE, "true" },
    { W_FALSE, "false" },
    { W_OF, "of" },
    { W_AS, "as" },
};

struct rule {
    uint8_t first, second, within; /* first 0: second alone */
    uint32_t bits;
};

/* Those of one second word stand together; an empty one ends the list. */
static const struct rule rules[] = {
    { 0, W_JSON, 0, FORMAT_JSON },
    { W_OPEN, W_CLOSE, 2, FORMAT_TAGS },
    { W_THINK, W_STEP, 2, FORMAT_REASON_THEN_ANSWER },
    { W_STEP, W_STEP, 2, FORMAT_REASON_THEN_ANSWER },
    { W_THINK, W_THEN, 10, FORMAT_REASON_THEN_ANSWER },
    { W_REASON, W_THEN, 10, FORMAT_REASON_THEN_ANSWER },
    { W_REASON, W_BEFORE, 10, FORMAT_REASON_THEN_ANSWER },
    { W_BEFORE, W_ANSWER, 4, FORMAT_REASON_THEN_ANSWER },
    { 0, W_BOXED, 0, FORMAT_BOXED },
    { 0, W_BULLET, 0, FORMAT_LIST },
    { W_NUMBERED, W_LIST, 2, FORMAT_LIST },
    { W_AS, W_LIST, 2, FORMAT_LIST },
    { W_COMMA, W_SEPARATED, 2, FORMAT_LIST },
    { W_LIST, W_OF, 1, FORMAT_LIST },
    { W_ONLY, W_CODE, 4, FORMAT_CODE_ONLY },
    { W_CODE, W_ONLY, 2, FORMAT_CODE_ONLY },
    { W_NO, W_EXPLANATION, 3, FORMAT_CODE_ONLY },
    { W_MARKDOWN, W_TABLE, 2, FORMAT_TABLE },
    { W_AS, W_TABLE, 3, FORMAT_TABLE },
    { 0, W_CSV, 0, FORMAT_TABLE },
    { W_YES, W_NO, 3, FORMAT_LABEL_ONLY },
    { W_TRUE, W_FALSE, 3, FORMAT_LABEL_ONLY },
    { W_ONE, W_WORD, 1, FORMAT_LABEL_ONLY },
    { W_ONLY, W_WORD, 4, FORMAT_LABEL_ONLY },
    { W_ONLY, W_LABEL, 4, FORMAT_LABEL_ONLY },
    { W_FROM, W_ONE, 1, FORMAT_LABEL_ONLY },
    { W_SCALE, W_ONE, 3, FORMAT_LABEL_ONLY },
    { W_CANDIDATE, W_ONE, 2, FIRST_CANDIDATE },
    { W_ANSWER, W_ONE, 1, FIRST_CANDIDATE },
    { W_CANDIDATE, W_A, 2, FIRST_CANDIDATE },
    { W_ANSWER, W_A, 1, FIRST_CANDIDATE },
    { W_CANDIDATE, W_B, 2, SECOND_CANDIDATE },
    { W_ANSWER, W_B, 1, SECOND_CANDIDATE },
    { 0 },
};

enum { RULE_SHIFT = 8 }; /* a value: word and index of its first rule */

static uint32_t value_of(enum word word)
{
    size_t i = 0;
    while (rules[i].second != W_NONE && rules[i].second != word)
        i++;
    return (uint32_t)word | (uint32_t)i << RULE_SHIFT;
}

static void add_word(struct wordtable *table, uint32_t hash, enum word word)
{
    uint32_t *value = wordtable_slot(table, hash);
    if (value && *value >> KNOWN_SHIFT == 0) /* the first entry of a word wins */
        *value |= value_of(word) << KNOWN_SHIFT;
}

void format_words(struct wordtable *table)
{
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        struct span forms = span_of(meanings[i].forms);
        for (size_t at = 0; at < forms.n;) {
            size_t end = span_find(forms, ' ', at);
            add_word(table, token_hash_word((struct span){ forms.data + at, end - at }), meanings[i].word);
            at = end + 1;
        }
    }
    add_word(table, token_hash_symbol('<'), W_OPEN);
    add_word(table, token_hash_symbol('>'), W_CLOSE);
}

struct place {
    uint32_t value, at;
};

/* Those of the known words begin..end-1 that have a meaning here. Which these are cannot be foreseen: no branch. */
static size_t meant(const struct known *known, size_t begin, size_t end, struct place *ret_places)
{
    size_t n = 0;
    for (size_t i = begin; i < end; i++) {
        ret_places[n] = (struct place){ known->value[i] >> KNOWN_SHIFT, known->at[i] };
        n += known->value[i] >> KNOWN_SHIFT != 0;
    }
    return n;
}

static uint32_t format_run(const struct known *known, size_t begin, size_t end)
{
    uint32_t bits = 0, last[W_COUNT] = { 0 }; /* position counted from 1; 0: not seen */
    struct place places[KNOWN_HEAD + 1];
    size_t n = meant(known, begin, end, places);
    for (size_t i = 0; i < n; i++) {
        uint32_t word = places[i].value & ((1u << RULE_SHIFT) - 1), at = places[i].at + 1;
        for (const struct rule *rule = &rules[places[i].value >> RULE_SHIFT]; rule->second == word; rule++) {
            uint32_t first = last[rule->first];
            if (rule->first == W_NONE || (first && at - first <= rule->within))
                bits |= rule->bits;
        }
        last[word] = at;
    }
    return bits;
}

uint32_t format_of(const struct known *known)
{
    uint32_t bits = format_run(known, 0, known->n_head) | format_run(known, known->n_head, known->n);
    if (bits & FIRST_CANDIDATE && bits & SECOND_CANDIDATE)
        bits |= FORMAT_CANDIDATES;
    return bits & ~(uint32_t)(FIRST_CANDIDATE | SECOND_CANDIDATE);
}
