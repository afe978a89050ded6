/*
 * tie.h: what objects say to campaigns.
 *
 * Model: an object becomes a *tie object* when a second account of another organisation shows it while it is rare (content:
 *   a fourth account, and not before those who say it say it again, recur.h); from then on every member is announced.
 *   When the traffic shows that it is public, or that nobody says it again, it is withdrawn, and weighs nothing. Direct
 *   ties need no object: an output issued to `a` came back from `b`.
 * Order: within a tick by object key, then time, so that the merge over partitions is fixed.
 */
#ifndef OBJECT_TIE_H
#define OBJECT_TIE_H

#include "account/sighting.h"

enum tie_op {
    TIE_MEMBER,   /* account a is a member of object */
    TIE_DIRECT,   /* a issued (or refused), b returned (or sent), through object */
    TIE_WITHDRAW, /* the object is public or forgotten: drop it and its edges */
};

struct tie {
    uint64_t object;
    uint64_t a, b;         /* b is 0 but for TIE_DIRECT */
    uint64_t organization; /* of a; 0 also where the object does not know it */
    int64_t time_ms;
    uint8_t op, kind; /* enum tie_op, enum object_kind */
    uint16_t lag_s;   /* TIE_DIRECT: seconds from issue to return, saturating */
};

#endif
