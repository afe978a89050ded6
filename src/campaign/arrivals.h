/*
 * arrivals.h: who takes up a confirmed campaign where it was stopped, looked at in every tick.
 *
 * Model: between two epochs nothing new is found, but somebody new may show what a confirmed campaign is known by. Such
 *   an account is held at once if two families say the same, as they must for the campaign itself: it bears a sign of it
 *   (signs.h), a frame of which half the users are held already, or work that moved; and it shares a card or device, or, if a
 *   frame is its sign, hangs in a returned turn, with one whom the same campaign holds, through a family that carries it,
 *   where that makes three: it has two such partners, or its partner has another; or, where cards carry the campaign,
 *   somebody with the same card bears another sign. Who has no such partner, but shows, among its first ARRIVALS_FIRST exchanges, a frame that
 *   hardly anybody shows who is not held, is halo: the first account of a new lot, or somebody who got hold of the
 *   prompt; the twentieth part of the frame's users, at most. Such a frame has ARRIVALS_USERS users, fewer if it is more
 *   specific than six words. An account whose cards say that it is the next of a lot (lots.h), and which has sent no more
 *   than ARRIVALS_FIRST exchanges, is halo before it sends anything; of a young lot all are halo once one shows such a frame, whatever else they sent; three of a lot that show the frame are held; and of a closed lot
 *   whoever was asked ARRIVALS_WAIT_MS ago and has sent less than LOTS_BUSY exchanges. Everybody else waits for the next epoch.
 * Source: our own; campaigns.md on successors (a stand-by pool takes up the work within minutes).
 * Memory: none of its own; the graph remembers who arrived.
 * Benign look-alikes: a member of a declared organisation or an open team is never held here, nor does a tie with one
 *   count; who is known to be of a hand with a mail domain of its own is left to the epoch, but in a burnt lot; who tries a
 *   leaked prompt once has no partner, and is asked at most if it begins with that; a new account of a relative of a member
 *   is asked.
 * Cost: that of lots.h, of the account's strong objects, and SIGNS_SAMPLE users of each frame.
 */
#ifndef CAMPAIGN_ARRIVALS_H
#define CAMPAIGN_ARRIVALS_H

#include "campaign/track.h"

#define ARRIVALS_WAIT_MS (INT64_C(24) * 3600 * 1000)
enum { ARRIVALS_USERS = 60, ARRIVALS_FIRST = 10 };

struct arrival {
    uint32_t campaign;          /* confirmed; MAP_NONE: the account joins none */
    enum membership membership; /* likely; halo: it is asked who it is */
    bool young;                 /* with all of its lot: lots.h */
};
struct arrival arrivals_place(const struct graph *graph, const struct tracker *tracker,
    const struct campaign_source *source, uint32_t account, int64_t now_ms);

/* Marks the account as held, and its cards and devices as what such an account is known by. */
void arrivals_watch(struct graph *graph, uint32_t account);
/* Its cards and devices are what one is known by who was asked. */
void arrivals_burn(struct graph *graph, uint32_t account);
/* Those who were asked ARRIVALS_WAIT_MS ago arrive again: what speaks against them may have grown. */
MUST_CHECK enum status arrivals_wait(struct graph *graph, const struct tracker *tracker, int64_t now_ms);
/* Those who share cards or devices with it arrive, with what they showed before. */
MUST_CHECK enum status arrivals_follow(struct graph *graph, uint32_t account);

#endif
