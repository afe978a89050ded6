/* service_state.h: what a service holds, for service.c (opening, policy, counts), check.c, rebuild.c and round.c. */
#ifndef SERVICE_SERVICE_STATE_H
#define SERVICE_SERVICE_STATE_H

#include "service/publish.h"
#include "service/service.h"

enum { SERVICE_PATH = 4096, SERVICE_BLOCK = 1 << 20, SERVICE_BLOCK_RECORDS = 16384 };

struct service {
    struct service_config config;
    char journal_folder[SERVICE_PATH], spool_folder[SERVICE_PATH];
    char fault_file[SERVICE_PATH]; /* diag borrows it */
    int lock;
    struct table *table;
    struct journal *journal;
    struct journal_reader *reader; /* while it replays */
    struct spool *spool;
    struct engine *engine; /* NULL until a policy was read */
    struct policy *policy;
    struct buffer policy_text; /* as it was journaled last */
    struct publisher publisher;
    struct record_batch *batch;
    uint8_t *block; /* SERVICE_BLOCK + RING_ENTRY_MAX bytes */
    struct service_state committed, next;
    struct journal_place
        decided; /* the engine took the journal up to there; what it decided is published or waits */
    struct journal_place known_until; /* of this start: decisions up to there are in the table already */
    bool silent;                      /* the engine is being told what it knew */
    int64_t scanned_ms, cleaned_ms, swept_ms;
    int64_t now_ms; /* by the clock, of the last round */
    bool dirty;     /* something is to be committed */
    struct service_stats stats;
};

/* Takes the policy in that text: makes the engine, or goes on with it. Nothing where it is the one in force. */
MUST_CHECK enum status service_take_policy(struct service *service, struct span text, struct diag *diag);
MUST_CHECK enum status service_journal_policy(struct service *service, struct span text);
/* Both: journals the text and takes it. */
MUST_CHECK enum status service_change_policy(struct service *service, struct span text, struct diag *diag);
MUST_CHECK enum status service_read_policy(
    const struct service_config *config, struct span *ret_text, struct diag *diag);
MUST_CHECK enum status service_check_policy(
    const struct service_config *config, struct span text, struct diag *diag);
/* In the state folder. */
MUST_CHECK enum status service_path(
    const struct service_config *config, const char *name, char ret_path[static SERVICE_PATH]);
/* What the table has of it, in a reading that was begun; stays as it is where there is none yet. */
MUST_CHECK enum status service_known(struct table *table, struct service_state *ret_state, struct diag *diag);
/*
 * Syncs the journal and commits. STATUS_FULL: the table would not take it, nothing is lost, to be tried again; STATUS_BAD: the
 * table is damaged; STATUS_IO: the journal could not be synced.
 */
MUST_CHECK enum status service_commit(struct service *service, struct diag *diag);
/* A reading or writing of it has ended in a fault: nobody touches it any more. STATUS_BAD, and says so. */
MUST_CHECK enum status service_lost_table(struct service *service, struct diag *diag);
/* diag->file is a copy that lives as long as the service. */
void service_keep_fault(struct service *service, struct diag *diag);

#endif
