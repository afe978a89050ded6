/*
 * identity.h: an account of the simulated provider: who it says it is, from where and with what it sends.
 *
 * Model: an account is numbers; every string of it (ids, addresses, card, device) is rendered from them when a line
 *   is written. Accounts that share a card, a device, a network or a domain share the number behind it.
 * Shapes: card, device and domain numbers are global; 0 means none. Ids are hashes of the account's number, so that neither
 *   their order nor their form tells anything.
 * Memory: 200 bytes an account.
 */
#ifndef LAB_IDENTITY_H
#define LAB_IDENTITY_H

#include "base/buffer.h"
#include "lab/ask.h"
#include "lab/customers.h"

struct account {
    uint64_t seed;
    int64_t created_ms;
    int64_t born_ms;                       /* when the log first speaks of it */
    int64_t active_ms;                     /* when its operator begins to use it */
    uint64_t home;                         /* who is behind its address: household, office, cloud host */
    uint64_t card, device, domain, signup; /* numbers of what it showed at sign-up */
    int64_t limit_ms;                      /* theoretical arrival time of the provider's rate limit */
    int64_t blocked_ms, expires_ms;        /* since when and until when the action in force holds */
    struct talk talk;                      /* what it is in the middle of */
    uint64_t next_task;                    /* of a data set worked through in order */
    uint32_t organization, style, sent;
    int32_t campaign; /* of the scenario, or -1 */
    float per_day;
    uint16_t population;
    uint8_t tier, programme, verified, country, network, family, platform, version;
    uint8_t action; /* enum action in force */
    uint8_t habit_pool;
    uint8_t lane;     /* the kind of job that an operator's account serves */
    uint16_t sitting; /* jobs that it will do in a row from now */
    int64_t sat_ms;   /* when it began with them */
    uint16_t flags;   /* ACCOUNT_ bits */
};

enum {
    ACCOUNT_DECLARED = 1 << 0, /* the log names its organisation */
    ACCOUNT_RESELLER = 1 << 1,
    ACCOUNT_TALKING = 1 << 2,
    ACCOUNT_STANDBY = 1 << 3, /* of a pool that waits */
    ACCOUNT_DEAD = 1 << 4,    /* its owner has given it up */
    ACCOUNT_BANNED = 1 << 5,  /* suspended by another desk */
    ACCOUNT_PINNED = 1 << 6,  /* client version never moves */
    ACCOUNT_KNOWN = 1 << 7,   /* its account line was written */
    ACCOUNT_CHECKED = 1 << 8, /* has answered the identity check in force */
};

/* Draws what a customer of a country shows: network, address, client, programme aside. */
void identity_draw_network(struct account *account, const struct network_weights *weights, struct dice *dice);
void identity_draw_client(struct account *account, const struct client_weights *weights, struct dice *dice);

struct shown identity_shown(const struct account *account);
void identity_put_name(uint64_t world_seed, uint32_t account, struct buffer *out);
void identity_put_id(const char *prefix, uint64_t number, struct buffer *out);
/* A mail domain: 1..40 are public mail services, others somebody's own. */
enum { PUBLIC_DOMAINS = 40 };
void identity_put_domain(uint64_t domain, struct buffer *out);
void identity_put_address(uint32_t ip, struct buffer *out);
/* Where it sends from at a time; session tells rotating addresses apart. */
struct address identity_address(const struct shown *who, int64_t time_ms, uint64_t session);

#endif
