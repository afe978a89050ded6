/*
 * parts.h: what a corpus is made of, for the files that write texts from it.
 *
 * Model: `about` is the 64-bit name of what a text is about (a task, a conversation, a tool): the bound seed of grammar.h.
 */
#ifndef CORPUS_PARTS_H
#define CORPUS_PARTS_H

#include "base/mix.h"
#include "corpus/chain.h"
#include "corpus/corpus.h"
#include "corpus/skeleton.h"

enum { FRAME_CLAUSES_MAX = 12, TOOL_FORMS = 3 };

/* In the order of the suffixes of task.chat.de and so on. */
enum corpus_language { TEXT_EN, TEXT_DE, TEXT_ES, TEXT_PT, TEXT_ZH, TEXT_JA, TEXT_LANGUAGES };

struct frame_rules {
    uint32_t core, clauses[FRAME_CLAUSES_MAX];
    unsigned n_clauses;
};

struct corpus_rules {
    uint32_t task[POOL_COUNT], follow[POOL_COUNT], lead[POOL_COUNT], close[POOL_COUNT];
    uint32_t chat[TEXT_LANGUAGES], translation[TEXT_LANGUAGES];
    struct frame_rules frames[FRAME_KIND_COUNT];
    uint32_t frame_opening, frame_label;
    uint32_t system_opening[2], system_line[2];
    uint32_t tool_verb[2], tool_name, tool_description, tool_schema[TOOL_FORMS], tool_arguments[TOOL_FORMS];
};

struct sets;

struct corpus {
    struct grammar *grammar;
    struct corpus_rules rules;
    struct skeletons *tasks[POOL_COUNT], *leads[POOL_COUNT], *closes[POOL_COUNT];
    struct skeletons *system_lines[2];                                    /* public, somebody's own */
    struct skeletons *chat[TEXT_LANGUAGES], *translation[TEXT_LANGUAGES]; /* [TEXT_EN] is NULL */
    struct chain chains[CHAIN_COUNT];
    struct sets *sets; /* NULL: the grammar alone */
};

static inline uint64_t corpus_about(uint64_t kind, uint64_t index)
{
    return mix_fold(index ^ UINT64_C(0xa0761d6478bd642f), (kind + 1) * UINT64_C(0x9e3779b97f4a7c15));
}

static inline void corpus_put(
    const struct corpus *corpus, uint32_t rule, uint64_t about, uint64_t seed, struct buffer *out)
{
    grammar_expand(corpus->grammar, rule, &(struct grammar_draw){ .bound = about, .free = seed }, out);
}

/* The language of a task of the grammar: about one in seven of POOL_CHAT and POOL_TRANSLATION is not English. */
enum corpus_language corpus_language_of(enum corpus_pool pool, uint64_t about);
/* A length of at least `base`: half are below twice of it, a quarter more below four times, and so on to sixteen. */
size_t corpus_length(uint64_t draw, size_t base);

MUST_CHECK enum status rules_find(const struct grammar *grammar, struct corpus_rules *ret_rules);

#endif
