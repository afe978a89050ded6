#include "store/journal.h"

#include "store/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static const int64_t day_ms = INT64_C(86400000);

struct journal {
    char folder[FOLDER_MAX];
    char path[FOLDER_MAX + SEGMENT_NAME]; /* of the last segment; diag borrows it */
    uint64_t key_check;
    int fd, folder_fd;
    uint32_t first; /* segment that is there */
    struct journal_place end;
    int64_t begun_ms;
    uint64_t earlier_bytes; /* in the segments before the last */
};

static enum status refuse(struct journal *journal, struct diag *diag)
{
    if (diag) {
        diag->file = journal->path;
        diag_set(diag, "", "%s", strerror(errno));
    }
    return STATUS_IO;
}

static enum status write_all(int fd, struct span head, struct span payload, uint64_t offset)
{
    struct iovec pieces[2] = { { (void *)(uintptr_t)head.data, head.n },
        { (void *)(uintptr_t)payload.data, payload.n } };
    size_t left = head.n + payload.n;
    while (left > 0) {
        ssize_t n = pwritev(fd, pieces, 2, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return STATUS_IO;
        left -= (size_t)n;
        offset += (uint64_t)n;
        for (int i = 0; i < 2; i++) {
            size_t used = (size_t)n < pieces[i].iov_len ? (size_t)n : pieces[i].iov_len;
            if (used > 0) /* an empty payload has no place */
                pieces[i].iov_base = (char *)pieces[i].iov_base + used;
            pieces[i].iov_len -= used;
            n -= (ssize_t)used;
        }
    }
    return STATUS_OK;
}

/* Makes the segment after the last and goes on in it; on failure in the one before. */
static enum status begin_segment(struct journal *journal, int64_t now_ms)
{
    enum status st = STATUS_OK;
    uint8_t head[SEGMENT_HEAD];
    char path[FOLDER_MAX + SEGMENT_NAME];
    uint32_t segment = journal->end.segment + 1;
    segment_path(journal->folder, segment, path);
    segment_head_put(
        journal->key_check, (struct segment_head){ segment, now_ms, (uint32_t)journal->end.offset }, head);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0660);
    REQUIRE(fd >= 0, STATUS_IO);
    TRY(write_all(fd, (struct span){ (const char *)head, sizeof head }, (struct span){ 0 }, 0));
    REQUIRE(fdatasync(fd) == 0 && fsync(journal->folder_fd) == 0, STATUS_IO);
    if (journal->fd >= 0)
        close(journal->fd);
    memcpy(journal->path, path, sizeof path);
    journal->earlier_bytes += journal->end.offset;
    journal->fd = fd;
    journal->end = (struct journal_place){ segment, SEGMENT_HEAD };
    journal->begun_ms = now_ms;
    journal->first = journal->first ? journal->first : segment;
    return STATUS_OK;
fail:
    if (fd >= 0) {
        int cause = errno;
        close(fd);
        unlink(path);
        errno = cause;
    }
    return st;
}

static uint64_t file_bytes(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 ? (uint64_t)info.st_size : 0;
}

static enum status check_committed(int fd, uint64_t key_check, struct journal_place committed,
    struct segment_head *ret_head, struct diag *diag)
{
    uint8_t bytes[SEGMENT_HEAD];
    struct stat info;
    if (pread(fd, bytes, sizeof bytes, 0) != sizeof bytes || fstat(fd, &info) != 0 ||
        (uint64_t)info.st_size < committed.offset) {
        diag_set(diag, "", "it ends before what was committed");
        return STATUS_BAD;
    }
    return segment_head_check(bytes, key_check, committed.segment, ret_head, diag);
}

static enum status check_range(struct segment_range range, struct journal_place committed, struct diag *diag)
{
    if (range.first > 0 && committed.segment >= range.first && committed.segment <= range.last)
        return STATUS_OK;
    diag_set(diag, "", "segment %08u, which was committed, is missing", committed.segment);
    return STATUS_BAD;
}

/* Nothing was committed: at most a first segment whose maker was killed may be there. */
static enum status check_unknown(const char *folder, struct segment_range range, struct diag *diag)
{
    char path[FOLDER_MAX + SEGMENT_NAME];
    segment_path(folder, 1, path);
    if (range.last <= 1 && file_bytes(path) <= SEGMENT_HEAD)
        return STATUS_OK;
    diag_set(diag, "", "it holds a journal that the table does not know: move one of them away");
    return STATUS_MISMATCH;
}

