/*
 * campaign.h: accounts held together by ties, with pooled evidence: which accounts are run by one hand?
 *
 * Model: three steps at the end of an epoch (a number of ticks), on the graph of accounts and tie objects.
 *   1. Find. Objects of one family whose members largely coincide form a candidate; inside it the account-object
 *      graph is peeled greedily (the account or object of least weighted degree goes first, object weight
 *      1/log(degree + 5)), and the densest prefix is the group.
 *      Frames that the same hands (accounts with cards or devices in common) use are merged (merge.h).
 *   2. Test. Every *other* family is asked. Identity and provenance by hands (hands.h): are more of the group's hands
 *      shared, more of them chained by returned turns, than in the population outside, and do those who share a card with
 *      members use the frame as well? Weak families by partners: under the null (who shares an address has nothing to
 *      do with who uses this frame) a partner is inside with probability p0 = homophily + |G| / N. The evidence is the
 *      Beta-mixture e-value of s successes in t trials against p0. Families multiply; the finding family counts only by
 *      objects that were not used to find it, and never above its cap.
 *   3. Decide. Two keys: at least two families, one of them through a strong kind (payment, device, returned
 *      turn, reasoning signature), total evidence over the budget's threshold, no look-alike that explains the group better.
 * Source: Hooi et al., "FRAUDAR: bounding graph fraud in the face of camouflage", 2016; Vovk, Wang, "E-values:
 *   calibration, combination and applications", 2021; Waudby-Smith, Ramdas, "Estimating means of bounded random
 *   variables by betting", 2024. Deviation: groups are tested again each epoch, which the threshold pays for with
 *   a share 1/(k(k+1)) of the budget for the k-th test of the run.
 * Shapes: log10_e in decades. Confidence 0..1. Ids are 64-bit, made from the first account and the time of the
 *   find, so that they are the same in every run; shown as "cmp_" and 13 characters.
 * Memory: bounded by campaign_config (accounts, edges, campaigns); edges beyond the cap are dropped and counted.
 * Benign look-alikes: a company with undeclared accounts and one card; a class on one card; resellers. See checks.
 * Evasion: unique cards and devices, and conversations and failed tasks that stay with their account: then nothing is
 *   reached; cards and devices bought in lots that each look like an open team.
 * Threads: one campaign stage; no sharing.
 */
#ifndef CAMPAIGN_CAMPAIGN_H
#define CAMPAIGN_CAMPAIGN_H

#include "account/account.h"
#include "account/population.h"
#include "base/status.h"
#include "object/object.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct campaign_id {
    uint64_t value; /* 0: none */
};

enum { CAMPAIGN_ID_TEXT = 18 }; /* "cmp_" + 13 characters + NUL */
void campaign_id_format(struct campaign_id id, char ret_text[static CAMPAIGN_ID_TEXT]);

enum campaign_kind { CAMPAIGN_UNKNOWN, CAMPAIGN_PIPELINE, CAMPAIGN_JUDGE, CAMPAIGN_RELAY, CAMPAIGN_PROBING };
enum campaign_status { CAMPAIGN_SUSPECTED, CAMPAIGN_CONFIRMED, CAMPAIGN_CONTAINED, CAMPAIGN_CLOSED };
enum membership { MEMBER_NONE, MEMBER_HALO, MEMBER_LIKELY, MEMBER_CORE };
const char *campaign_kind_name(enum campaign_kind kind);
const char *campaign_status_name(enum campaign_status status);
const char *membership_name(enum membership membership);

/* What is counted (hands.h). */
enum counted {
    COUNTED_PARTNERS,       /* of the accounts that members share something with: those that are members */
    COUNTED_SHARED_HANDS,   /* of the hands of members: those that have accounts besides */
    COUNTED_REPEATED_HANDS, /* of the hands of members: those with two members or more */
    COUNTED_PAIRS,          /* of the chains of hands: those of two hands or more */
    COUNTED_LONG_CHAINS,    /* of the chains of hands: those of three hands or more */
    COUNTED_HANDING         /* of the hands of members: those that hand on what fails (handoffs.h) */
};

