/*
 * A ring whose producer and consumer do what the input says, are killed and come back, while bytes of the file change:
 * what is read is an entry that was appended, at its place; undamaged, every entry that was taken is read once, in order.
 * Places only grow while a ring stays attached, and every reading ends.
 */
#include "fuzz.h"

#include "store/ring.h"
#include "support/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY = 7, ENTRIES_MAX = 400 };

/* What the producer was told that it is in the ring, by its number within a file. */
struct entry {
    uint64_t birth, at;
    size_t n;
};

struct play {
    char path[FUZZ_PATH];
    struct ring *out, *in;
    struct entry entries[ENTRIES_MAX];
    size_t n, n_read, n_kept;
    struct ring_place saved;
    uint64_t at;
    bool has_saved, damaged;
};

static struct span items_of(size_t i, size_t n)
{
    static uint64_t words[(1 << 16) / 8]; /* also for what is too long */
    struct test_random random = { i + 1 };
    for (size_t at = 0; at < n; at += 8)
        words[at / 8] = test_random_u64(&random);
    return (struct span){ (const char *)words, n };
}

static void check_failure(const struct play *play, enum status st, const struct diag *diag)
{
    if (!play->damaged || !diag->reason[0] || (st != STATUS_BAD && st != STATUS_MISMATCH && st != STATUS_IO))
        abort();
}

static void open_out(struct play *play)
{
    struct diag diag = { 0 };
    if (play->out)
        return;
    enum status st = ring_open(play->path, RING_BYTES_MIN, KEY, &play->out, &diag);
    if (st != STATUS_OK)
        check_failure(play, st, &diag);
}

static void append(struct play *play, size_t n)
{
    struct ring_stats before, after;
    uint64_t bytes = 8 + (n + 7) / 8 * 8;
    if (!play->out || play->n == ENTRIES_MAX)
        return;
    ring_stats(play->out, &before);
    bool taken = ring_append(play->out, items_of(play->n, n));
    bool fits = n > 0 && n <= RING_ENTRY_MAX && before.head - before.tail + bytes <= before.capacity;
    if (taken != fits && !play->damaged)
        abort();
    ring_stats(play->out, &after); /* the producer knows its head, whatever the file said before */
    if (taken)
        play->entries[play->n++] = (struct entry){ ring_place_at(play->out, 0).birth, after.head - bytes, n };
}

static void attach(struct play *play)
{
    struct diag diag = { 0 };
    if (play->in)
        return;
    enum status st = ring_attach(play->path, KEY, &play->in, &diag);
    if (st == STATUS_OK)
        play->at = ring_resume(play->in, play->has_saved ? &play->saved : NULL);
    else if (st != STATUS_NEED_MORE && access(play->path, F_OK) == 0)
        check_failure(play, st, &diag);
}

/* Whether that entry was appended there. A damaged ring was perhaps set aside, with another in its place. */
static bool is_entry(const struct play *play, size_t i, const struct span *items)
{
    const struct entry *entry = &play->entries[i];
    if (entry->at != play->at || entry->n != items->n)
        return false;
    return (play->damaged || entry->birth == ring_place_at(play->in, 0).birth) &&
           span_eq(*items, items_of(i, entry->n));
}

static void take(struct play *play, const struct span *items)
{
    size_t i = play->n;
    while (i > 0 && !is_entry(play, i - 1, items))
        i--;
    if (i == 0 || (!play->damaged && i != ++play->n_read))
        abort();
}

static void read_some(struct play *play, unsigned most)
{
    enum status st = STATUS_OK;
    struct span items;
    uint64_t next = 0;
    if (!play->in)
        return;
    for (unsigned i = 0; i < most; i++, play->at = next) {
        st = ring_read(play->in, play->at, &items, &next);
        if (st == STATUS_END)
            return;
        if (st == STATUS_MISMATCH ? !play->damaged : st != STATUS_OK || next <= play->at)
            abort();
        if (st == STATUS_OK)
            take(play, &items);
    }
    if (most == ENTRIES_MAX * 2)
        abort(); /* more than was ever appended, and still no end */
}

