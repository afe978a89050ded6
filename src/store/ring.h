/*
 * ring.h: records on their way from a worker of the gateway to the service: a file that both map.
 *
 * Model: one producer, which holds the file's lock (flock) while it lives, and one consumer. Places count bytes since
 *   the file was made and never go back. The producer writes an entry behind `head`, then moves head (release); the
 *   consumer moves `tail` when what it read is safe elsewhere. A producer that is killed leaves whole entries: who opens
 *   the file next goes on behind them. The data area is mapped twice in a row, so that no entry is ever cut in two.
 * Shapes: a head of RING_HEAD_BYTES, then a power of two of data. An entry is {length u32, check u32}, the items of
 *   record/codec.h, zeros up to a multiple of 8; the check is XXH3 seeded with the entry's place, so that one of an
 *   earlier lap does not pass. In the machine's own byte order: both ends are on one machine.
 * Memory: the file, allocated when it is made, so that a full disk is met then and not by a write to memory.
 * Ownership: ring_read's items borrow from the map until they are released; another process may write there, so decode a
 *   copy. Whoever reads copes with any bytes.
 * Errors: ring_open: STATUS_IO with errno EWOULDBLOCK: another process holds it; STATUS_MISMATCH: made under another
 *   secret or by another version. A damaged file is moved to PATH.corrupt, over an earlier one, and a new one made.
 *   ring_attach: STATUS_NEED_MORE: not made to its end yet; STATUS_BAD: damaged. After a loss of power entries that were
 *   not read may be lost; none is read twice.
 * Cost: an append of 400 bytes 50 ns, of which copying them alone is 31 (bench/ring_bench.c).
 * Order of calls: ring_open after the fork, (ring_append)*, ring_close; ring_attach, ring_resume, (ring_read)*,
 *   ring_release, ring_detach. Several producers that live briefly take turns on one file: on EWOULDBLOCK wait and
 *   open again.
 * Threads: one a handle.
 */
#ifndef STORE_RING_H
#define STORE_RING_H

#include "base/diag.h"
#include "base/span.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RING_HEAD_BYTES = 1 << 16, RING_ENTRY_MAX = 1 << 15, RING_BYTES_MIN = 1 << 17 };
#define RING_BYTES_MAX ((uint64_t)1 << 32)

struct ring;

/* What a consumer keeps of where it is, so that it goes on there after a restart. */
struct ring_place {
    uint64_t birth;    /* tells a file from one that had its name before */
    uint64_t openings; /* by producers, when the place was taken */
    uint64_t at;
};

struct ring_stats {
    uint64_t written, dropped; /* entries since the file was made */
    uint64_t head, tail, capacity;
};

/*
 * bytes is rounded up to a power of two within the limits above; a file that is there keeps its size until all in it was
 * read.
 */
MUST_CHECK enum status ring_open(
    const char *path, uint64_t bytes, uint64_t key_check, struct ring **ret_ring, struct diag *diag);
/* Whether so many bytes of items go in now: asking is not counted. */
bool ring_has_room(struct ring *ring, size_t bytes);
/* Never waits. False, and counted, when there is no room, or items are none or more than RING_ENTRY_MAX bytes. */
bool ring_append(struct ring *ring, struct span items);
void ring_close(struct ring *ring);

MUST_CHECK enum status ring_attach(
    const char *path, uint64_t key_check, struct ring **ret_ring, struct diag *diag);
/* Where to read on: at the saved place, or at the tail where nothing was saved (saved NULL, or another file's). */
uint64_t ring_resume(const struct ring *ring, const struct ring_place *saved);
/*
 * One entry. STATUS_END: nothing new. STATUS_MISMATCH: the entry is damaged; *ret_next is then the head, and what lies
 * between is lost.
 */
MUST_CHECK enum status ring_read(
    const struct ring *ring, uint64_t from, struct span *ret_items, uint64_t *ret_next);
/* What is to be saved with having read up to there; take it after the last ring_read. */
struct ring_place ring_place_at(const struct ring *ring, uint64_t at);
/* Gives everything before upto back to the producer. */
void ring_release(struct ring *ring, uint64_t upto);
/* Whether the path now names another file, or none: read this one to its end and attach again. */
bool ring_replaced(const struct ring *ring);
/* Removes the file if no producer holds it and all up to `at` is all there is; true if it is gone. */
bool ring_remove(struct ring *ring, uint64_t at);
void ring_detach(struct ring *ring);

void ring_stats(const struct ring *ring, struct ring_stats *ret_stats);

#endif
