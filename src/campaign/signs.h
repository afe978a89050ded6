/*
 * signs.h: what does an account show of a campaign that does not hold it yet?
 *
 * Model: a *sign* is a watched frame of which half the users are held, or work that moved between the account and one who
 *   is held: a returned turn, a refused task. One sign says little: prompts are tried and passed on, and common tasks meet. An
 *   account is of a *lot* of the campaign's if three who share a card or device, it and two others, bear signs, and one of these bears one that it does
 *   not bear, nor the other its own: a company in whose own prompt six words are the operator's has one such frame, not two; two people who share
 *   a card are never three.
 * Benign look-alikes: a customer who tries a leaked prompt bears a sign; a household of three who try two of them would be
 *   a lot. Members of organisations count for nobody, nor do those of a hand with a mail domain of its own: of a small firm
 *   three will have said what an operator says as well; what they are, groups tell (tied.h).
 * Evasion: one account a card, one wording for all accounts of a card, or a mail domain for each card.
 * Cost: the frames and strong ties of the account; for a lot those of whoever shares its cards and devices.
 */
#ifndef CAMPAIGN_SIGNS_H
#define CAMPAIGN_SIGNS_H

#include "campaign/track.h"

enum { SIGNS_SAMPLE = 256, SIGNS_LOT = 3 };

struct sign {
    uint32_t campaign; /* confirmed; MAP_NONE: it is none */
    bool direct;       /* work that moved, not a frame */
    uint32_t with;     /* the frame; if direct: who is held */
};

/* Of the frame's users, the share that is held; of many every so-manyth is asked. */
double signs_share_held(const struct graph *graph, uint32_t frame);
/* The confirmed campaign that holds the account; MAP_NONE: none does. */
uint32_t signs_holder(const struct graph *graph, const struct tracker *tracker, uint32_t account);
struct sign signs_frame(const struct graph *graph, const struct tracker *tracker, uint32_t frame);
/* Its first frame that is one, else its first strong direct tie. */
struct sign signs_of(const struct graph *graph, const struct tracker *tracker, uint32_t account);
bool signs_same_pool(const struct tracker *tracker, uint32_t a, uint32_t b);
/* Whether the account, which bears this sign, is of a lot of that campaign's. */
bool signs_lot(
    const struct graph *graph, const struct tracker *tracker, uint32_t account, const struct sign *own);
#endif
