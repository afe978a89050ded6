/*
 * sighting.h: "account A showed object O at time t", the message from accounts to objects.
 *
 * Model: an object is anything that accounts can share. Its key mixes the kind with the record's keyed
 *   hash, so equal values of two kinds are two objects. Issued and returned anchors and refused tasks
 *   travel the same way: they too are keyed facts that one account makes and another may repeat.
 * Shapes: 56 bytes, no pointers; partitioned by `object`.
 * Order: within a tick in record order; each (account, object) of a SHOW kind at most once an hour.
 */
#ifndef ACCOUNT_SIGHTING_H
#define ACCOUNT_SIGHTING_H

#include <stdbool.h>
#include <stdint.h>

enum family {
    FAMILY_IDENTITY,
    FAMILY_NETWORK,
    FAMILY_CONTENT,
    FAMILY_TIMING,
    FAMILY_PROVENANCE,
    FAMILY_VOLUME,
    FAMILY_COUNT
};
const char *family_name(enum family family);

enum object_kind {
    /* identity */
    OBJECT_PAYMENT,
    OBJECT_DEVICE,
    OBJECT_EMAIL_DOMAIN, /* weak */
    OBJECT_SIGNUP_BURST, /* weak: same hour, programme and country of creation */
    OBJECT_END_USER,     /* weak: client-asserted */
    /* network: all weak */
    OBJECT_SIGNUP_NET,
    OBJECT_IP,
    OBJECT_NET,
    OBJECT_CLIENT,
    /* content: all weak alone */
    OBJECT_SYSTEM,
    OBJECT_TOOLSET,
    OBJECT_LEAD6,
    OBJECT_LEAD12,
    OBJECT_LEAD24,
    OBJECT_TAIL6,
    OBJECT_TAIL12,
    OBJECT_BAND, /* one of four MinHash bands of the user text */
    OBJECT_SHAPE,
    /* direct facts: looked up in the bounded table of issued things, become account-to-account ties */
    OBJECT_TURN,      /* provenance: an assistant turn */
    OBJECT_ECHO,      /* provenance, weak: a winnowed anchor of an output; quoted sources come back as well */
    OBJECT_SIGNATURE, /* provenance: a reasoning signature */
    OBJECT_REFUSED,   /* timing: a task that was refused (429, 403), or failed (5xx), and is sent again */
    OBJECT_KINDS
};

enum sighting_verb {
    VERB_SHOW,   /* the account shows the object */
    VERB_ISSUE,  /* the thing was issued to the account, or the task was refused to it */
    VERB_RETURN, /* the thing came back from the account, or the task was sent by it */
};

/* Bits of sighting.adopter: what the account is at the time of the sighting. */
enum {
    ADOPTER_ESTABLISHED = 1, /* created, or first seen, at least 30 days ago */
    ADOPTER_VERIFIED = 2,    /* tier verified or enterprise, or business verification */
    ADOPTER_EDUCATION = 4,
    ADOPTER_RESELLER = 8,
    ADOPTER_MARKED = 32,      /* a campaign holds it */
    ADOPTER_PAYER_KNOWN = 16, /* payer comes from an organisation or payment, not from the account id */
};

struct sighting {
    uint64_t account;
    uint64_t object;       /* object_key(kind, hash) */
    uint64_t payer;        /* organisation, else payment, else the account itself */
    uint64_t organization; /* 0 none: ties within one organisation do not count */
    uint64_t slot;         /* task slot shown with a content object, else 0 */
    int64_t time_ms;
    uint16_t country;
    uint8_t kind; /* enum object_kind */
    uint8_t verb; /* enum sighting_verb */
    uint8_t adopter;
};

struct object_kind_info {
    const char *name; /* for reports: "payment instrument" */
    enum family family;
    bool strong; /* may serve as the hard key of a containment */
    bool direct; /* issue/return kind: account-to-account */
    bool copied; /* found where everybody finds it, by operators as by others */
};
extern const struct object_kind_info object_kind_info[OBJECT_KINDS];

/* The finaliser of SplitMix64 over the hash moved by the kind: a bijection for each kind, but that 0 stays 0. */
static inline uint64_t object_key(enum object_kind kind, uint64_t hash)
{
    uint64_t x = hash + ((uint64_t)kind + 1) * UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    x ^= x >> 31;
    return hash == 0 ? 0 : x ? x : 1;
}

#endif
