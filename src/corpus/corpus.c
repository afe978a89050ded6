#include "corpus/corpus.h"

#include "corpus/builtin.h"
#include "corpus/parts.h"
#include "corpus/sets.h"

#include <stdlib.h>

enum { TASK_BITS = 12, PIECE_BITS = 9 };

static const char *const pool_names[POOL_COUNT] = { "chat", "knowledge", "writing", "code", "math", "agent",
    "support", "document", "translation", "evaluation" };

/* How often, of 256, something is attached to a task, of which kind, and of how many bytes at least: what makes lengths
 * heavy-tailed. */
static const struct {
    unsigned chance;
    enum chain_kind kind;
    size_t base;
    const char *before, *after;
} attached[POOL_COUNT] = {
    [POOL_CHAT] = { 10, CHAIN_DOCUMENT, 150, "\n\n", "" },
    [POOL_KNOWLEDGE] = { 8, CHAIN_DOCUMENT, 200, "\n\n", "" },
    [POOL_WRITING] = { 24, CHAIN_DOCUMENT, 200, "\n\n", "" },
    [POOL_CODE] = { 36, CHAIN_CODE, 200, "\n\n```\n", "```" },
    [POOL_MATH] = { 0, CHAIN_MATH, 0, "", "" },
    [POOL_AGENT] = { 96, CHAIN_LOG, 200, "\n\n```\n", "```" },
    [POOL_SUPPORT] = { 8, CHAIN_SUPPORT, 100, " ", "" },
    [POOL_DOCUMENT] = { 256, CHAIN_DOCUMENT, 350, "", "" },
    [POOL_TRANSLATION] = { 30, CHAIN_DOCUMENT, 150, " ", "" },
};

const char *corpus_pool_name(enum corpus_pool pool)
{
    return pool_names[pool];
}

enum corpus_language corpus_language_of(enum corpus_pool pool, uint64_t about)
{
    uint64_t draw = mix_fold(about, UINT64_C(0x1d8e4e27c47d124f));
    if ((pool != POOL_CHAT && pool != POOL_TRANSLATION) || (draw & 1023) >= 154)
        return TEXT_EN;
    return (enum corpus_language)(TEXT_EN + 1 + (draw >> 32) % (TEXT_LANGUAGES - 1));
}

size_t corpus_length(uint64_t draw, size_t base)
{
    unsigned doublings = 0;
    for (uint64_t bits = draw; doublings < 4 && bits & 1; bits >>= 1)
        doublings++;
    size_t least = base << doublings;
    return least + (size_t)((draw >> 32) * least >> 32);
}

static enum status make_chains(struct corpus *corpus)
{
    enum status st = STATUS_OK;
    for (unsigned i = 0; i < CHAIN_COUNT && st == STATUS_OK; i++)
        st = chain_new(corpus->grammar, (enum chain_kind)i, &corpus->chains[i]);
    return st;
}

static enum status make_skeletons(struct corpus *corpus)
{
    const struct corpus_rules *rules = &corpus->rules;
    const struct grammar *grammar = corpus->grammar;
    enum status st;
    for (unsigned i = 0; i < POOL_COUNT; i++) {
        TRY(skeletons_new(grammar, rules->task[i], TASK_BITS, &corpus->tasks[i]));
        TRY(skeletons_new(grammar, rules->lead[i], PIECE_BITS, &corpus->leads[i]));
        TRY(skeletons_new(grammar, rules->close[i], PIECE_BITS, &corpus->closes[i]));
    }
    for (unsigned i = 0; i < 2; i++)
        TRY(skeletons_new(grammar, rules->system_line[i], TASK_BITS, &corpus->system_lines[i]));
    for (unsigned i = TEXT_EN + 1; i < TEXT_LANGUAGES; i++) {
        TRY(skeletons_new(grammar, rules->chat[i], PIECE_BITS, &corpus->chat[i]));
        TRY(skeletons_new(grammar, rules->translation[i], PIECE_BITS, &corpus->translation[i]));
    }
    return STATUS_OK;
fail:
    return st;
}

