#define _GNU_SOURCE /* MAP_ANONYMOUS, flock */
#define XXH_INLINE_ALL
#include "store/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

enum { RING_VERSION = 1, ENTRY_HEAD = 8, OPEN_TRIES = 16 };

static const char magic[8] = "STILLRNG";

/* The file's first bytes. What producer and consumer write lies on cache lines of their own. */
struct head { // NOLINT(clang-analyzer-optin.performance.Padding)
    char magic[8];
    uint32_t version, reserved;
    uint64_t key_check, capacity, birth;
    uint64_t check; /* of the bytes before it */
    _Alignas(64) _Atomic uint64_t openings;
    _Atomic uint64_t base; /* the head when it was last opened */
    _Atomic uint64_t head, written, dropped;
    _Alignas(64) _Atomic uint64_t tail;
};
_Static_assert(sizeof(struct head) <= RING_HEAD_BYTES, "the head has its place");
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "two processes share these counts");

struct ring {
    struct head *shared;
    uint8_t *data; /* twice in a row */
    uint64_t capacity;
    uint64_t head, tail; /* of the producer: its head, and the tail when it last looked */
    char *path;
    int fd;
};

static uint64_t padded(uint64_t length)
{
    return ENTRY_HEAD + ((length + 7) & ~(uint64_t)7);
}

static uint8_t *data_at(const struct ring *ring, uint64_t place)
{
    return ring->data + (place & (ring->capacity - 1));
}

static uint32_t entry_check(const void *items, size_t n, uint64_t place)
{
    return (uint32_t)XXH3_64bits_withSeed(items, n, place ^ (uint64_t)n << 48);
}

static void ring_free(struct ring *ring)
{
    int cause = errno;
    if (!ring)
        return;
    if (ring->shared)
        munmap(ring->shared, RING_HEAD_BYTES);
    if (ring->data)
        munmap(ring->data, 2 * ring->capacity);
    if (ring->fd >= 0)
        close(ring->fd);
    free(ring->path);
    free(ring);
    errno = cause;
}

static enum status ring_new(const char *path, int flags, struct ring **ret_ring, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct ring *ring = calloc(1, sizeof *ring);
    REQUIRE(ring, STATUS_NOMEM);
    ring->fd = -1;
    ring->path = malloc(strlen(path) + 1);
    REQUIRE(ring->path, STATUS_NOMEM);
    memcpy(ring->path, path, strlen(path) + 1);
    ring->fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0660);
    REQUIRE(ring->fd >= 0, STATUS_IO);
    *ret_ring = ring;
    return STATUS_OK;
fail:
    if (st == STATUS_IO)
        diag_set(diag, "", "%s", strerror(errno));
    ring_free(ring);
    return st;
}

static enum status map_head(struct ring *ring)
{
    void *at = mmap(NULL, RING_HEAD_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, 0);
    if (at == MAP_FAILED)
        return STATUS_IO;
    ring->shared = at;
    return STATUS_OK;
}

static enum status map_data(struct ring *ring, uint64_t capacity)
{
    uint8_t *at = mmap(NULL, 2 * capacity, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED)
        return STATUS_IO;
    ring->data = at;
    ring->capacity = capacity;
    for (unsigned i = 0; i < 2; i++)
        if (mmap(at + i * capacity, capacity, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, ring->fd,
                RING_HEAD_BYTES) == MAP_FAILED)
            return STATUS_IO;
    return STATUS_OK;
}

