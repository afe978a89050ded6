/*
 * ask.h: what happens in the simulated world, as plans without text: an exchange, a sign-up, an enforcement, a release.
 *
 * Model: everything that is said in an exchange is a function of its ask (speak.h), so that a history of many turns costs
 *   nothing to remember and can be said again by another account.
 */
#ifndef LAB_ASK_H
#define LAB_ASK_H

#include "corpus/corpus.h"
#include "exchange/event.h"

#include <stdint.h>

enum {
    ASK_EXTRACTION = 1 << 0, /* serves a campaign */
    ASK_RESTRICTED = 1 << 1, /* answered, but with nothing of value */
    ASK_QUOTES = 1 << 2,     /* the input carries what `quoted` was answered */
    ASK_REPLAYS = 1 << 3,    /* the history carries the reasoning signature of `quoted` */
    ASK_SINGLE = 1 << 4,     /* a batch: every exchange a conversation of its own */
    ASK_REFUSED = 1 << 5,    /* the provider's own safeguard refuses what is asked, visibly */
    ASK_PASTES = 1 << 6,     /* a file, a log or a text is put behind the question */
};

/* One answer that was given in the world. */
struct said {
    uint64_t conversation, task;
    uint32_t account;
    uint16_t turn, answer_tok; /* answer_tok: as in its talk */
    uint8_t pool;
};

/* What is talked about: a conversation, or one job of an operator. */
struct talk {
    uint64_t conversation, task, frame, variant; /* conversation: the seed of all that is said in it */
    struct said quoted;
    uint16_t turn, turns; /* next turn, and how many there will be */
    uint16_t answer_tok;  /* median length of its answers */
    uint8_t pool, frame_kind, flags, tries;
    uint8_t lane;   /* kind of job */
    uint32_t style; /* of the job, 1 + index; 0: the account's own */
};

struct ask {
    struct talk talk;
    uint64_t serial; /* numbers the exchanges of a run */
    uint32_t account, style, end_user;
    uint16_t status;
    uint8_t model;
};

/* What stays the same in the requests of an account, or of an operator's job. */
enum { STYLE_REASONING = 1 << 0, STYLE_STREAM = 1 << 1 };
#define STYLE_ABSENT UINT64_MAX
struct style {
    uint64_t system, tools; /* index in the corpus; STYLE_ABSENT: none */
    uint32_t system_bytes;
    int32_t max_tokens, temperature_milli, n; /* NUMBER_ABSENT: not given */
    uint16_t answer_tok;
    uint8_t api, flags; /* enum api */
};

/* What the log can show of an account: a happening carries it, so that the world may move on while it is told. */
struct shown {
    uint64_t seed;
    uint64_t home;                         /* who is behind its address */
    uint64_t card, device, domain, signup; /* numbers of what it showed at sign-up */
    int64_t created_ms;
    uint32_t organization;
    uint16_t flags; /* ACCOUNT_ bits (identity.h) */
    uint8_t tier, programme, verified, country, network, family, platform, version;
};

enum happening_kind { HAPPENING_ASK, HAPPENING_ACCOUNT, HAPPENING_ENFORCEMENT, HAPPENING_RELEASE };

struct happening {
    int64_t time_ms;
    uint8_t kind;
    uint8_t action; /* enum enforcement */
    uint8_t model;  /* of a release */
    uint32_t account;
    struct shown who;   /* of an ask or an account */
    struct style style; /* of an ask */
    struct ask ask;
};

#endif
