/*
 * naive.h: what object_apply must say, by plain arrays without any bound: the oracle of test_object.c.
 *
 * Model: objects and accounts are numbered from 1; no population, so only the rule for networks makes public.
 */
#ifndef TESTS_OBJECT_NAIVE_H
#define TESTS_OBJECT_NAIVE_H

#include "sightings.h"

#include <string.h>

enum { NAIVE_OBJECTS = 41, NAIVE_ACCOUNTS = 101, NAIVE_TIES = 1 << 16 };

struct naive_object {
    uint64_t joined[5]; /* the first four in their order */
    uint64_t first, first_payer, first_organization;
    bool shared, is_public, member[NAIVE_ACCOUNTS];
    uint32_t n, sightings;
    /* direct kinds */
    int64_t issued_ms[NAIVE_ACCOUNTS]; /* 0 never */
    bool common, seen[NAIVE_ACCOUNTS];
    uint32_t n_issued, n_seen, returners[NAIVE_ACCOUNTS];
    int64_t told_hour[NAIVE_ACCOUNTS][NAIVE_ACCOUNTS];
    uint64_t refused;
    int64_t refused_ms;
};

struct naive {
    struct naive_object object[NAIVE_OBJECTS];
    uint64_t payer[NAIVE_ACCOUNTS], organization[NAIVE_ACCOUNTS];
    struct tie ties[NAIVE_TIES];
    size_t n_ties;
};

static inline void naive_tie(
    struct naive *naive, const struct sighting *s, enum tie_op op, uint64_t a, uint64_t b, int64_t lag_s)
{
    naive->ties[naive->n_ties++] = (struct tie){ s->object, a, b,
        op == TIE_WITHDRAW ? 0 : naive->organization[a], s->time_ms, (uint8_t)op, s->kind, (uint16_t)lag_s };
}

static inline bool naive_is_content(const struct sighting *s)
{
    return s->kind >= OBJECT_SYSTEM && s->kind <= OBJECT_SHAPE;
}

/* Content is announced with the fourth account, the earlier ones without their organisation. */
static inline void naive_announce(struct naive *naive, const struct sighting *s)
{
    struct naive_object *o = &naive->object[s->object];
    if (naive_is_content(s) && o->n < 4)
        return;
    for (unsigned i = 0; naive_is_content(s) && o->n == 4 && i < 3; i++) {
        naive_tie(naive, s, TIE_MEMBER, o->joined[i], 0, 0);
        naive->ties[naive->n_ties - 1].organization = 0;
    }
    naive_tie(naive, s, TIE_MEMBER, s->account, 0, 0);
}

static inline void naive_show(struct naive *naive, const struct sighting *s)
{
    struct naive_object *o = &naive->object[s->object];
    o->sightings++;
    if (o->is_public || (o->shared && o->member[s->account]))
        return;
    if (!o->first) {
        o->first = s->account;
    } else if (o->shared) {
        o->member[s->account] = true;
        o->n++;
        o->is_public = o->n > 64 && s->kind >= OBJECT_SIGNUP_NET && s->kind <= OBJECT_CLIENT;
        o->joined[o->n <= 4 ? o->n - 1 : 4] = s->account;
        if (o->is_public)
            naive_tie(naive, s, TIE_WITHDRAW, 0, 0, 0);
        else
            naive_announce(naive, s);
    } else if (o->first != s->account) {
        bool one_payer = naive->payer[o->first] == naive->payer[s->account];
        if (one_payer && (s->organization || s->kind > OBJECT_END_USER))
            return;
        o->shared = true;
        if (naive_is_content(s))
            o->sightings = 1; /* counted from here on, as its tasks are */
        o->member[o->first] = o->member[s->account] = true;
        o->n = 2;
        o->joined[0] = o->first;
        o->joined[1] = s->account;
        if (!naive_is_content(s)) {
            naive_tie(naive, s, TIE_MEMBER, o->first, 0, 0);
            naive_tie(naive, s, TIE_MEMBER, s->account, 0, 0);
        }
    }
}

