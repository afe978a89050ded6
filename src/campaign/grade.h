/*
 * grade.h: who of a group is held by more than the frame that found it?
 *
 * Model: two firm members are partners if they show the same strong object, or hang together in a strong direct
 *   tie, of a family that carries the group: one whose own evidence is strong, or that found it. What holds a group
 *   together by chance, as the cards of unrelated families do in a crowd with one sentence in common, is no reason
 *   to contain those who share it.
 *   A firm member is *tied* if it is one of three or more whom partnership connects: two accounts of one person are
 *   a pair. So are two partners of whom neither shows what the other shows of the group: one person, or one
 *   company, has one frame that begins as the operator's do, not two. What they show must be *meant*: its users say
 *   it again, as on a second day (recur.h); anybody may have said once what a dozen others did. In a merged group
 *   most of the account's hand, of those who sent enough to tell, must be firm members as well, and where its hand
 *   shows a mail domain of its own it must show something that is meant: with dozens of frames a few people of many
 *   a firm show one by chance. Where hand-offs carry the group, who is dispatched (handoffs.h) is tied as well,
 *   wherever the others are.
 *   It is *living off the frame* if its own commonest frame is one of the group's, in at least 3 exchanges and 30 %
 *   of them. Core: both.
 *   It lives *elsewhere* if it is established (sighting.h), or its hand shows a mail domain of its own, it has sent
 *   GRADE_LIFE exchanges, of which 30 % show a frame that nobody but its own hand shows, none of its hand lives off
 *   the group's, and what it shows of the group's is something that users of it say less than once in eight of its
 *   hours: a small company with one card, some of whose prompts begin as the operator's do. It is neither held nor
 *   a partner.
 *   Likely: tied; or living off a frame that is the operator's alone, because nearly all who use it hang in strong
 *   ties and the account does as well, or, where frames were not merged, because those whom members share cards
 *   with nearly all use it: ten of them, or six by the cards of three hands where it hangs in a strong tie itself
 *   or two thirds of those who do live off the frames as well (three at least, or ten where some are held already):
 *   what the operator's accounts send besides is somebody's everyday prompt. Of the others, who shares a card with
 *   tied members is halo; mates.h says it of those in no group. One exchange with a leaked prompt, or content alone
 *   in passing, must not contain anybody.
 * Benign look-alikes: a customer who tries somebody's prompt once; newcomers to a tool whose first users were a
 *   ring.
 * Evasion: cards of which most accounts never show a frame that several cards have in common; mixing in other
 *   traffic until the frame is under 30 % of an account that nothing else ties; old accounts, a prompt of its own
 *   for each card, and less than three requests a day that extract.
 */
#ifndef CAMPAIGN_GRADE_H
#define CAMPAIGN_GRADE_H

#include "campaign/hands.h"
#include "campaign/recall.h"

enum { GRADE_EXCHANGES = 3, GRADE_MATES = 3, GRADE_LIFE = 10 };

/* The families through which members of the group may be tied, as bits. */
unsigned grade_families(enum family found_by, const struct evidence evidence[static FAMILY_COUNT]);
/*
 * Somebody whom a confirmed campaign holds, not `except`, of no organisation and no open team, who is tied to the account
 * through these families; MAP_NONE: nobody.
 */
uint32_t grade_held_partner(const struct graph *graph, uint32_t account, uint32_t except, unsigned families);

/* Borrowed by the functions below. */
struct grade_input {
    const struct graph *graph;
    struct group *group;
    struct rings *identity;
    uint8_t *tied;                          /* by account index: grade_tied */
    const struct hands *hands;              /* of the group */
    uint8_t *inside;                        /* scratch by account index: all 0 on entry and exit */
    uint32_t *count;                        /* the same */
    uint32_t *shown;                        /* scratch by object index: the same */
    const struct account_profile *profiles; /* of firm members that are tracked, in the group's order */
    size_t n_profiles;
    struct recall *recall;
    bool (*active)(void *context, uint32_t account); /* as of hands_input */
    void *context;
};

/* Marks the firm members that live elsewhere; of a group that content found. Before grade_tied; input->tied is not read. */
void grade_elsewhere(const struct grade_input *input);
/*
 * Sets tied to 1 for members tied through these families (it must be all 0; the caller clears it by grade_clear). Returns
 * how many are tied; hands and profiles are not read. Cost: the accounts that show what members show.
 */
size_t grade_tied(const struct grade_input *input, unsigned families);
void grade_clear(const struct group *group, uint8_t *tied);
/* Grades every member of the group; how many are likely or core. */
size_t grade_group(const struct grade_input *input);

#endif
