/*
 * mates.h: who else is of a hand that a campaign holds?
 *
 * Model: a hand (rings.h) is the campaign's if that holds MATES_HELD of its accounts, and one in MATES_OF. Whoever else is of
 *   it was bought with them, though it may never show what the campaign is known by: nine tenths of what it sends may be
 *   other people's, its frame may be worded for it alone. Likely, once it has sent MATES_SENT exchanges, is who shares a
 *   device with one who is held, or, where its card is *burnt*, shown by MATES_HELD who are held, with one who shows that
 *   card as well. It is waited for no longer MATES_WAIT_MS after the campaign was detected, when operators on one pool would
 *   have been told apart, and were not, and MATES_ASKED_MS after it was asked. Others are halo: cards are stolen, and their
 *   owners are customers; and who sends nothing but the frame shows it soon, and whose it is. Only of campaigns that were
 *   tested by cards and devices.
 * Memory: none of its own.
 * Errors: STATUS_NOMEM: some of them joined.
 * Cost: O(accounts), and the users of the cards and devices of hands that are partly held.
 * Benign look-alikes: the owner of a stolen card is asked who it is; members of declared organisations and of open teams are
 *   left alone. A household of which three were held by mistake would be held as one.
 * Evasion: a card and a device an account; less than a quarter of a lot that ever extracts.
 */
#ifndef CAMPAIGN_MATES_H
#define CAMPAIGN_MATES_H

#include "campaign/rings.h"
#include "campaign/track.h"

#define MATES_WAIT_MS (INT64_C(96) * 3600 * 1000)
#define MATES_ASKED_MS (INT64_C(24) * 3600 * 1000)
enum { MATES_HELD = 3, MATES_OF = 4, MATES_SENT = 3 };

struct mates_input {
    struct graph *graph;
    struct rings *identity;
    struct tracker *tracker;
    const struct campaign_source *source;
    uint32_t *count; /* scratch by account index: all 0 on entry and exit */
};

/* After the rings were updated; those who are likely are watched from now on. */
MUST_CHECK enum status mates_take(const struct mates_input *input, int64_t now_ms);

#endif