static inline bool naive_tell(struct naive_object *o, uint64_t a, const struct sighting *s, bool *ret_new)
{
    int64_t *told = &o->told_hour[a][s->account], hour = s->time_ms / HOUR;
    bool tell = *told != hour;
    *ret_new = *told == 0;
    *told = hour;
    return tell;
}

static inline void naive_refused(struct naive *naive, const struct sighting *s)
{
    struct naive_object *o = &naive->object[s->object];
    o->n_seen += !o->seen[s->account];
    o->seen[s->account] = true;
    if (o->n_seen > 3)
        return;
    if (s->verb == VERB_ISSUE) {
        o->refused = s->account;
        o->refused_ms = s->time_ms;
        return;
    }
    bool new_pair;
    uint64_t a = o->refused;
    int64_t lag_s = s->time_ms / SECOND - o->refused_ms / SECOND;
    if (a == s->account)
        o->refused = 0;
    else if (a && lag_s <= 600 && naive->payer[a] != naive->payer[s->account] &&
             naive_tell(o, a, s, &new_pair))
        naive_tie(naive, s, TIE_DIRECT, a, s->account, lag_s);
}

static inline void naive_issue(struct naive_object *o, const struct sighting *s)
{
    if (!o->common && !o->issued_ms[s->account] && ++o->n_issued > 2)
        o->common = true;
    o->issued_ms[s->account] = s->time_ms;
}

static inline void naive_return(struct naive *naive, const struct sighting *s)
{
    struct naive_object *o = &naive->object[s->object];
    if (o->common || o->issued_ms[s->account])
        return;
    uint64_t a[2] = { 0, 0 };
    int64_t hour[2];
    unsigned n = 0;
    for (uint64_t i = 1; i < NAIVE_ACCOUNTS; i++) {
        if (!o->issued_ms[i] || naive->payer[i] == naive->payer[s->account])
            continue;
        a[n] = i;
        hour[n++] = o->issued_ms[i] / HOUR;
    }
    if (n == 2 && hour[1] < hour[0]) {
        uint64_t swap = a[0];
        a[0] = a[1];
        a[1] = swap;
    }
    for (unsigned i = 0; i < n; i++) {
        bool new_pair;
        if (!naive_tell(o, a[i], s, &new_pair))
            continue;
        int64_t lag_s = (s->time_ms / HOUR - o->issued_ms[a[i]] / HOUR) * 3600;
        naive_tie(naive, s, TIE_DIRECT, a[i], s->account, lag_s > UINT16_MAX ? UINT16_MAX : lag_s);
        if (new_pair && ++o->returners[a[i]] > 8)
            o->common = true;
    }
}

static inline void naive_apply(struct naive *naive, const struct sighting *s)
{
    naive->payer[s->account] = s->organization ? s->organization : s->payer;
    naive->organization[s->account] = s->organization;
    if (s->kind == OBJECT_REFUSED)
        naive_refused(naive, s);
    else if (s->verb == VERB_ISSUE)
        naive_issue(&naive->object[s->object], s);
    else if (s->verb == VERB_RETURN)
        naive_return(naive, s);
    else
        naive_show(naive, s);
}

/* Insertion sort from `from` on: by object, then time, as they were made. */
static inline void naive_sort(struct naive *naive, size_t from)
{
    struct tie *ties = naive->ties;
    for (size_t i = from + 1; i < naive->n_ties; i++) {
        struct tie tie = ties[i];
        size_t at = i;
        for (; at > from; at--) {
            const struct tie *before = &ties[at - 1];
            if (before->object < tie.object ||
                (before->object == tie.object && before->time_ms <= tie.time_ms))
                break;
            ties[at] = *before;
        }
        ties[at] = tie;
    }
}

#endif