enum status corpus_new(const char *data, struct corpus **ret_corpus, struct diag *diag)
{
    struct corpus *corpus = calloc(1, sizeof *corpus);
    enum status st;
    REQUIRE(corpus, STATUS_NOMEM);
    TRY(grammar_new(builtin_rules, builtin_n_rules, &corpus->grammar, diag));
    TRY(rules_find(corpus->grammar, &corpus->rules));
    TRY(make_chains(corpus));
    TRY(make_skeletons(corpus));
    if (data)
        TRY(sets_new(data, &corpus->sets, diag));
    *ret_corpus = corpus;
    return STATUS_OK;
fail:
    corpus_free(corpus);
    return st;
}

void corpus_free(struct corpus *corpus)
{
    if (!corpus)
        return;
    for (unsigned i = 0; i < CHAIN_COUNT; i++)
        chain_fini(&corpus->chains[i]);
    for (unsigned i = 0; i < POOL_COUNT; i++) {
        skeletons_free(corpus->tasks[i]);
        skeletons_free(corpus->leads[i]);
        skeletons_free(corpus->closes[i]);
    }
    for (unsigned i = 0; i < 2; i++)
        skeletons_free(corpus->system_lines[i]);
    for (unsigned i = 0; i < TEXT_LANGUAGES; i++) {
        skeletons_free(corpus->chat[i]);
        skeletons_free(corpus->translation[i]);
    }
    sets_free(corpus->sets);
    grammar_free(corpus->grammar);
    free(corpus);
}

uint64_t corpus_tasks(const struct corpus *corpus, enum corpus_pool pool)
{
    uint64_t n = sets_tasks(corpus->sets, pool);
    if (n > 0)
        return n;
    return pool == POOL_EVALUATION ? CORPUS_EVALUATION_TASKS : UINT64_MAX;
}

static void put_task(const struct corpus *corpus, enum corpus_pool pool, uint64_t about, struct buffer *out)
{
    enum corpus_language language = corpus_language_of(pool, about);
    const struct skeletons *skeletons = corpus->tasks[pool];
    uint64_t draw = mix_fold(about, UINT64_C(0xe7037ed1a0b428db));
    if (language != TEXT_EN)
        skeletons = pool == POOL_CHAT ? corpus->chat[language] : corpus->translation[language];
    skeletons_expand(skeletons, &(struct grammar_draw){ .bound = about }, out);
    if (language != TEXT_EN)
        return;
    if (draw >> 56 >= attached[pool].chance)
        return;
    buffer_put_text(out, attached[pool].before);
    chain_put(&corpus->chains[attached[pool].kind], draw, corpus_length(draw, attached[pool].base), out);
    buffer_put_text(out, attached[pool].after);
}

enum status corpus_task(const struct corpus *corpus, enum corpus_pool pool, uint64_t task, struct buffer *out)
{
    uint64_t n = sets_tasks(corpus->sets, pool);
    if (n > 0)
        buffer_put(out, sets_task(corpus->sets, pool, task % n));
    else if (pool == POOL_EVALUATION)
        put_task(corpus, pool, corpus_about(pool, task % CORPUS_EVALUATION_TASKS), out);
    else
        put_task(corpus, pool, corpus_about(pool, task), out);
    return out->status;
}

enum status corpus_follow_up(const struct corpus *corpus, enum corpus_pool pool, uint64_t conversation,
    unsigned turn, struct buffer *out)
{
    uint64_t about = corpus_about(POOL_COUNT + pool, conversation);
    uint64_t seed = mix_fold(about, (turn + 1) * UINT64_C(0x8ebc6af09c88c6e3));
    uint64_t n = sets_follow_ups(corpus->sets, pool);
    if (n > 0)
        buffer_put(out, sets_follow_up(corpus->sets, pool, seed % n));
    else
        corpus_put(corpus, corpus->rules.follow[pool], about, seed, out);
    return out->status;
}
