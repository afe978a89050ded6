/*
 * lane.h: one ring that is read, whoever else may write to its file.
 *
 * Model: a place up to which entries were taken, one up to which they are kept, one up to which they were given back. Every
 *   reading of the map is guarded (base/fault.h): a file that is cut off under it breaks the lane, which then has nothing more
 *   to give until the spool lets go of it.
 * Ownership: the ring, until lane_close. Entries borrow from the map, which another process may change: take copies by lane_copy.
 * Errors: lane_open: as ring_attach, and STATUS_BAD where the file was cut off meanwhile.
 * Cost: as ring_read; a guard costs 20 ns.
 */
#ifndef SERVICE_LANE_H
#define SERVICE_LANE_H

#include "service/state.h"

struct lane {
    struct ring *ring;
    char name[RING_NAME_MAX + 1];
    uint64_t at, kept, released; /* taken; kept; given back */
    uint64_t next;               /* behind the entry that waits */
    struct span items;           /* of it, in the map */
    int64_t time_ms;             /* of its first record */
    bool waits;                  /* an entry was read and not taken */
    bool broken;                 /* its file was cut off */
};

/* What was passed over on the way to an entry. */
struct lane_losses {
    uint64_t damaged, bytes;
};

/* Reads on at the saved place, or at the ring's own where saved is NULL, and gives back what lies before it. */
MUST_CHECK enum status lane_open(const char *path, uint64_t key_check, const struct ring_place *saved,
    struct lane *ret_lane, struct diag *diag);
void lane_close(struct lane *lane);
/* Whether an entry waits; looks for one behind whatever is damaged. */
bool lane_look(struct lane *lane, struct lane_losses *io_losses);
/* The entry that waits, into RING_ENTRY_MAX bytes; false: the file was cut off. */
bool lane_copy(struct lane *lane, uint8_t *ret_bytes);
void lane_take(struct lane *lane);
void lane_rewind(struct lane *lane);
void lane_release(struct lane *lane);
/* False: the lane is broken, and there is none. */
bool lane_place(struct lane *lane, struct ring_place *ret_place);
bool lane_stats(struct lane *lane, struct ring_stats *ret_stats);
/* Whether there is nothing more to come; removes a file that has no producer. Also of a broken lane. */
bool lane_finished(struct lane *lane);

#endif
