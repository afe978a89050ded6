/*
 * event.h: one line of an exchange log: an exchange, an account fact, an enforcement or a release.
 *
 * Source: Exchange log, version 1.
 * Shapes: enumerations by value, unknown words of a closed list are a bad line; absent is 0 or an empty
 *   span.
 * Ownership: as exchange.h.
 */
#ifndef EXCHANGE_EVENT_H
#define EXCHANGE_EVENT_H

#include "exchange/exchange.h"

enum event_kind { EVENT_EXCHANGE, EVENT_ACCOUNT, EVENT_ENFORCEMENT, EVENT_RELEASE };

enum tier { TIER_UNKNOWN, TIER_FREE, TIER_PAID, TIER_VERIFIED, TIER_ENTERPRISE, TIER_COUNT };
enum programme {
    PROGRAMME_UNKNOWN,
    PROGRAMME_NONE,
    PROGRAMME_EDUCATION,
    PROGRAMME_RESEARCH,
    PROGRAMME_STARTUP,
};
enum { VERIFIED_EMAIL = 1, VERIFIED_PHONE = 2, VERIFIED_CARD = 4, VERIFIED_BUSINESS = 8 };
enum enforcement { ENFORCEMENT_LIMITED = 1, ENFORCEMENT_SUSPENDED, ENFORCEMENT_RESTORED };

struct account_event {
    struct span account;
    struct span organization;
    int64_t created_ms; /* -1 absent */
    enum tier tier;
    enum programme programme;
    uint32_t verified; /* VERIFIED_ bits */
    struct span email_domain;
    struct span phone_country;
    struct span country;
    struct span payment;
    struct span signup_ip;
    struct span device;
    int reseller; /* 0 no, 1 yes, -1 not said */
};

struct enforcement_event {
    struct span account;
    enum enforcement action;
    struct span source;
};

struct event {
    enum event_kind kind;
    int64_t time_ms;
    union {
        struct exchange exchange;
        struct account_event account;
        struct enforcement_event enforcement;
        struct span release_model;
    };
};

#endif