struct evidence {
    double log10_e; /* 0: nothing for or against */
    uint32_t inside,
        trials;       /* of what was counted: those that speak for the group, all; accounts for volume */
    double p0;        /* chance under the null */
    uint8_t top_kind; /* enum object_kind that gave most */
    bool strong;      /* a strong kind carries it */
    uint8_t counted;  /* enum counted */
};

/* A look-alike explanation with the measurement that speaks for or against it. */
enum check_id {
    CHECK_ORGANISATION, /* one declared payer */
    CHECK_PUBLIC_FRAME, /* users of a public tool */
    CHECK_CLASS,        /* a course or hackathon: same few tasks, education programme */
    CHECK_EVALUATION,   /* a finite task set, repeated */
    CHECK_RESELLER,     /* a registered aggregator */
    CHECK_VERIFIED,     /* customers whose business was verified */
    CHECK_PEOPLE,       /* conversations: follow-ups, human hours */
    CHECK_OPEN_TEAM,    /* one mail domain, openly */
    CHECK_COUNT
};
struct check {
    double measured;  /* NAN: could not be measured */
    double threshold; /* at or beyond it the explanation holds */
    bool holds;
};
const char *check_name(enum check_id id);
const char *check_text(enum check_id id); /* what was measured, with its unit */

struct campaign_member {
    uint64_t account;
    uint64_t organization;      /* at the last test, as adopter: what protects it must outlive its eviction */
    int64_t since_ms, until_ms; /* until -1: still a member */
    float confidence;
    uint8_t membership; /* enum membership */
    uint8_t objects;    /* tie objects of the campaign that it shows */
    uint8_t adopter;    /* ADOPTER_ bits */
    bool placed;        /* operators were told apart, and a frame says that it is this one's */
    uint8_t told;       /* what policy was last told: membership, and 0x80 if the campaign was confirmed */
};

struct campaign_link {
    uint64_t object;
    uint8_t kind;
    uint32_t inside;  /* members that show it */
    uint32_t members; /* accounts that show it */
    int64_t first_ms;
    uint64_t sightings; /* of the object, by all its accounts, at most one an account and hour */
    double tasks;       /* distinct tasks shown with it: near `sightings` where the accounts divide a queue */
    uint64_t example[4]; /* accounts that it ties, 0 where fewer */
};
enum { CAMPAIGN_LINKS = 24 };

/* Why a part of a campaign is another operator's (apart.h): accounts that work for two lanes hardly cross over to it. */
struct campaign_parting {
    uint32_t bridges;        /* accounts of the pool that work for two lanes */
    uint32_t inside, across; /* of them: between lanes of this operator; between one of these and another's */
    uint32_t lanes;          /* of the pool */
    double log10_p;          /* bound of the probability that one operator's cross as seldom; 0: not parted */
};

struct campaign {
    struct campaign_id id, successor_of;
    struct campaign_id
        pool; /* of the campaign that this was one with before operators were told apart; 0: nothing was */
    struct campaign_parting parting;
    uint64_t number; /* of two campaigns the older has the smaller */
    enum campaign_kind kind;
    enum campaign_status status;
    enum family found_by;
    bool inherited; /* evidence and links are still those of the whole pool */
    bool two_keys;
    bool confirmed; /* two keys, threshold, size and checks, at the last test */
    int64_t first_exchange_ms, detected_ms, contained_ms; /* -1: not yet */
    int64_t apart_ms; /* since when every look has told operators apart (divide.h); 0: the last did not */
    uint64_t exchanges, input_tok, output_tok;
    double capability[CAP_COUNT]; /* shares of the members' exchanges */
    struct evidence evidence[FAMILY_COUNT];
    double log10_e;   /* product over families, caps applied */
    double threshold; /* log10 that the budget asks for */
    struct check checks[CHECK_COUNT];
    struct campaign_member *members; /* by account hash */
    size_t n_members, n_active;      /* n_active: until_ms < 0 */
    size_t members_capacity;
    struct campaign_link links[CAMPAIGN_LINKS];
    size_t n_links;
};

