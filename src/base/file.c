#define _GNU_SOURCE /* F_SETPIPE_SZ */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static void draft_end(struct file_draft *draft)
{
    free(draft->path);
    free(draft->draft_path);
    *draft = (struct file_draft){ 0 };
}

static char *draft_name(const char *path)
{
    size_t n = strlen(path) + sizeof ".4294967295.draft";
    char *name = malloc(n);
    if (name)
        snprintf(name, n, "%s.%u.draft", path, (unsigned)getpid());
    return name;
}

/* A pipe or a device is written as it is: there is nothing to move into place. */
static bool is_stream(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && (S_ISFIFO(info.st_mode) || S_ISCHR(info.st_mode));
}

/* Standard output by whatever name, though it be a file: nothing is moved over what may be everybody's /dev/stdout. */
static bool is_output(const char *path)
{
    struct stat info, output;
    return stat(path, &info) == 0 && fstat(STDOUT_FILENO, &output) == 0 && info.st_dev == output.st_dev &&
           info.st_ino == output.st_ino;
}

/* It goes on where others left off. */
static FILE *open_output(void)
{
    int fd = dup(STDOUT_FILENO);
    FILE *stream = fd < 0 ? NULL : fdopen(fd, "wb");
    if (!stream && fd >= 0)
        close(fd);
    return stream;
}

/*
 * A pipe of 64 KiB makes writer and reader take turns; a megabyte is the largest that Linux grants to anybody. Whether it
 * does changes nothing but the time, and what is no pipe has no size.
 */
static void widen_pipe(FILE *stream)
{
    enum { PIPE_BYTES = 1 << 20 };
    (void)fcntl(fileno(stream), F_SETPIPE_SZ, PIPE_BYTES);
}

enum status file_draft_open(const char *path, struct file_draft *ret_draft)
{
    enum status st = STATUS_OK;
    size_t n = strlen(path) + 1;
    bool output = is_output(path), direct = output || is_stream(path);
    struct file_draft draft = { NULL, malloc(n), direct ? NULL : draft_name(path) };
    REQUIRE(draft.path && (direct || draft.draft_path), STATUS_NOMEM);
    memcpy(draft.path, path, n);
    draft.stream = output ? open_output() : fopen(direct ? path : draft.draft_path, "wb");
    REQUIRE(draft.stream, STATUS_IO);
    if (direct)
        widen_pipe(draft.stream);
    *ret_draft = draft;
    return st;
fail:
    draft_end(&draft);
    return st;
}

/* Makes the new name itself durable. A file system that cannot sync a folder is no reason to fail. */
static void sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char folder[4096] = ".";
    size_t n = slash ? (size_t)(slash - path) + (slash == path) : 0;
    if (n >= sizeof folder)
        return;
    if (slash) {
        memcpy(folder, path, n);
        folder[n] = 0;
    }
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)!fsync(fd);
    close(fd);
}

enum status file_draft_commit(struct file_draft *draft)
{
    enum status st = STATUS_OK;
    REQUIRE(!ferror(draft->stream) && fflush(draft->stream) == 0, STATUS_IO);
    REQUIRE(!draft->draft_path || fsync(fileno(draft->stream)) == 0, STATUS_IO);
    int closed = fclose(draft->stream);
    draft->stream = NULL;
    REQUIRE(closed == 0, STATUS_IO);
    if (draft->draft_path) {
        REQUIRE(rename(draft->draft_path, draft->path) == 0, STATUS_IO);
        sync_folder(draft->path);
    }
    draft_end(draft);
    return st;
fail:
    file_draft_abort(draft);
    return st;
}

void file_draft_abort(struct file_draft *draft)
{
    int cause = errno;
    if (draft->stream)
        fclose(draft->stream);
    if (draft->draft_path)
        unlink(draft->draft_path);
    draft_end(draft);
    errno = cause;
}

/* Drops so many bytes from the front; returns how many pieces are done. */
static int advance(struct iovec *pieces, int n, size_t bytes)
{
    int done = 0;
    for (; done < n && bytes >= pieces[done].iov_len; done++)
        bytes -= pieces[done].iov_len;
    if (done < n) {
        pieces[done].iov_base = (char *)pieces[done].iov_base + bytes;
        pieces[done].iov_len -= bytes;
    }
    return done;
}

static enum status put_all(int file, struct iovec *pieces, int n)
{
    for (int at = 0; at < n;) {
        ssize_t written = writev(file, pieces + at, n - at);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return STATUS_IO;
        at += advance(pieces + at, n - at, (size_t)written);
    }
    return STATUS_OK;
}

enum status file_put_pieces(FILE *stream, const struct span *pieces, size_t n)
{
    enum { AT_ONCE = 512 };
    enum status st = STATUS_OK;
    struct iovec some[AT_ONCE];
    REQUIRE(fflush(stream) == 0, STATUS_IO);
    while (n > 0) {
        int k = 0;
        for (; n > 0 && k < AT_ONCE; n--, pieces++)
            some[k++] = (struct iovec){ .iov_base = (void *)(uintptr_t)pieces->data, .iov_len = pieces->n };
        TRY(put_all(fileno(stream), some, k));
    }
fail:
    return st;
}

enum status file_write(const char *path, struct span bytes)
{
    enum status st = STATUS_OK;
    struct file_draft draft;
    st = file_draft_open(path, &draft);
    if (st != STATUS_OK)
        return st;
    REQUIRE(bytes.n == 0 || fwrite(bytes.data, 1, bytes.n, draft.stream) == bytes.n, STATUS_IO);
    return file_draft_commit(&draft);
fail:
    file_draft_abort(&draft);
    return st;
}

static enum status read_stream(FILE *stream, size_t limit, char **data, size_t *ret_n)
{
    enum status st = STATUS_OK;
    size_t n = 0, capacity = 0;
    for (;;) {
        if (capacity - n < 2) {
            capacity = capacity ? capacity * 2 : 4096;
            char *grown = realloc(*data, capacity);
            REQUIRE(grown, STATUS_NOMEM);
            *data = grown;
        }
        size_t got = fread(*data + n, 1, capacity - n - 1, stream);
        n += got;
        REQUIRE(n <= limit, STATUS_TOO_BIG);
        if (got == 0)
            break;
    }
    REQUIRE(!ferror(stream), STATUS_IO);
    (*data)[n] = 0;
    *ret_n = n;
fail:
    return st;
}

enum status file_read(const char *path, size_t limit, struct span *ret_bytes)
{
    enum status st = STATUS_OK;
    char *data = NULL;
    size_t n = 0;
    FILE *stream = fopen(path, "rb");
    REQUIRE(stream, STATUS_IO);
    TRY(read_stream(stream, limit, &data, &n));
    fclose(stream);
    *ret_bytes = (struct span){ data, n };
    return st;
fail:
    if (stream)
        fclose(stream);
    free(data);
    return st;
}
