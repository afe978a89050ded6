/*
 * service.h: the engine behind the gateway: records out of the rings, decisions into the table, crash-safe.
 *
 * Model: a *round* takes what waits in the rings, in order, appends it to the journal in blocks, gives each block to the
 *   engine, syncs the journal, and commits in one transaction of the table the journal's end, the place in every ring and
 *   the decisions taken; only then it gives the rings back. After a kill at any instant the journal is cut to its
 *   committed end, the engine is made anew by replaying it, and reading goes on at the committed places: no entry that
 *   ring_append acknowledged is lost or taken twice, and the decisions are those of a run that was never disturbed
 *   (engine.h: the same records, however they are cut). Decisions that come out of the replay are in the table already.
 *   docs/decisions/017-a-journal-instead-of-a-snapshot.md
 *
 * While a journal is replayed rounds go on without the engine: rings are emptied into the journal, whose end the replay comes
 * to; the table knows up to where what was decided is in it (state.h).
 *
 * Another policy is a block of the journal like records are, so that a replay takes it where the live run did.
 * Shapes: the state folder: lock, table/, spool/NAME.ring, journal/. Times in ms since 1970 UTC, from the caller.
 * Memory: engine_budget and engine_growth, 2 MiB of buffers, and what publish.h and spool.h say.
 * Errors: service_open: with diag. service_round: STATUS_OK also when disk or table refused a write: it is counted as
 *   stalled, nothing is lost, the next round tries again, meanwhile rings fill. STATUS_IO when a sync failed, STATUS_NOMEM:
 *   leave and start again. A damaged journal is not passed over (service_replay: STATUS_BAD), nor is a damaged table
 *   (service_open, service_round: STATUS_BAD): what the journal has not is in the rings still.
 * Cost: a restart replays 1.0 million records in about 2 s on two cores (docs/service.md); a round without
 *   news costs a look at every ring.
 * Order of calls: service_open, service_replay until STATUS_END, with service_round between its calls now and then, (service_round,
 *   service_reload)*, service_close.
 * Threads: one caller; config.n_threads inside.
 */
#ifndef SERVICE_SERVICE_H
#define SERVICE_SERVICE_H

#include "engine/engine.h"
#include "service/spool.h"

struct service;

struct service_config {
    const char *state;     /* folder, made if it is missing */
    const char *policy;    /* file; NULL: the default */
    const struct key *key; /* borrowed */
    unsigned n_threads;    /* these three as in engine_config */
    uint32_t accounts_max;
    size_t issued_bytes;
    size_t table_bytes;   /* address space of the table; 0: its default */
    int64_t retention_ms; /* records older by clock and events are dropped from the journal; 0: 45 days */
};

struct service_stats {
    struct engine_stats engine; /* since the journal's beginning */
    struct spool_stats spool;
    uint64_t starts, rounds, commits, stalled;
    uint64_t bad_entries;                  /* that no record can be decoded from; dropped */
    uint64_t replayed;                     /* records, at this start */
    uint64_t journal_bytes, journal_total; /* now; that this start replays */
    unsigned journal_segments;
    uint64_t published[ACTION_COUNT], unnamed, swept; /* rows written, since this start */
    uint64_t campaigns;                               /* confirmed */
    uint64_t policies, policies_refused;              /* taken and refused since this start */
    bool ready;                                       /* the journal is replayed */
};

/*
 * Whether service_open would find policy, folder, table and journal as it needs them; touches nothing, and may be asked beside a
 * service that runs. diag's file is the policy or the state folder, its field what of that. Guard faults before (base/fault.h).
 */
MUST_CHECK enum status service_check(const struct service_config *config, struct diag *diag);
MUST_CHECK enum status service_open(
    const struct service_config *config, int64_t now_ms, struct service **ret_service, struct diag *diag);
void service_close(struct service *service);
/* A block of the journal into the engine. STATUS_END: all is, and the policy is the file's again. */
MUST_CHECK enum status service_replay(struct service *service, struct diag *diag);
/* The next round looks for new rings before it reads any: of a worker that began less than a second ago none is known. */
void service_look_anew(struct service *service);
/* *ret_more: more waited than a round takes. diag says what stalled it, if its reason is set. */
MUST_CHECK enum status service_round(
    struct service *service, int64_t now_ms, bool *ret_more, struct diag *diag);
/* Reads the policy's file again. STATUS_BAD with the place: the policy stays as it is. */
MUST_CHECK enum status service_reload(struct service *service, struct diag *diag);
/* A ring that is refused and was not named yet (spool.h). */
bool service_next_refusal(struct service *service, struct spool_refusal *ret_refusal);
void service_stats(const struct service *service, struct service_stats *ret_stats);
const struct engine *service_engine(const struct service *service);

#endif
