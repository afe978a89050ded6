/*
 * judge.h: may this request pass, and as what?
 *
 * Model: pure: what the table knows of the key and its account, what the rules allow its tier, where the request comes from
 *   and what it asks for, to one ruling. In this order, the first that speaks decides: key, decision on the account,
 *   country and network, model and uses, verification. What a decision restricts is not refused but rewritten.
 * Source: RFC 9110 (401, 403, 429), RFC 7725 (451).
 * Errors: none; a missing row is a denial of its own.
 * Privacy: a ruling names the rule, never the evidence.
 */
#ifndef GATE_JUDGE_H
#define GATE_JUDGE_H

#include "gate/rules.h"
#include "policy/decision.h"
#include "store/rows.h"

/* As which API's request a model server may read a body; each has names of its own for the output's size. */
enum { BODY_CHAT = 1, BODY_RESPONSES = 2, BODY_MESSAGES = 4, BODY_COMPLETION = 8 };

/* What a request asks for, as far as the rules speak of it. */
struct ask {
    struct span model;
    bool model_due;     /* its API takes one: none said is a choice that is left to the model server */
    bool has_messages;  /* it can be read as a chat */
    bool no_output;     /* its path makes no text: embeddings, moderations, counts of tokens */
    unsigned sizes_due; /* BODY_ bits: how it may be read, and names no size of that API's own */
    uint32_t uses;      /* USE_ bits */
    int64_t choices;    /* n; 1 where it is not said */
    int64_t prompts;    /* of a completion: each is answered; 1 where it is not said */
    int64_t output_tok; /* most tokens asked for, by any API's name; -1: not said */
    uint64_t body_bytes;
    bool output_open; /* a size is named that may be any: below 0, or no number */
};

/* Where it comes from; empty where it is not known. */
struct origin {
    struct span country, network; /* two letters; class of the network list */
};

enum ruling_kind {
    RULING_PASS,
    RULING_KEY_MISSING, /* 401 */
    RULING_KEY_UNKNOWN, /* 401; unknown, revoked and expired read alike from outside */
    RULING_SUSPENDED,   /* 403 */
    RULING_VERIFY,      /* 403: the account must be verified */
    RULING_COUNTRY,     /* 451 */
    RULING_NETWORK,     /* 403 */
    RULING_MODEL,       /* 403 */
    RULING_USE,         /* 403: the tier may not use it */
    RULING_TOO_MUCH,    /* 403: more choices or tokens than the tier may ask for */
    RULING_BODY,        /* 413 */
    RULING_RATE,        /* 429 */
    RULING_BAD_REQUEST, /* 400: what it asks for cannot be told */
    RULING_UNAVAILABLE, /* 503: a control that fails closed does not work */
    RULING_KINDS
};

struct ruling {
    enum ruling_kind kind;
    uint32_t use;       /* the USE_ bit of RULING_USE, or of RULING_VERIFY for one use */
    uint32_t verify;    /* VERIFIED_ bits of which one is enough; 0: any */
    uint64_t campaign;  /* of the decision in force; 0: none */
    bool throttle;      /* the account is under that decision */
    bool restricted;    /* the request is rewritten before it is served */
    int64_t output_cap; /* tokens at most; 0: as asked */
};

/* Rows are NULL where the table has none; now_ms ends what has expired. */
struct judge_input {
    const struct rules *rules;
    bool key_given;
    const struct key_row *key;
    const struct account_row *account;
    const struct decision_row *decision;
    const struct origin *origin;
    int64_t now_ms;
};

/* What can be said before the body is read. */
struct ruling judge_caller(const struct judge_input *input);
/* Goes on with what judge_caller let pass. */
void judge_ask(const struct judge_input *input, const struct ask *ask, struct ruling *ruling);

/* The HTTP status of a ruling; 200: pass. */
unsigned ruling_status(enum ruling_kind kind);
/* A decision that binds: enforced, not expired; NULL otherwise. */
const struct decision_row *decision_in_force(const struct decision_row *decision, int64_t now_ms);

#endif
