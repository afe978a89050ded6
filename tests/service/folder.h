/* folder.h: a temporary state folder, and records of tests/engine/world.h as a worker of the gateway appends them. */
#ifndef TESTS_SERVICE_FOLDER_H
#define TESTS_SERVICE_FOLDER_H

#include "engine/world.h"
#include "record/codec.h"
#include "store/ring.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER_PATH = 96 };

static inline void folder_make(char ret_path[static FOLDER_PATH])
{
    const char *top = getenv("TMPDIR");
    snprintf(ret_path, FOLDER_PATH, "%s/stillwatch-service-XXXXXX", top && strlen(top) < 48 ? top : P_tmpdir);
    assert_non_null(mkdtemp(ret_path));
}

static inline int folder_remove_one(const char *path, const struct stat *info, int kind, struct FTW *at)
{
    (void)info;
    (void)kind;
    (void)at;
    return remove(path);
}

static inline void folder_remove(const char *path)
{
    nftw(path, folder_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static inline size_t folder_entry(const struct record *record, uint8_t items[static 2 * RECORD_ITEM_MAX])
{
    char name[32];
    int length = snprintf(name, sizeof name, "acct_%016llx", (unsigned long long)record->account);
    size_t n = record_encode_name(record->account, (struct span){ name, (size_t)length }, items);
    return n + record_encode(record, items + n, RECORD_ITEM_MAX);
}

static inline bool folder_append(struct ring *ring, const struct record *record)
{
    uint8_t items[2 * RECORD_ITEM_MAX];
    size_t n = folder_entry(record, items);
    return ring_append(ring, (struct span){ (const char *)items, n });
}

static inline struct ring *folder_ring(const char *state, const char *name, uint64_t key_check)
{
    char path[2 * FOLDER_PATH];
    struct ring *ring;
    struct diag diag = { 0 };
    snprintf(path, sizeof path, "%s/spool", state);
    mkdir(path, 0770);
    snprintf(path, sizeof path, "%s/spool/%s", state, name);
    assert_ok(ring_open(path, 1 << 20, key_check, &ring, &diag));
    return ring;
}

#endif
