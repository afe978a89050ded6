/*
 * spool.h: all rings of a folder as one stream of entries.
 *
 * Model: every *.ring of the folder is read, whoever writes it; entries come in the order of their first record's time,
 *   then of the rings' names, as far as they are there. Whatever was taken can be taken back until it is kept
 *   (spool_rewind), and is given back to the producers only when it is committed elsewhere (spool_release).
 * Memory: STATE_RINGS_MAX rings; more are counted as refused until one goes; as many refusals, more are counted and not
 *   named; one entry.
 * Errors: a ring that cannot be read is counted and looked at again at the next scan; a damaged entry is counted, and what
 *   lies behind it up to the ring's head is lost; a ring that is cut off is damaged, and let go of at the next scan. None
 *   stops the others.
 * Order of calls: spool_new, spool_scan now and then, (spool_peek, spool_take)*, spool_keep, spool_places, commit,
 *   spool_release.
 */
#ifndef SERVICE_SPOOL_H
#define SERVICE_SPOOL_H

#include "service/state.h"

struct spool;

struct spool_stats {
    uint64_t entries;        /* taken */
    uint64_t damaged;        /* places where a ring could not be read */
    uint64_t lost_bytes;     /* behind them */
    uint64_t dropped;        /* by producers whose ring was full, of the rings that are there */
    uint64_t waiting_bytes;  /* written and not taken */
    unsigned rings, refused; /* attached; not attachable at the last scan */
};

struct spool_refusal {
    char name[RING_NAME_MAX + 1], reason[160];
};

MUST_CHECK enum status spool_new(const char *folder, uint64_t key_check, struct spool **ret_spool);
void spool_free(struct spool *spool);
/*
 * Attaches what is new, from the place in `saved`; lets go of what was read to its end and has no producer, and removes
 * its file.
 */
MUST_CHECK enum status spool_scan(struct spool *spool, const struct service_state *saved, struct diag *diag);

/* The next entry, borrowed until the next call. STATUS_END: nothing is there now. */
MUST_CHECK enum status spool_peek(struct spool *spool, struct span *ret_items);
void spool_take(struct spool *spool);
/* What was taken since the last spool_keep comes again. */
void spool_rewind(struct spool *spool);
void spool_keep(struct spool *spool);
/* Where everything up to the last spool_keep ends; files of `saved` that are there and not attached stay as they are. */
void spool_places(struct spool *spool, const struct service_state *saved, struct service_state *ret_state);
void spool_release(struct spool *spool);
/* Each ring that was refused once, while its reason stays; false: there is none that was not given yet. */
bool spool_next_refusal(struct spool *spool, struct spool_refusal *ret_refusal);
void spool_stats(struct spool *spool, struct spool_stats *ret_stats);

#endif