/* What does not change while the file lives, and how far its counts can be apart. */
static enum status check_file(const struct ring *ring, uint64_t key_check, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct head fixed;
    struct stat info;
    const char *reason = "not a ring, or damaged";
    memcpy(&fixed, ring->shared, offsetof(struct head, openings));
    REQUIRE(memcmp(fixed.magic, magic, sizeof magic) == 0, STATUS_BAD);
    if (fixed.version != RING_VERSION)
        reason = "made by another version, or damaged"; /* whose check may be elsewhere */
    REQUIRE(fixed.check == XXH3_64bits(&fixed, offsetof(struct head, check)), STATUS_BAD);
    reason = "made by another version";
    REQUIRE(fixed.version == RING_VERSION, STATUS_MISMATCH);
    reason = "made under another secret";
    REQUIRE(fixed.key_check == key_check, STATUS_MISMATCH);
    reason = "its size is not what it says";
    bool fits = fixed.capacity >= RING_BYTES_MIN && fixed.capacity <= RING_BYTES_MAX &&
                (fixed.capacity & (fixed.capacity - 1)) == 0;
    REQUIRE(fits && fstat(ring->fd, &info) == 0, STATUS_BAD);
    REQUIRE((uint64_t)info.st_size == RING_HEAD_BYTES + fixed.capacity, STATUS_BAD);
    reason = "its counts contradict each other";
    uint64_t tail = atomic_load(&ring->shared->tail), head = atomic_load(&ring->shared->head);
    REQUIRE(tail <= head && head - tail <= fixed.capacity && head % 8 == 0 && tail % 8 == 0, STATUS_BAD);
    return STATUS_OK;
fail:
    diag_set(diag, "", "%s", reason);
    return st;
}

/* Still empty: its maker was killed before the first word was in place. */
static bool unmade(const struct ring *ring)
{
    static const char nothing[sizeof magic];
    return memcmp(ring->shared->magic, nothing, sizeof magic) == 0;
}

/* Producer */

static uint64_t birth_of(const struct stat *info)
{
    uint64_t words[4] = { info->st_ino, (uint64_t)info->st_ctim.tv_sec, (uint64_t)info->st_ctim.tv_nsec,
        (uint64_t)getpid() };
    return XXH3_64bits(words, sizeof words);
}

/* The magic comes last: before it is there nobody reads the file. */
static enum status make_file(struct ring *ring, uint64_t capacity, uint64_t key_check)
{
    enum status st = STATUS_OK;
    struct stat info;
    off_t size = (off_t)(RING_HEAD_BYTES + capacity);
    REQUIRE(ftruncate(ring->fd, 0) == 0, STATUS_IO);
    REQUIRE(fchmod(ring->fd, 0660) == 0,
        STATUS_IO); /* whatever the umask: the consumer writes too, by its group */
    errno = posix_fallocate(ring->fd, 0, size);
    REQUIRE(errno == 0 && fstat(ring->fd, &info) == 0, STATUS_IO);
    TRY(map_head(ring));
    struct head fixed = {
        .version = RING_VERSION, .key_check = key_check, .capacity = capacity, .birth = birth_of(&info)
    };
    memcpy(fixed.magic, magic, sizeof magic);
    fixed.check = XXH3_64bits(&fixed, offsetof(struct head, check));
    memcpy((uint8_t *)ring->shared + sizeof magic, (uint8_t *)&fixed + sizeof magic,
        offsetof(struct head, openings) - sizeof magic);
    atomic_thread_fence(memory_order_release);
    memcpy(ring->shared->magic, magic, sizeof magic);
    TRY(map_data(ring, capacity));
fail:
    return st;
}

/* The path may have got another file between open and lock. */
static bool is_named(const struct ring *ring)
{
    struct stat mine, named;
    return fstat(ring->fd, &mine) == 0 && stat(ring->path, &named) == 0 && mine.st_ino == named.st_ino &&
           mine.st_dev == named.st_dev;
}

static enum status set_aside(const struct ring *ring)
{
    enum status st = STATUS_OK;
    size_t n = strlen(ring->path) + sizeof ".corrupt";
    char *aside = malloc(n);
    REQUIRE(aside, STATUS_NOMEM);
    snprintf(aside, n, "%s.corrupt", ring->path);
    REQUIRE(rename(ring->path, aside) == 0, STATUS_IO);
fail:
    free(aside);
    return st;
}

static bool all_read(const struct head *shared)
{
    return atomic_load(&shared->tail) == atomic_load(&shared->head);
}

