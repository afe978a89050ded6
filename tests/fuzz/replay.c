/*
 * replay.c: runs a fuzz target over the files of its corpus, without libFuzzer.
 *
 * Model: each input ends where an unreadable page begins, so that one byte read too many is a crash, in any build.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void run_guarded(FILE *file, size_t n)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t room = (n + page - 1) / page * page;
    uint8_t *at = mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED || mprotect(at + room, page, PROT_NONE) != 0)
        abort();
    uint8_t *data = at + room - n;
    if (fread(data, 1, n, file) != n)
        abort();
    LLVMFuzzerTestOneInput(data, n);
    munmap(at, room + page);
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
    struct dirent **entries = NULL;
    int n = argc == 2 ? scandir(argv[1], &entries, visible, alphasort) : -1;
    for (int i = 0; i < n; i++) {
        char path[4096];
        struct stat about;
        snprintf(path, sizeof path, "%s/%s", argv[1], entries[i]->d_name);
        FILE *file = fopen(path, "rb");
        if (!file || fstat(fileno(file), &about) != 0)
            abort();
        fprintf(stderr, "%s\n", entries[i]->d_name); /* the last one named is the one that crashed */
        run_guarded(file, (size_t)about.st_size);
        fclose(file);
        free(entries[i]);
    }
    free(entries);
    return n > 0 ? 0 : 1; /* a corpus without files tests nothing */
}
