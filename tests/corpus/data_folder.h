/* data_folder.h: a folder of small hand-made sets for a test, and its removal. */
#ifndef TESTS_CORPUS_DATA_FOLDER_H
#define TESTS_CORPUS_DATA_FOLDER_H

#include "base/file.h"
#include "support/test.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static inline void data_folder_make(char *template)
{
    assert_non_null(mkdtemp(template));
}

/* Writes folder/set/name. */
static inline void data_folder_put(const char *folder, const char *set, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, set);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/%s/%s", folder, set, name);
    assert_ok(file_write(path, span_of(text)));
}

static inline int data_folder_remove_one(const char *path, const struct stat *info, int kind, struct FTW *at)
{
    (void)info;
    (void)kind;
    (void)at;
    return remove(path);
}

static inline void data_folder_remove(const char *folder)
{
    nftw(folder, data_folder_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