struct campaign_config {
    uint32_t accounts_max, edges_max, campaigns_max;
    uint32_t min_accounts;            /* smaller groups are not reported; 0: 5 */
    uint32_t min_contain_accounts;    /* smaller groups are never contained; 0: 10 */
    double budget_per_million_months; /* false containments allowed; 0: 10 */
    double homophily;                 /* chance that related benign accounts share a rare frame; 0: 0.2 */
    double min_log10_e;               /* floor of the threshold; 0: 4 */
    int64_t epoch_ms;                 /* 0: 600,000 */
    uint8_t
        ignored; /* bit for each enum family whose ties are passed over: to measure what a family is worth */
};

/* Fetches an account's or object's measures from its partition. */
struct campaign_source {
    void *context;
    enum status (*account)(
        void *context, uint64_t account, int64_t now_ms, struct account_profile *ret_profile);
    enum status (*object)(void *context, uint64_t object, struct object_profile *ret_profile);
    void (*mark)(void *context, uint64_t account, bool marked);
    enum status (*brief)(void *context, uint64_t account, struct account_brief *ret_brief);
    bool (*retract)(void *context, uint64_t object, int64_t now_ms); /* object_retract */
};

/* What policy is told: how an account stands in a campaign now. One for each change. */
struct verdict {
    struct campaign_id campaign;
    uint64_t account, organization;
    int64_t time_ms;
    float confidence;
    uint8_t membership; /* MEMBER_NONE: it left */
    uint8_t families;   /* bit for each family that carried the campaign */
    bool confirmed;     /* two keys, threshold and checks all passed */
    bool verified;      /* the account's business is verified */
    bool reseller;      /* the account is a registered aggregator */
    uint32_t accounts;  /* members now */
};
struct verdict_list {
    struct verdict *items;
    size_t n, capacity;
};
void verdict_list_fini(struct verdict_list *list);

struct campaign_stage;

MUST_CHECK enum status campaign_stage_new(const struct campaign_config *config,
    const struct campaign_source *source, struct campaign_stage **ret_stage);
void campaign_stage_free(struct campaign_stage *stage);
/* Goes on by other thresholds and epochs; the sizes of tables stay as they are. What was confirmed stays so. */
void campaign_stage_take(struct campaign_stage *stage, const struct campaign_config *config);

/* Takes the ties of a tick, in their fixed order. */
MUST_CHECK enum status campaign_apply(struct campaign_stage *stage, const struct tie *ties, size_t n);
/*
 * Ends a tick. Whoever takes up a confirmed campaign joins it (arrivals.h); at the end of an epoch groups are found,
 * tested and tracked. Changes are appended.
 */
MUST_CHECK enum status campaign_tick(struct campaign_stage *stage, int64_t now_ms,
    const struct population *population, struct verdict_list *verdicts);
/*
 * Nothing is decided in a tick before this time: ticks up to there may go through the earlier stages together. While a
 * campaign is confirmed, every tick may decide.
 */
int64_t campaign_due_ms(const struct campaign_stage *stage);
/* Ends an epoch now: the log is over. */
MUST_CHECK enum status campaign_flush(struct campaign_stage *stage, int64_t now_ms,
    const struct population *population, struct verdict_list *verdicts);
/* Measures every living campaign's members anew (counts, tokens, capabilities), for the report at the end. */
void campaign_refresh(struct campaign_stage *stage, int64_t now_ms);
/* Policy says when the whole set is contained. */
void campaign_contained(struct campaign_stage *stage, struct campaign_id id, int64_t now_ms);
/* An account was evicted: its edges go. */
void campaign_forget(struct campaign_stage *stage, uint64_t account);

size_t campaign_count(const struct campaign_stage *stage);
/*
 * In the order of their finding, until campaigns_max is reached: then those that were only suspected and have lost all
 * members give way. Borrowed until the next tick.
 */
const struct campaign *campaign_at(const struct campaign_stage *stage, size_t i);
/* The campaign an account is an active member of, or NULL. */
const struct campaign *campaign_of(const struct campaign_stage *stage, uint64_t account);

struct campaign_stats {
    uint64_t accounts, objects, edges, edges_dropped, groups_tested;
    uint64_t state_bytes;
};
void campaign_stats(const struct campaign_stage *stage, struct campaign_stats *ret_stats);

#endif
