/*
 * folder.h: a temporary folder that a test writes small files into.
 *
 * Order of calls: folder_make as group setup, folder_remove as teardown.
 */
#ifndef TESTS_SCORE_FOLDER_H
#define TESTS_SCORE_FOLDER_H

#include "base/file.h"
#include "base/key.h"
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/test_score_XXXXXX";
static struct key folder_key;

static const char *const folder_names[] = { "truth.jsonl", "period.json", "costs.jsonl", "extraction.ids",
    "extraction.csv", "log.jsonl", "more.jsonl", "records.swr", "decisions.jsonl", "campaigns.json",
    "lines" };

static inline int folder_make(void **state)
{
    (void)state;
    key_init(&folder_key, key_default_secret);
    return mkdtemp(folder) ? 0 : -1;
}

/* Borrowed until the next call but seven. */
static inline const char *folder_path(const char *name)
{
    static char paths[8][64];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static inline void folder_clear(void)
{
    for (size_t i = 0; i < sizeof folder_names / sizeof *folder_names; i++)
        unlink(folder_path(folder_names[i]));
}

static inline int folder_remove(void **state)
{
    (void)state;
    folder_clear();
    return rmdir(folder);
}

static inline void folder_write(const char *name, const char *text)
{
    assert_ok(file_write(folder_path(name), span_of(text)));
}

static inline uint64_t folder_account(const char *name)
{
    return key_hash(&folder_key, KEY_ACCOUNT, name, strlen(name));
}

#endif
