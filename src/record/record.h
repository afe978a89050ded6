/*
 * record.h: what is kept of an exchange (and of the other events): ids, numbers, sketches, keyed anchors.
 *
 * Model: content-blind. No text, no pointer; every string became a keyed 64-bit hash (base/key.h) or a number
 *   where it was read. 0 means absent for every hash; NUMBER_ABSENT (-1) for numbers that can be absent.
 * Shapes, units: times in ms since 1970 UTC; sizes in bytes of text or in tokens as the provider counts; shares
 *   and scores 0..255 for 0..1.
 *
 * A *frame* is the fixed part of a prompt. One exchange cannot show which part is fixed, so the record carries
 *   what lets the traffic show it: for system prompt, tool set and user text each an exact id of the masked token
 *   sequence, a SimHash and a MinHash; for user text also exact ids of its first 6, 12 and 24 masked tokens
 *   (lead) and its last 6 and 12 (tail): a frame recurs while the slots change.
 * A *task slot* is what varies: the id of the whole unmasked last user text.
 * An *anchor* is a keyed hash of something the provider issued, or of text that may be such a thing coming back.
 * Source: Manku et al., "Detecting near-duplicates for web crawling", 2007 (SimHash); Shrivastava, "Optimal
 *   densification for fast and accurate minwise hashing", 2017; Schleimer, Wilkerson, Aiken, "Winnowing", 2003.
 * Memory: sizeof(struct record) in memory (static-asserted <= 640), about 250 to 500 bytes on disk.
 * Privacy: nothing here can be turned back into text without the key and a guess of the text.
 */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include <stdint.h>

enum record_kind { RECORD_EXCHANGE, RECORD_ACCOUNT, RECORD_ENFORCEMENT, RECORD_RELEASE };

enum { MINHASH_BINS = 16, MINHASH_ROWS = 4, MINHASH_BANDS = MINHASH_BINS / MINHASH_ROWS };

struct frame_sig {
    uint64_t id;                    /* exact masked token sequence; 0: no such text */
    uint64_t simhash;               /* 64-bit, over masked 3-token shingles */
    uint16_t minhash[MINHASH_BINS]; /* one-permutation MinHash, 16 bits kept of each bin */
};

enum { LEAD_COUNT = 3, TAIL_COUNT = 2 };
/* Tokens in lead[i] and tail[i]; a text shorter than that leaves 0. */
extern const uint8_t lead_tokens[LEAD_COUNT]; /* 6, 12, 24 */
extern const uint8_t tail_tokens[TAIL_COUNT]; /* 6, 12 */

enum capability {
    CAP_CODING,
    CAP_AGENTIC,   /* tool use, multi-step action */
    CAP_MATH,      /* mathematics and checkable reasoning */
    CAP_KNOWLEDGE, /* questions about the world */
    CAP_WRITING,   /* creative or professional prose */
    CAP_SUMMARY,
    CAP_EXTRACTION, /* classification, labelling, information extraction */
    CAP_TRANSLATION,
    CAP_JUDGING,   /* grading, comparing, rubric scoring */
    CAP_SYNTHESIS, /* inventing tasks, questions, training data */
    CAP_SUPPORT,   /* customer service and task dialogue */
    CAP_VISION,    /* set from images, not from a classifier */
    CAP_COUNT
};
const char *capability_name(enum capability capability);

enum elicitation {
    ELICIT_REASONING, /* asks for the reasoning trace itself */
    ELICIT_RUBRIC,    /* asks to grade by a rubric, as a reward model would */
    ELICIT_CLEANING,  /* asks to clean or rewrite model output */
    ELICIT_TASKS,     /* asks for new tasks, questions or data */
    ELICIT_COUNT
};
const char *elicitation_name(enum elicitation elicitation);

/* Output format demanded; several bits can be set. */
enum {
    FORMAT_JSON = 1 << 0,
    FORMAT_TAGS = 1 << 1, /* inline tags around parts of the answer */
    FORMAT_REASON_THEN_ANSWER = 1 << 2,
    FORMAT_BOXED = 1 << 3,
    FORMAT_LIST = 1 << 4,
    FORMAT_CODE_ONLY = 1 << 5,
    FORMAT_TABLE = 1 << 6,
    FORMAT_LABEL_ONLY = 1 << 7, /* one word, a score, yes or no */
    FORMAT_SCHEMA = 1 << 8,     /* demanded through the API (json_schema) */
};

