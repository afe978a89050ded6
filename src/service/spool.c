#include "service/spool.h"

#include "service/lane.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { PATH_BYTES = 4096 };

struct refused {
    struct spool_refusal refusal;
    bool again, given; /* at this scan; by spool_next_refusal */
};

struct spool {
    char folder[PATH_BYTES - RING_NAME_MAX - 1];
    uint64_t key_check;
    struct lane lanes[STATE_RINGS_MAX]; /* by name */
    size_t n, chosen;                   /* chosen: whose entry spool_peek gave */
    uint8_t items[RING_ENTRY_MAX];      /* what spool_peek gave */
    struct refused refused[STATE_RINGS_MAX];
    size_t n_refused;
    struct spool_stats stats;
};

enum status spool_new(const char *folder, uint64_t key_check, struct spool **ret_spool)
{
    enum status st = STATUS_OK;
    struct spool *spool = calloc(1, sizeof *spool);
    REQUIRE(spool, STATUS_NOMEM);
    spool->key_check = key_check;
    REQUIRE(snprintf(spool->folder, sizeof spool->folder, "%s", folder) < (int)sizeof spool->folder,
        STATUS_TOO_BIG);
    *ret_spool = spool;
    return STATUS_OK;
fail:
    free(spool);
    return st;
}

void spool_free(struct spool *spool)
{
    if (!spool)
        return;
    for (size_t i = 0; i < spool->n; i++)
        lane_close(&spool->lanes[i]);
    free(spool);
}

static void path_of(const struct spool *spool, const char *name, char ret_path[static PATH_BYTES])
{
    snprintf(ret_path, PATH_BYTES, "%s/%s", spool->folder, name);
}

static bool is_ring_name(const char *name)
{
    size_t n = strlen(name);
    return n > 5 && n <= RING_NAME_MAX && name[0] != '.' && strcmp(name + n - 5, ".ring") == 0;
}

static void let_go(struct spool *spool, size_t i)
{
    lane_close(&spool->lanes[i]);
    spool->n--;
    memmove(&spool->lanes[i], &spool->lanes[i + 1], (spool->n - i) * sizeof *spool->lanes);
}

/* Rings that are read to their end or were cut off: without a producer they are removed; what has lost its name is forgotten. */
static void drop_finished(struct spool *spool)
{
    for (size_t i = spool->n; i-- > 0;)
        if (lane_finished(&spool->lanes[i])) {
            spool->stats.damaged += spool->lanes[i].broken;
            let_go(spool, i);
        }
}

static struct refused *refused_of(struct spool *spool, const char *name)
{
    for (size_t i = 0; i < spool->n_refused; i++)
        if (strcmp(spool->refused[i].refusal.name, name) == 0)
            return &spool->refused[i];
    if (spool->n_refused == STATE_RINGS_MAX)
        return NULL;
    struct refused *refused = &spool->refused[spool->n_refused++];
    *refused = (struct refused){ .given = false };
    snprintf(refused->refusal.name, sizeof refused->refusal.name, "%s", name);
    return refused;
}

static void refuse(struct spool *spool, const char *name, const struct diag *diag)
{
    struct refused *refused = refused_of(spool, name);
    spool->stats.refused++;
    if (!refused)
        return;
    refused->again = true;
    refused->given &= strcmp(refused->refusal.reason, diag->reason) == 0;
    snprintf(refused->refusal.reason, sizeof refused->refusal.reason, "%s", diag->reason);
}

/* What is refused no more, so that it is named again if it is. */
static void forget_refused(struct spool *spool)
{
    size_t n = 0;
    for (size_t i = 0; i < spool->n_refused; i++)
        if (spool->refused[i].again) {
            spool->refused[n] = spool->refused[i];
            spool->refused[n++].again = false;
        }
    spool->n_refused = n;
}

bool spool_next_refusal(struct spool *spool, struct spool_refusal *ret_refusal)
{
    for (size_t i = 0; i < spool->n_refused; i++)
        if (!spool->refused[i].given) {
            spool->refused[i].given = true;
            *ret_refusal = spool->refused[i].refusal;
            return true;
        }
    return false;
}

