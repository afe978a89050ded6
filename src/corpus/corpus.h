/*
 * corpus.h: the texts of simulated traffic: what people and programs ask, what the model answers.
 *
 * Model: every text is a pure function of its kind and an index or seed: nothing is stored of what was said, and a history
 *   can be said again word for word. Two sources behind one interface: a built-in grammar (grammar.h; unbounded), or, for
 *   tasks and follow-ups, public sets in a data directory (sets.h). Answers, frames, system prompts and tools are the
 *   grammar's with either.
 * Shapes: UTF-8. Tokens are taken as 4 bytes.
 * Memory: about 17 MiB; with a data directory at most 192 MiB more.
 * Ownership: appends to the caller's buffer; without memory the text may be there in part.
 * Errors: STATUS_NOMEM; corpus_new also STATUS_IO and STATUS_BAD, with the diag filled.
 * Cost: 0.1 s to make one; about 100 ns a short task, 200 a kB of answer, which is near what copying stored text costs
 *   (bench_corpus); 0.8 us a frame, 2 us a kB of system prompt, which are worth keeping where they recur.
 * Threads: immutable after corpus_new: any number of threads.
 */
#ifndef CORPUS_CORPUS_H
#define CORPUS_CORPUS_H

#include "base/buffer.h"
#include "base/diag.h"

#include <stdint.h>

enum corpus_pool {  /* what a task is about; decides words, shape and length */
    POOL_CHAT,      /* what people ask in passing */
    POOL_KNOWLEDGE, /* questions about the world */
    POOL_WRITING,   /* letters, posts, stories */
    POOL_CODE,      /* programming tasks and questions */
    POOL_MATH,      /* word problems */
    POOL_AGENT,     /* multi-step software engineering work */
    POOL_SUPPORT,   /* customer messages */
    POOL_DOCUMENT,  /* private documents: tickets, reviews, invoices, abstracts; long */
    POOL_TRANSLATION,
    POOL_EVALUATION, /* questions of public benchmarks, finite */
    POOL_COUNT
};

enum { CORPUS_EVALUATION_TASKS = 4000 }; /* with the grammar */

struct corpus;

/* data NULL: the grammar; else the directory of unpacked sets. */
MUST_CHECK enum status corpus_new(const char *data, struct corpus **ret_corpus, struct diag *diag);
void corpus_free(struct corpus *corpus);

const char *corpus_pool_name(enum corpus_pool pool);
/* How many different tasks there are; UINT64_MAX: no end to them (POOL_EVALUATION always has one). A task beyond is
 * taken modulo. */
uint64_t corpus_tasks(const struct corpus *corpus, enum corpus_pool pool);
MUST_CHECK enum status corpus_task(
    const struct corpus *corpus, enum corpus_pool pool, uint64_t task, struct buffer *out);
/* The next thing that a person says in a conversation, turn 1, 2, ... */
MUST_CHECK enum status corpus_follow_up(const struct corpus *corpus, enum corpus_pool pool,
    uint64_t conversation, unsigned turn, struct buffer *out);
/* What the model answers: about n_tok tokens of the pool's kind (code in fences for POOL_CODE), another text for every
 * seed; with the grammar it takes up some words of the task. */
MUST_CHECK enum status corpus_answer(const struct corpus *corpus, enum corpus_pool pool, uint64_t task,
    uint64_t seed, unsigned n_tok, struct buffer *out);

enum corpus_frame_kind { /* the fixed part of a prompt around a task */
    FRAME_NONE,
    /* attackers' */
    FRAME_REASONING_TAGS, /* forces the reasoning into inline tags */
    FRAME_ARTICULATE,     /* "articulate the internal reasoning behind a completed response" */
    FRAME_RUBRIC,         /* the model as reward model: rubric, candidate answers */
    FRAME_CLEANER,        /* rewrites captured traces */
    FRAME_TASK_WRITER,    /* self-instruct generator */
    FRAME_SOLUTION,       /* careful full solution, format fixed */
    FRAME_PROBE,          /* extraction technique k of thousands */
    /* benign twins */
    FRAME_ETL,          /* classify, extract, summarise: a firm's own */
    FRAME_HARNESS,      /* public evaluation harness, few-shot */
    FRAME_JUDGE,        /* public LLM-as-judge */
    FRAME_STEP_BY_STEP, /* published chain-of-thought line */
    FRAME_SYNTHETIC,    /* a firm's own synthetic data generator */
    FRAME_COURSE,       /* an assignment's text */
    FRAME_HABIT,        /* what one person always writes around questions */
    FRAME_KIND_COUNT
};

/* Text before and after the task. `frame` picks the frame (its rules and layout), `variant` its wording: same frame,
 * other variant is a paraphrase. Every frame that has text before the task begins with an opening that frames of all
 * kinds share; about a third have none. */
MUST_CHECK enum status corpus_frame(const struct corpus *corpus, enum corpus_frame_kind kind, uint64_t frame,
    uint64_t variant, struct buffer *before, struct buffer *after);

enum { CORPUS_PUBLIC_SYSTEMS = 64, CORPUS_PUBLIC_TOOLSETS = 16 };

/* A system prompt of about n_bytes: those with an index below CORPUS_PUBLIC_SYSTEMS are public, of agents that many
 * customers share; others are somebody's own. */
MUST_CHECK enum status corpus_system(
    const struct corpus *corpus, uint64_t index, unsigned n_bytes, struct buffer *out);

/* Tools of a tool set, public below CORPUS_PUBLIC_TOOLSETS: name, description, JSON schema as text. */
unsigned corpus_tool_count(const struct corpus *corpus, uint64_t index);
MUST_CHECK enum status corpus_tool(const struct corpus *corpus, uint64_t index, unsigned n,
    struct buffer *name, struct buffer *description, struct buffer *schema);
/* A call of one of the set's tools with its arguments (JSON), and what a tool returned (a file, a log, a diff). */
MUST_CHECK enum status corpus_tool_call(const struct corpus *corpus, uint64_t index, uint64_t conversation,
    unsigned turn, struct buffer *name, struct buffer *arguments);
MUST_CHECK enum status corpus_tool_result(
    const struct corpus *corpus, uint64_t conversation, unsigned turn, unsigned n_tok, struct buffer *out);

#endif
