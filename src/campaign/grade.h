/*
 * grade.h: who of a group is held by more than the frame that found it?
 *
 * Model: a firm member is *living off the frame* if its own commonest frame is one of the group's, in at least 3
 *   exchanges and 30 % of them. Core: that, and tied (tied.h).
 *   It lives *elsewhere* if it is established (sighting.h), or its hand shows a mail domain of its own, it has sent
 *   GRADE_LIFE exchanges, of which 30 % show a frame that nobody but its own hand shows, none of its hand lives off
 *   the group's, and what it shows of the group's is something that users of it say less than once in eight of its
 *   hours: a small company with one card, some of whose prompts begin as the operator's do. It is neither held nor
 *   a partner.
 *   Likely: tied; or living off a frame that is the operator's alone. That it is where nine tenths of those who use it are
 *   tied or held, it is nothing that is copied, and the account hangs in a strong tie itself; or, where frames were not merged,
 *   where those whom members share cards with nearly all use it, if that says anything (evidence.h): ten of them, or six by the cards of three hands. Of an account that hangs in
 *   no strong tie this holds only if two thirds of those who do live off the frames as well (three at least, or ten
 *   where some are held already): what the operator's accounts send besides is somebody's everyday prompt. Of the others,
 *   who shares a card with tied members is halo, and so is who has nothing in common with anybody, but has lived for a week
 *   off a frame that strangers have shown as long and that is the operator's alone by the nine tenths above: a public one
 *   gets other users meanwhile. mates.h says it of those in no group. One exchange with a leaked prompt, or content
 *   alone in passing, must not contain anybody.
 * Benign look-alikes: a customer who tries somebody's prompt once; newcomers to a tool whose first users were a
 *   ring; people with two accounts who live off a prompt that an operator uses too.
 * Evasion: giving a third of those who share cards something else to live off, which frees those who share none; mixing in other traffic until the frame is under 30 % of an account that nothing else ties; old accounts, a
 *   prompt of its own for each card, and less than three requests a day that extract.
 */
#ifndef CAMPAIGN_GRADE_H
#define CAMPAIGN_GRADE_H

#include "campaign/hands.h"
#include "campaign/recall.h"

enum { GRADE_EXCHANGES = 3, GRADE_MATES = 3, GRADE_LIFE = 10 };

/* Borrowed by the functions below, and by those of tied.h. */
struct grade_input {
    const struct graph *graph;
    struct group *group;
    struct rings *identity;
    uint8_t *tied;                          /* by account index: tied_mark */
    const struct hands *hands;              /* of the group */
    uint8_t *inside;                        /* scratch by account index: all 0 on entry and exit */
    uint32_t *count;                        /* the same */
    uint32_t *shown;                        /* scratch by object index: the same */
    const struct account_profile *profiles; /* of firm members that are tracked, in the group's order */
    size_t n_profiles;
    struct recall *recall;
    bool (*active)(void *context, uint32_t account); /* as of hands_input */
    void *context;
    double accounts; /* active ones, in the group or not */
};

/* What is counted of the account's hand. */
static inline uint32_t *grade_of_hand(const struct grade_input *input, uint32_t account)
{
    return &input->count[hands_of(input->graph, input->identity, account)];
}
/* Of all members' hands. */
void grade_clear_hands(const struct grade_input *input);

/* Marks the firm members that live elsewhere; of a group that content found. Before tied_mark; input->tied is not read. */
void grade_elsewhere(const struct grade_input *input);
/* Grades every member of the group; how many are likely or core. */
size_t grade_group(const struct grade_input *input);

#endif