static void attach(struct spool *spool, const char *name, const struct service_state *saved)
{
    char path[PATH_BYTES];
    struct lane lane;
    struct diag diag = { 0 };
    size_t i = spool->n;
    path_of(spool, name, path);
    enum status st = STATUS_FULL;
    if (spool->n == STATE_RINGS_MAX)
        diag_set(&diag, "", "there are too many rings");
    else
        st = lane_open(path, spool->key_check, state_find(saved, name), &lane, &diag);
    if (st == STATUS_NEED_MORE || (st == STATUS_IO && errno == ENOENT))
        return;
    if (st != STATUS_OK) {
        refuse(spool, name, &diag);
        return;
    }
    for (; i > 0 && strcmp(spool->lanes[i - 1].name, name) > 0; i--)
        spool->lanes[i] = spool->lanes[i - 1];
    spool->lanes[i] = lane;
    snprintf(spool->lanes[i].name, sizeof spool->lanes[i].name, "%s", name);
    spool->n++;
}

static bool is_attached(const struct spool *spool, const char *name)
{
    for (size_t i = 0; i < spool->n; i++)
        if (strcmp(spool->lanes[i].name, name) == 0)
            return true;
    return false;
}

enum status spool_scan(struct spool *spool, const struct service_state *saved, struct diag *diag)
{
    enum status st = STATUS_OK;
    drop_finished(spool);
    spool->stats.refused = 0;
    if (diag)
        diag->file = spool->folder;
    DIR *dir = opendir(spool->folder);
    REQUIRE(dir, STATUS_IO);
    for (const struct dirent *entry; (entry = readdir(dir));) // NOLINT(concurrency-mt-unsafe)
        if (is_ring_name(entry->d_name) && !is_attached(spool, entry->d_name))
            attach(spool, entry->d_name, saved);
    closedir(dir);
    forget_refused(spool);
    return STATUS_OK;
fail:
    diag_set(diag, "", "%s", strerror(errno));
    return st;
}

/* NULL: nothing waits. */
static struct lane *first(struct spool *spool, struct lane_losses *losses)
{
    struct lane *best = NULL;
    for (size_t i = 0; i < spool->n; i++) {
        struct lane *lane = &spool->lanes[i];
        if (lane_look(lane, losses) && (!best || lane->time_ms < best->time_ms))
            best = lane;
    }
    return best;
}

enum status spool_peek(struct spool *spool, struct span *ret_items)
{
    struct lane_losses losses = { 0 };
    struct lane *lane = first(spool, &losses);
    while (lane && !lane_copy(lane, spool->items))
        lane = first(spool, &losses);
    spool->stats.damaged += losses.damaged;
    spool->stats.lost_bytes += losses.bytes;
    if (!lane)
        return STATUS_END;
    spool->chosen = (size_t)(lane - spool->lanes);
    *ret_items = (struct span){ (const char *)spool->items, lane->items.n };
    return STATUS_OK;
}

void spool_take(struct spool *spool)
{
    lane_take(&spool->lanes[spool->chosen]);
    spool->stats.entries++;
}

void spool_rewind(struct spool *spool)
{
    for (size_t i = 0; i < spool->n; i++)
        lane_rewind(&spool->lanes[i]);
}

void spool_keep(struct spool *spool)
{
    for (size_t i = 0; i < spool->n; i++)
        spool->lanes[i].kept = spool->lanes[i].at;
}

static bool is_there(const struct spool *spool, const char *name)
{
    char path[PATH_BYTES];
    struct stat info;
    path_of(spool, name, path);
    return stat(path, &info) == 0;
}

void spool_places(struct spool *spool, const struct service_state *saved, struct service_state *ret_state)
{
    size_t n = 0;
    for (size_t i = 0; i < spool->n; i++) {
        struct lane *lane = &spool->lanes[i];
        struct ring_mark *mark = &ret_state->rings[n];
        memcpy(mark->name, lane->name, sizeof mark->name);
        n += lane_place(lane, &mark->place);
    }
    for (size_t i = 0; i < saved->n && n < STATE_RINGS_MAX; i++)
        if (!is_attached(spool, saved->rings[i].name) && is_there(spool, saved->rings[i].name))
            ret_state->rings[n++] = saved->rings[i];
    ret_state->n = n;
}

void spool_release(struct spool *spool)
{
    for (size_t i = 0; i < spool->n; i++)
        lane_release(&spool->lanes[i]);
}

void spool_stats(struct spool *spool, struct spool_stats *ret_stats)
{
    struct ring_stats stats;
    *ret_stats = spool->stats;
    ret_stats->rings = (unsigned)spool->n;
    for (size_t i = 0; i < spool->n; i++) {
        if (!lane_stats(&spool->lanes[i], &stats))
            continue;
        ret_stats->dropped += stats.dropped;
        ret_stats->waiting_bytes += stats.head > spool->lanes[i].at ? stats.head - spool->lanes[i].at : 0;
    }
}