/* The last segment as it was committed; later ones go. */
static enum status cut(
    struct journal *journal, struct segment_range range, struct journal_place committed, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct segment_head head;
    for (uint32_t i = range.last; i > committed.segment; i--) {
        segment_path(journal->folder, i, journal->path);
        REQUIRE(unlink(journal->path) == 0, refuse(journal, diag));
    }
    for (uint32_t i = range.first; i < committed.segment; i++) {
        segment_path(journal->folder, i, journal->path);
        journal->earlier_bytes += file_bytes(journal->path);
    }
    segment_path(journal->folder, committed.segment, journal->path);
    journal->fd = open(journal->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    REQUIRE(journal->fd >= 0, refuse(journal, diag));
    if (diag)
        diag->file = journal->path;
    TRY(check_committed(journal->fd, journal->key_check, committed, &head, diag));
    REQUIRE(ftruncate(journal->fd, (off_t)committed.offset) == 0, refuse(journal, diag));
    journal->begun_ms = head.begun_ms;
    journal->first = range.first;
    journal->end = committed;
fail:
    return st;
}

enum status journal_check(
    const char *folder, uint64_t key_check, struct journal_place committed, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct segment_range range;
    struct segment_head head;
    char path[FOLDER_MAX + SEGMENT_NAME];
    int fd = -1;
    if (committed.segment == 0 && access(folder, F_OK) != 0 && errno == ENOENT)
        return STATUS_OK;
    TRY(segment_range_of(folder, &range, diag));
    if (committed.segment == 0)
        return check_unknown(folder, range, diag);
    TRY(check_range(range, committed, diag));
    segment_path(folder, committed.segment, path);
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        diag_set(diag, "", "%s", strerror(errno));
    REQUIRE(fd >= 0, STATUS_IO);
    st = check_committed(fd, key_check, committed, &head, diag);
    close(fd);
fail:
    return st;
}

enum status journal_open(const char *folder, uint64_t key_check, struct journal_place committed,
    int64_t now_ms, struct journal **ret_journal, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct segment_range range;
    struct journal *journal = calloc(1, sizeof *journal);
    REQUIRE(journal, STATUS_NOMEM);
    journal->fd = journal->folder_fd = -1;
    journal->key_check = key_check;
    REQUIRE(snprintf(journal->folder, FOLDER_MAX, "%s", folder) < FOLDER_MAX, STATUS_TOO_BIG);
    if (diag)
        diag->file = folder;
    if (committed.segment == 0 && mkdir(folder, 0770) != 0 && errno != EEXIST)
        REQUIRE(false, STATUS_IO);
    journal->folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    REQUIRE(journal->folder_fd >= 0, STATUS_IO);
    TRY(segment_range_of(folder, &range, diag));
    if (committed.segment == 0) {
        TRY(check_unknown(folder, range, diag));
        segment_path(folder, 1, journal->path);
        REQUIRE(begin_segment(journal, now_ms) == STATUS_OK, refuse(journal, diag));
    } else {
        TRY(check_range(range, committed, diag));
        TRY(cut(journal, range, committed, diag));
    }
    *ret_journal = journal;
    return STATUS_OK;
fail:
    if (diag && st == STATUS_IO && !diag->reason[0])
        diag_set(diag, "", "%s", strerror(errno));
    if (diag && journal && diag->file == journal->path)
        snprintf(diag->field, sizeof diag->field, "%08u",
            journal->end.segment ? journal->end.segment : committed.segment);
    if (diag)
        diag->file = folder; /* what it borrowed goes now */
    journal_close(journal);
    return st;
}

void journal_close(struct journal *journal)
{
    if (!journal)
        return;
    if (journal->fd >= 0)
        close(journal->fd);
    if (journal->folder_fd >= 0)
        close(journal->folder_fd);
    free(journal);
}

bool journal_is_due(const struct journal *journal, int64_t now_ms)
{
    return journal->end.offset >= JOURNAL_SEGMENT_BYTES || now_ms - journal->begun_ms >= day_ms;
}

/* What an append that failed has left goes first: the reader takes a segment that is not the last for whole. */
enum status journal_turn(struct journal *journal, int64_t now_ms)
{
    if (ftruncate(journal->fd, (off_t)journal->end.offset) != 0 || fdatasync(journal->fd) != 0)
        return STATUS_IO;
    return begin_segment(journal, now_ms);
}

enum status journal_append(struct journal *journal, const struct journal_block *block)
{
    enum status st = STATUS_OK;
    uint8_t head[BLOCK_HEAD];
    REQUIRE(block->payload.n <= JOURNAL_BLOCK_MAX, STATUS_TOO_BIG);
    block_head_put(block, journal->end.segment, journal->end.offset, head);
    TRY(write_all(
        journal->fd, (struct span){ (const char *)head, sizeof head }, block->payload, journal->end.offset));
    journal->end.offset += sizeof head + block->payload.n;
fail:
    return st;
}

enum status journal_sync(struct journal *journal)
{
    return fdatasync(journal->fd) == 0 ? STATUS_OK : STATUS_IO;
}

struct journal_place journal_end(const struct journal *journal)
{
    return journal->end;
}

/* A segment is as old as its successor is: what was appended last to it came before. */
unsigned journal_drop_before(struct journal *journal, int64_t oldest_ms)
{
    char path[FOLDER_MAX + SEGMENT_NAME];
    uint8_t bytes[SEGMENT_HEAD];
    struct segment_head head;
    unsigned dropped = 0;
    for (; journal->first < journal->end.segment; journal->first++, dropped++) {
        segment_path(journal->folder, journal->first + 1, path);
        int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        bool whole = fd >= 0 && pread(fd, bytes, sizeof bytes, 0) == sizeof bytes;
        if (fd >= 0)
            close(fd);
        if (!whole ||
            segment_head_check(bytes, journal->key_check, journal->first + 1, &head, NULL) != STATUS_OK ||
            head.begun_ms >= oldest_ms)
            break;
        segment_path(journal->folder, journal->first, path);
        uint64_t size = file_bytes(path);
        if (unlink(path) != 0)
            break;
        journal->earlier_bytes -= size;
    }
    return dropped;
}

uint64_t journal_bytes(const struct journal *journal, unsigned *ret_segments)
{
    *ret_segments = journal->end.segment - journal->first + 1;
    return journal->earlier_bytes + journal->end.offset;
}