/* A file that is there. STATUS_NOT_FOUND: it is out of the way now, make one. */
static enum status go_on(struct ring *ring, uint64_t capacity, uint64_t key_check, struct diag *diag)
{
    enum status st = STATUS_OK;
    TRY(map_head(ring));
    if (unmade(ring)) {
        REQUIRE(unlink(ring->path) == 0, STATUS_IO);
        return STATUS_NOT_FOUND;
    }
    st = check_file(ring, key_check, diag);
    if (st == STATUS_BAD) {
        TRY(set_aside(ring));
        return STATUS_NOT_FOUND;
    }
    TRY(st);
    if (ring->shared->capacity != capacity && all_read(ring->shared)) {
        REQUIRE(unlink(ring->path) == 0, STATUS_IO);
        return STATUS_NOT_FOUND;
    }
    TRY(map_data(ring, ring->shared->capacity));
fail:
    return st;
}

static enum status open_once(
    const char *path, uint64_t capacity, uint64_t key_check, struct ring **ret_ring, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct ring *ring = NULL;
    struct stat info;
    TRY(ring_new(path, O_CREAT, &ring, diag));
    REQUIRE(flock(ring->fd, LOCK_EX | LOCK_NB) == 0, STATUS_IO);
    REQUIRE(is_named(ring), STATUS_NOT_FOUND);
    REQUIRE(fstat(ring->fd, &info) == 0, STATUS_IO);
    if (info.st_size < RING_HEAD_BYTES)
        TRY(make_file(ring, capacity, key_check));
    else
        TRY(go_on(ring, capacity, key_check, diag));
    *ret_ring = ring;
    return STATUS_OK;
fail:
    if (ring && st == STATUS_IO)
        diag_set(diag, "", "%s", errno == EWOULDBLOCK ? "another process holds it" : strerror(errno));
    ring_free(ring);
    return st;
}

static uint64_t rounded(uint64_t bytes)
{
    uint64_t capacity = RING_BYTES_MIN;
    while (capacity < bytes && capacity < RING_BYTES_MAX)
        capacity *= 2;
    return capacity;
}

enum status ring_open(
    const char *path, uint64_t bytes, uint64_t key_check, struct ring **ret_ring, struct diag *diag)
{
    enum status st = STATUS_NOT_FOUND;
    struct ring *ring = NULL;
    if (diag)
        diag->file = path;
    for (unsigned i = 0; i < OPEN_TRIES; i++) {
        st = open_once(path, rounded(bytes), key_check, &ring, diag);
        if (st == STATUS_IO && errno == EWOULDBLOCK)
            nanosleep(&(struct timespec){ .tv_nsec = 500000 }, NULL); /* ring_remove holds it for a moment */
        else if (st != STATUS_NOT_FOUND)
            break;
    }
    TRY(st);
    struct head *shared = ring->shared;
    ring->head = atomic_load(&shared->head);
    ring->tail = atomic_load(&shared->tail);
    atomic_store(&shared->base, ring->head);
    atomic_fetch_add(&shared->openings, 1);
    (void)!msync(shared, RING_HEAD_BYTES, MS_SYNC); /* a system that cannot still has what is in memory */
    *ret_ring = ring;
fail:
    return st;
}

/* Only the producer writes them. */
static void count(_Atomic uint64_t *counter)
{
    atomic_store_explicit(
        counter, atomic_load_explicit(counter, memory_order_relaxed) + 1, memory_order_relaxed);
}

static bool has_room(struct ring *ring, uint64_t bytes)
{
    if (ring->head + bytes - ring->tail <= ring->capacity)
        return true;
    ring->tail = atomic_load_explicit(&ring->shared->tail, memory_order_acquire);
    return ring->head + bytes - ring->tail <= ring->capacity;
}

bool ring_has_room(struct ring *ring, size_t bytes)
{
    return has_room(ring, padded(bytes));
}

bool ring_append(struct ring *ring, struct span items)
{
    uint64_t bytes = padded(items.n);
    if (items.n == 0 || items.n > RING_ENTRY_MAX || !has_room(ring, bytes)) {
        count(&ring->shared->dropped);
        return false;
    }
    uint8_t *at = data_at(ring, ring->head);
    uint32_t words[2] = { (uint32_t)items.n, entry_check(items.data, items.n, ring->head) };
    memset(at + bytes - 8, 0, 8);
    memcpy(at + ENTRY_HEAD, items.data, items.n);
    memcpy(at, words, sizeof words);
    ring->head += bytes;
    count(&ring->shared->written);
    atomic_store_explicit(&ring->shared->head, ring->head, memory_order_release);
    return true;
}

