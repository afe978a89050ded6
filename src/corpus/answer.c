#include "corpus/parts.h"

enum { TOKEN_BYTES = 4, SHORT_BYTES = 120, CLOSE_BYTES = 80 };

static const enum chain_kind spoken[TEXT_LANGUAGES] = { CHAIN_PROSE, CHAIN_DE, CHAIN_ES, CHAIN_PT, CHAIN_ZH,
    CHAIN_JA };

/* One answer being written; every piece has a seed of its own. */
struct answer {
    const struct corpus *corpus;
    struct buffer *out;
    uint64_t about, seed;
    size_t start, n_bytes;
};

static uint64_t next_seed(struct answer *answer)
{
    answer->seed += UINT64_C(0xa0761d6478bd642f);
    return mix_fold(answer->seed, answer->about ^ UINT64_C(0x589965cc75374cc3));
}

/* What is left of the length, or this share (of 8) of it, at least one phrase's. */
static size_t left(const struct answer *answer, unsigned eighths)
{
    size_t written = answer->out->n - answer->start;
    return written < answer->n_bytes ? (answer->n_bytes - written) * eighths / 8 : 0;
}

static void put_chain(struct answer *answer, enum chain_kind kind, size_t n_bytes)
{
    if (n_bytes > 0)
        chain_put(&answer->corpus->chains[kind], next_seed(answer), n_bytes, answer->out);
}

static void put_piece(struct answer *answer, const struct skeletons *skeletons)
{
    struct grammar_draw draw = { .bound = answer->about, .free = next_seed(answer) };
    skeletons_expand(skeletons, &draw, answer->out);
}

static void put_fence(struct answer *answer, const char *language, enum chain_kind kind, unsigned eighths)
{
    buffer_put_text(answer->out, "```");
    buffer_put_text(answer->out, language);
    buffer_put_char(answer->out, '\n');
    put_chain(answer, kind, left(answer, eighths) + 1);
    buffer_put_text(answer->out, "```\n");
}

static void put_code(struct answer *answer)
{
    bool script = answer->about >> 62 == 0;
    put_fence(answer, script ? "javascript" : "python", script ? CHAIN_SCRIPT : CHAIN_CODE, 6);
    if (left(answer, 8) > SHORT_BYTES / 2) {
        buffer_put_char(answer->out, '\n');
        put_chain(answer, CHAIN_PROSE, left(answer, 8));
    }
}

static void put_agent(struct answer *answer)
{
    put_chain(answer, CHAIN_PROSE, left(answer, 1) + 1);
    buffer_put_text(answer->out, "\n\n");
    bool tested = left(answer, 8) > 4 * SHORT_BYTES;
    put_fence(answer, "diff", CHAIN_DIFF, tested ? 5 : 8);
    if (tested) {
        buffer_put_text(answer->out, "\n```\n");
        put_piece(answer, answer->corpus->closes[POOL_AGENT]);
        put_chain(answer, CHAIN_LOG, left(answer, 8) + 1);
        buffer_put_text(answer->out, "```");
    }
}

static void put_plain(struct answer *answer, enum corpus_pool pool)
{
    enum chain_kind kind = pool == POOL_SUPPORT                           ? CHAIN_SUPPORT
                           : pool == POOL_MATH || pool == POOL_EVALUATION ? CHAIN_MATH
                                                                          : CHAIN_PROSE;
    size_t rest = left(answer, 8), close = rest / 8 < CLOSE_BYTES ? rest / 8 : CLOSE_BYTES;
    put_chain(answer, kind, rest - close + 1);
    if (close > 0) {
        if (kind != CHAIN_MATH)
            buffer_put_char(answer->out, ' ');
        put_piece(answer, answer->corpus->closes[pool]);
    }
}

enum status corpus_answer(const struct corpus *corpus, enum corpus_pool pool, uint64_t task, uint64_t seed,
    unsigned n_tok, struct buffer *out)
{
    uint64_t n = corpus_tasks(corpus, pool);
    struct answer answer = { corpus, out, corpus_about(pool, task % n), seed, out->n,
        (size_t)n_tok * TOKEN_BYTES };
    enum corpus_language language =
        corpus->sets ? TEXT_EN : corpus_language_of(pool, corpus_about(pool, task % n));
    if (language != TEXT_EN || answer.n_bytes < SHORT_BYTES) {
        put_chain(&answer, spoken[language], answer.n_bytes + 1);
        return out->status;
    }
    put_piece(&answer, corpus->leads[pool]);
    if (pool == POOL_CODE)
        put_code(&answer);
    else if (pool == POOL_AGENT)
        put_agent(&answer);
    else
        put_plain(&answer, pool);
    return out->status;
}

enum status corpus_tool_result(
    const struct corpus *corpus, uint64_t conversation, unsigned turn, unsigned n_tok, struct buffer *out)
{
    static const enum chain_kind kinds[4] = { CHAIN_LOG, CHAIN_CODE, CHAIN_DIFF, CHAIN_SCRIPT };
    uint64_t about = corpus_about(POOL_COUNT * 2, conversation);
    uint64_t draw = mix_fold(about, (turn + 1) * UINT64_C(0x8ebc6af09c88c6e3));
    chain_put(&corpus->chains[kinds[draw >> 62]], draw, (size_t)n_tok * TOKEN_BYTES + 1, out);
    return out->status;
}
