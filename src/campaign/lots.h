/*
 * lots.h: what do the cards of an account say about it before it has sent anything?
 *
 * Model: an operator buys accounts in lots of one card or device. The account's *hand* is whoever shows a card or device of
 *   it, and whoever shows one of theirs (a device leads to the card of the next). Of the hand, those are *known* whom
 *   a campaign that cards carry holds, or asked, and who show a frame of it; *busy* who have sent LOTS_BUSY exchanges and
 *   are not held. A lot is *burnt* if somebody is known and no more are busy: the next of it is asked who it is. It is
 *   *closed* if LOTS_HOLD are known and held and nobody is busy: who does not answer is contained. Under the null a card says
 *   nothing: who shares one shows a rare frame as well with the policy's chance for relatives, 0.2, six of six with 6 10^-5.
 *   A lot is *young* if LOTS_YOUNG accounts or more are of it, and none of them sent anything before the campaign was
 *   detected, or the first that it goes on from: whoever was stopped buys anew. Of a young lot all are asked as soon as
 *   one shows a frame of the campaign, however busy they are with other things.
 * Source: our own; campaigns.md on successors. Several begin with a frame that is the campaign's own: arrivals.h.
 * Memory: none of its own.
 * Benign look-alikes: colleagues of somebody who begins with a leaked prompt, relatives of one who works for an operator: most
 *   teams have two who are busy; a firm that signs up while a campaign is contained, and uses a prompt most of whose users
 *   are, is asked. Nobody of a declared organisation or an open team is known.
 * Evasion: a card and a device for each account; lots that are kept for later, and send other people's requests meanwhile.
 * Cost: the users of two steps of cards and devices, GRAPH_JOIN_MEMBERS_MAX at most, and the frames that these show.
 */
#ifndef CAMPAIGN_LOTS_H
#define CAMPAIGN_LOTS_H

#include "campaign/track.h"

enum { LOTS_HOLD = 6, LOTS_BUSY = 3, LOTS_YOUNG = 6 };

struct lot {
    uint32_t campaign;          /* of those who are known; MAP_NONE: nobody is */
    uint32_t asked, held, busy; /* asked and held: those who are known */
    bool young;                 /* with itself */
};

/* Of the account's hand, without itself. */
struct lot lots_of(const struct graph *graph, const struct tracker *tracker,
    const struct campaign_source *source, uint32_t account);
/* Whether the account's lot, itself included, is young as that campaign sees it, whether anybody is known or not. */
bool lots_are_young(const struct graph *graph, const struct tracker *tracker,
    const struct campaign_source *source, uint32_t account, uint32_t campaign);
bool lots_burnt(const struct lot *lot);
bool lots_closed(const struct lot *lot);
/* Whether it shows a frame that a confirmed campaign was found by; system prompts and tools are anybody's. */
bool lots_begun(const struct graph *graph, uint32_t account);

#endif