enum language { /* dominant language or script of the last user text */
    LANG_UNKNOWN,
    LANG_EN,
    LANG_DE,
    LANG_FR,
    LANG_ES,
    LANG_PT,
    LANG_IT,
    LANG_NL,
    LANG_ZH,
    LANG_JA,
    LANG_KO,
    LANG_RU,
    LANG_AR,
    LANG_HI,
    LANG_OTHER_LATIN,
    LANG_OTHER,
    LANG_COUNT
};

enum { ISSUED_MAX = 4, ECHO_MAX = 8, TURNS_MAX = 8, SIGNED_MAX = 4 };

struct anchors {
    uint64_t issued_turn;         /* whole assistant turn issued, 0 if shorter than 16 tokens */
    uint64_t issued[ISSUED_MAX];  /* sampled winnowed anchors of the output, ascending */
    uint64_t issued_signature[2]; /* reasoning signatures and call ids issued, last first */
    uint64_t turns[TURNS_MAX];    /* whole assistant turns returned in the history, newest first */
    uint64_t echo[ECHO_MAX]; /* sampled winnowed anchors of user and tool text of the last turn, ascending */
    uint64_t signature[SIGNED_MAX]; /* reasoning signatures and call ids returned, newest first */
};

/* Bits of exchange_record.flags. */
enum {
    REC_METADATA_ONLY = 1 << 0,
    REC_FOLLOW_UP = 1 << 1, /* the request carries at least one assistant turn */
    REC_USAGE_ESTIMATED = 1 << 2,
    REC_TRUNCATED_PARTS = 1 << 3,
    REC_PREFILL = 1 << 4,
    REC_MANY_CANDIDATES = 1 << 5, /* text quotes several candidate answers (judging) */
};

struct exchange_record {
    uint64_t exchange; /* keyed hash of the provider's request id */
    uint64_t organization, api_key, end_user, session;
    uint64_t ip, net, user_agent, ja4, header_order; /* net: /24 of IPv4, /48 of IPv6 */
    uint64_t client;                                 /* user agent, ja4 and header order together */
    uint64_t model;                                  /* keyed hash of the model name */
    uint32_t asn;                                    /* 0 absent */
    uint16_t country;                                /* two letters, high byte first; 0 absent */
    uint16_t status;
    uint32_t duration_ms;                                      /* UINT32_MAX absent */
    uint32_t input_tok, output_tok, reasoning_tok, cached_tok; /* 0 when absent */

    int32_t max_tokens, temperature_milli, top_p_milli;
    uint16_t n, top_logprobs;
    uint32_t param_flags; /* PARAM_ bits of exchange.h */
    uint64_t shape;       /* request skeleton: parameter names and values, roles, part kinds; no text */

    uint16_t n_messages, n_assistant_turns, n_images, n_tools, n_tool_calls, n_issued_parts;
    uint32_t system_bytes, user_bytes, history_bytes, output_bytes; /* user: last user turn */
    struct frame_sig system, tools, user;
    uint64_t lead[LEAD_COUNT], tail[TAIL_COUNT];
    uint64_t slot; /* task slot: whole last user text, unmasked, white space and case folded */

    uint16_t format; /* FORMAT_ bits */
    uint8_t api, language, finish;
    uint8_t flags;
    uint8_t capability[CAP_COUNT];     /* shares, about 255 in all, or all 0 without text */
    uint8_t elicitation[ELICIT_COUNT]; /* probabilities */
    struct anchors anchors;
};

struct account_record {
    int64_t created_ms; /* -1 absent */
    uint64_t organization, email_domain, payment, device, signup_ip, signup_net;
    uint16_t country, phone_country;
    uint8_t tier, programme, verified; /* as in exchange/event.h */
    int8_t reseller;                   /* 0, 1, -1 not said */
    uint8_t email_disposable;          /* reserved, 0 */
};

struct enforcement_record {
    uint8_t action; /* enum enforcement */
};

struct release_record {
    uint64_t model;
};

struct record {
    int64_t time_ms;
    uint64_t account; /* keyed hash of the account id; 0 for a release */
    uint8_t kind;     /* enum record_kind */
    union {
        struct exchange_record exchange;
        struct account_record account_facts;
        struct enforcement_record enforcement;
        struct release_record release;
    };
};

_Static_assert(sizeof(struct record) <= 768, "a record stays a few hundred bytes");

#endif
