#include "corpus/parts.h"

#include <stdio.h>

/* Of 256 choices of wording, how many are the frame's own: the rest are the variant's. */
enum { KEEP = 214, CLAUSES_MIN = 3, CLAUSES_SPREAD = 4 };

enum place { WHOLLY_AFTER, WHOLLY_BEFORE, AROUND };

/* What a frame's number decides: which clauses, in which order, how joined, where the task stands. */
struct layout {
    enum place place;
    unsigned joint;
    unsigned n, order[FRAME_CLAUSES_MAX + 1]; /* 0 is the core, else clause + 1 */
};

static const struct {
    const char *first, *between; /* %u: the clause's number */
} joints[] = { { "", " " }, { "", "\n" }, { "- ", "\n- " }, { "* ", "\n* " }, { "", "\n\n" },
    { "# ", "\n" } };

static struct layout layout_of(const struct frame_rules *rules, uint64_t about)
{
    static const enum place places[8] = { WHOLLY_AFTER, WHOLLY_AFTER, WHOLLY_AFTER, WHOLLY_BEFORE,
        WHOLLY_BEFORE, AROUND, AROUND, AROUND };
    struct layout layout = { .place = places[about >> 61],
        .joint = (unsigned)(about >> 8) % (sizeof joints / sizeof *joints) };
    unsigned all[FRAME_CLAUSES_MAX], n = CLAUSES_MIN + (unsigned)(about >> 16) % CLAUSES_SPREAD;
    uint64_t draw = about;
    for (unsigned i = 0; i < rules->n_clauses; i++)
        all[i] = i + 1;
    layout.order[layout.n++] = 0;
    for (unsigned i = 0; i < n && i < rules->n_clauses; i++) {
        draw = mix_fold(draw, UINT64_C(0xe7037ed1a0b428db)) + i;
        unsigned pick = i + (unsigned)((draw >> 32) * (rules->n_clauses - i) >> 32), clause = all[pick];
        all[pick] = all[i];
        layout.order[layout.n++] = clause;
    }
    return layout;
}

/* Another wording may also say the rules in another order; the core stays first. */
static void reorder(struct layout *layout, uint64_t variant)
{
    uint64_t draw = mix_fold(variant, UINT64_C(0x1d8e4e27c47d124f));
    for (unsigned i = 1; variant > 0 && i + 1 < layout->n; i++, draw >>= 1)
        if (draw & 1) {
            unsigned other = layout->order[i];
            layout->order[i] = layout->order[i + 1];
            layout->order[i + 1] = other;
        }
}

static void put_clauses(const struct corpus *corpus, const struct frame_rules *rules,
    const struct layout *layout, unsigned from, unsigned to, const struct grammar_draw *draw,
    struct buffer *out)
{
    for (unsigned i = from; i < to; i++) {
        unsigned clause = layout->order[i];
        struct grammar_draw own = *draw;
        own.free = mix_fold(draw->free ^ UINT64_C(0x589965cc75374cc3), clause + draw->bound);
        buffer_put_text(out, i == from ? joints[layout->joint].first : joints[layout->joint].between);
        grammar_expand(corpus->grammar, clause == 0 ? rules->core : rules->clauses[clause - 1], &own, out);
    }
}

enum status corpus_frame(const struct corpus *corpus, enum corpus_frame_kind kind, uint64_t frame,
    uint64_t variant, struct buffer *before, struct buffer *after)
{
    if (kind == FRAME_NONE)
        return STATUS_OK;
    const struct frame_rules *rules = &corpus->rules.frames[kind];
    uint64_t about = corpus_about(POOL_COUNT * 3 + kind, frame);
    struct grammar_draw draw = { .bound = about, .free = variant, .keep = KEEP };
    struct layout layout = layout_of(rules, about);
    unsigned n_before = layout.place == WHOLLY_AFTER ? 0 : layout.n;
    if (layout.place == AROUND && layout.n > 1)
        n_before = 1 + (unsigned)(about >> 24) % (layout.n - 1);
    reorder(&layout, variant);
    if (n_before > 0) {
        corpus_put(corpus, corpus->rules.frame_opening, about, variant, before);
        buffer_put_text(before, layout.joint == 0 ? " " : "\n");
        put_clauses(corpus, rules, &layout, 0, n_before, &draw, before);
        buffer_put_text(before, "\n\n");
        corpus_put(corpus, corpus->rules.frame_label, about, about, before);
    }
    if (n_before < layout.n) {
        buffer_put_text(after, "\n\n");
        put_clauses(corpus, rules, &layout, n_before, layout.n, &draw, after);
    }
    return before->status != STATUS_OK ? before->status : after->status;
}
