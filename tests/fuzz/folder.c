#define _GNU_SOURCE /* nftw */
#include "fuzz.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[FUZZ_PATH];

static int remove_inner(const char *path, const struct stat *info, int kind, struct FTW *at)
{
    (void)info, (void)kind;
    return at->level > 0 ? remove(path) : 0;
}

static void empty_folder(void)
{
    nftw(folder, remove_inner, 8, FTW_DEPTH | FTW_PHYS);
}

static void remove_folder(void)
{
    empty_folder();
    rmdir(folder);
}

const char *fuzz_folder(void)
{
    if (folder[0] == '\0') {
        snprintf(
            folder, sizeof folder, "%s/fuzz_XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : P_tmpdir);
        if (!mkdtemp(folder) || atexit(remove_folder) != 0)
            abort();
    }
    empty_folder();
    return folder;
}

uint64_t fuzz_file_bytes(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 ? (uint64_t)info.st_size : 0;
}

/* Bytes of the file out or in; what is not there is not written. */
static void transfer(const char *path, uint64_t place, void *bytes, size_t n, bool write)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        abort();
    ssize_t done = write ? pwrite(fd, bytes, n, (off_t)place) : pread(fd, bytes, n, (off_t)place);
    close(fd);
    if (done != (ssize_t)n)
        abort();
}

void fuzz_flip(const char *path, uint64_t place, uint8_t mask)
{
    uint64_t n = fuzz_file_bytes(path);
    uint8_t byte;
    if (n == 0)
        return;
    transfer(path, place % n, &byte, 1, false);
    byte ^= mask;
    transfer(path, place % n, &byte, 1, true);
}

void fuzz_cut(const char *path, uint64_t bytes)
{
    if (bytes < fuzz_file_bytes(path) && truncate(path, (off_t)bytes) != 0)
        abort();
}

void fuzz_copy(const char *path, uint64_t from, uint64_t to, size_t n)
{
    uint8_t bytes[512];
    uint64_t size = fuzz_file_bytes(path);
    n = n < sizeof bytes ? n : sizeof bytes;
    if (size < n || n == 0)
        return;
    transfer(path, from % (size - n + 1), bytes, n, false);
    transfer(path, to % (size - n + 1), bytes, n, true);
}

void fuzz_swap(const char *path, const char *other)
{
    char aside[FUZZ_PATH + 8];
    snprintf(aside, sizeof aside, "%s.aside", path);
    if (rename(path, aside) != 0 || rename(other, path) != 0 || rename(aside, other) != 0)
        abort();
}