void ring_close(struct ring *ring)
{
    ring_free(ring);
}

/* Consumer */

enum status ring_attach(const char *path, uint64_t key_check, struct ring **ret_ring, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct ring *ring = NULL;
    struct stat info;
    if (diag)
        diag->file = path;
    TRY(ring_new(path, 0, &ring, diag));
    REQUIRE(fstat(ring->fd, &info) == 0, STATUS_IO);
    REQUIRE(info.st_size >= RING_HEAD_BYTES, STATUS_NEED_MORE);
    TRY(map_head(ring));
    REQUIRE(!unmade(ring), STATUS_NEED_MORE);
    atomic_thread_fence(memory_order_acquire);
    TRY(check_file(ring, key_check, diag));
    TRY(map_data(ring, ring->shared->capacity));
    *ret_ring = ring;
    return STATUS_OK;
fail:
    if (ring && st == STATUS_IO)
        diag_set(diag, "", "%s", strerror(errno));
    if (st == STATUS_NEED_MORE)
        diag_set(diag, "", "not made to its end yet");
    ring_free(ring);
    return st;
}

/*
 * A place beyond the base of a later opening: power was lost, the file went back to an earlier state, and what was
 * written since starts at the base.
 */
uint64_t ring_resume(const struct ring *ring, const struct ring_place *saved)
{
    uint64_t tail = atomic_load(&ring->shared->tail);
    uint64_t base = atomic_load(&ring->shared->base), head = atomic_load(&ring->shared->head);
    if (!saved || saved->birth != ring->shared->birth)
        return tail;
    if (saved->openings != atomic_load(&ring->shared->openings) && saved->at > base)
        return base;
    return saved->at > head ? head : saved->at;
}

enum status ring_read(const struct ring *ring, uint64_t from, struct span *ret_items, uint64_t *ret_next)
{
    uint64_t head = atomic_load_explicit(&ring->shared->head, memory_order_acquire);
    uint32_t words[2];
    if (head == from)
        return STATUS_END;
    *ret_next = head;
    if (head < from || head - from > ring->capacity || from % 8 != 0)
        return STATUS_MISMATCH;
    memcpy(words, data_at(ring, from), sizeof words);
    if (words[0] == 0 || words[0] > RING_ENTRY_MAX || padded(words[0]) > head - from)
        return STATUS_MISMATCH;
    const uint8_t *items = data_at(ring, from) + ENTRY_HEAD;
    if (entry_check(items, words[0], from) != words[1])
        return STATUS_MISMATCH;
    *ret_items = (struct span){ (const char *)items, words[0] };
    *ret_next = from + padded(words[0]);
    return STATUS_OK;
}

struct ring_place ring_place_at(const struct ring *ring, uint64_t at)
{
    return (struct ring_place){ ring->shared->birth, atomic_load(&ring->shared->openings), at };
}

void ring_release(struct ring *ring, uint64_t upto)
{
    atomic_store_explicit(&ring->shared->tail, upto, memory_order_release);
}

bool ring_replaced(const struct ring *ring)
{
    return !is_named(ring);
}

bool ring_remove(struct ring *ring, uint64_t at)
{
    if (flock(ring->fd, LOCK_EX | LOCK_NB) != 0)
        return false;
    bool gone = atomic_load(&ring->shared->head) == at && is_named(ring) && unlink(ring->path) == 0;
    flock(ring->fd, LOCK_UN);
    return gone;
}

void ring_detach(struct ring *ring)
{
    ring_free(ring);
}

void ring_stats(const struct ring *ring, struct ring_stats *ret_stats)
{
    *ret_stats = (struct ring_stats){
        .written = atomic_load_explicit(&ring->shared->written, memory_order_relaxed),
        .dropped = atomic_load_explicit(&ring->shared->dropped, memory_order_relaxed),
        .head = atomic_load_explicit(&ring->shared->head, memory_order_acquire),
        .tail = atomic_load_explicit(&ring->shared->tail, memory_order_acquire),
        .capacity = ring->capacity,
    };
}