static void keep(struct play *play)
{
    if (!play->in)
        return;
    play->saved = ring_place_at(play->in, play->at);
    play->has_saved = true;
    play->n_kept = play->n_read;
    ring_release(play->in, play->at);
}

static void kill_out(struct play *play)
{
    if (play->out)
        ring_close(play->out);
    play->out = NULL;
}

/* What was read since it was kept is read again. */
static void kill_in(struct play *play)
{
    if (play->in)
        ring_detach(play->in);
    play->in = NULL;
    play->n_read = play->n_kept;
}

/* As the service does with a ring whose worker is gone. */
static void remove_ring(struct play *play)
{
    if (!play->in)
        return;
    keep(play);
    if (ring_remove(play->in, play->at) ? play->out && !play->damaged : false)
        abort();
    if (ring_replaced(play->in))
        kill_in(play);
}

/* Also while both ends have it mapped; cut only when none has, since a mapped file that shrinks ends its reader. */
static void damage(struct play *play, uint8_t what, struct fuzz_script *script)
{
    uint64_t place = (uint64_t)fuzz_number(script) << (fuzz_byte(script) & 1 ? 1 : 0);
    if (access(play->path, F_OK) != 0)
        return;
    play->damaged = true;
    if (what == 'h')
        fuzz_flip(play->path, place % 256, (uint8_t)(fuzz_byte(script) | 1));
    else if (what == 'x')
        fuzz_flip(play->path, RING_HEAD_BYTES + place, (uint8_t)(fuzz_byte(script) | 1));
    else if (what == 'o')
        fuzz_copy(
            play->path, RING_HEAD_BYTES + place, RING_HEAD_BYTES + fuzz_number(script), fuzz_number(script));
    else if (what == 'u' && !play->in && !play->out)
        fuzz_cut(play->path, place);
}

static void act(struct play *play, uint8_t what, struct fuzz_script *script)
{
    switch (what) {
    case 'p':
        open_out(play);
        break;
    case 'a':
        append(play, fuzz_byte(script) * 2U);
        break;
    case 'A':
        append(play, fuzz_number(script));
        break;
    case 'P':
        kill_out(play);
        break;
    case 'c':
        attach(play);
        break;
    case 'r':
        read_some(play, fuzz_byte(script) % 64);
        break;
    case 'k':
        keep(play);
        break;
    case 'C':
        kill_in(play);
        break;
    case 'm':
        remove_ring(play);
        break;
    case 'h':
    case 'x':
    case 'o':
    case 'u':
        damage(play, what, script);
        break;
    default:
        break;
    }
}

/* Whatever was done to it: once it is read to its end, or set aside, the next entry comes through. */
static void check_works(struct play *play)
{
    struct span items;
    uint64_t next;
    kill_out(play);
    kill_in(play);
    open_out(play);
    if (!play->out)
        return; /* made by another version, it says: left to the operator */
    attach(play);
    if (!play->in)
        abort();
    read_some(play, 2 * ENTRIES_MAX);
    if (!play->damaged && play->n_read != play->n)
        abort();
    keep(play);
    items = items_of(play->n, 100);
    if (!ring_append(play->out, items) || ring_read(play->in, play->at, &items, &next) != STATUS_OK ||
        !span_eq(items, items_of(play->n, 100)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct play play;
    struct fuzz_script script = { data, data + n };
    play = (struct play){ .has_saved = false };
    snprintf(play.path, sizeof play.path, "%s/w.ring", fuzz_folder());
    while (fuzz_more(&script)) {
        uint8_t what = fuzz_byte(&script);
        act(&play, what, &script);
    }
    check_works(&play);
    kill_out(&play);
    kill_in(&play);
    return 0;
}
