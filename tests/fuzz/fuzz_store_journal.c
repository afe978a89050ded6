/*
 * A journal that is written as the input says, damaged as it says, and read: what comes out is a beginning of what was
 * committed, block by block and byte by byte; it is all of it, or a reason is given; places only grow. Opening the
 * journal again changes nothing of that, and what is appended then comes behind it.
 */
#include "fuzz.h"

#include "store/journal.h"
#include "support/random.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { KEY = 7, BLOCKS_MAX = 200, PAYLOAD_MAX = 600, SEGMENTS_MAX = 20 };

/* What was appended: block i's bytes follow from i and its length. */
struct written {
    size_t lengths[BLOCKS_MAX], n;
    struct journal_place ends[BLOCKS_MAX];
    uint32_t first; /* block, of the oldest segment that is there */
};

struct play {
    const char *folder;
    struct journal *journal;
    struct written written;
    size_t n_committed;
    struct journal_place committed;
    int64_t now_ms;
    bool damaged;
};

static struct journal_block block_of(const struct written *written, size_t i, char bytes[static PAYLOAD_MAX])
{
    struct test_random random = { i + 1 };
    for (size_t at = 0; at < written->lengths[i]; at++)
        bytes[at] = (char)test_random_u64(&random);
    return (struct journal_block){ i % 5 ? JOURNAL_ITEMS : JOURNAL_POLICY, (uint32_t)i,
        { bytes, written->lengths[i] } };
}

static bool open_journal(struct play *play, struct diag *diag)
{
    enum status st = journal_open(play->folder, KEY, play->committed, play->now_ms, &play->journal, diag);
    if (st == STATUS_OK)
        return true;
    play->journal = NULL;
    if (!play->damaged || (st != STATUS_BAD && st != STATUS_MISMATCH && st != STATUS_IO) || !diag->reason[0])
        abort();
    return false;
}

static void append(struct play *play, size_t length)
{
    struct written *written = &play->written;
    char bytes[PAYLOAD_MAX];
    if (written->n == BLOCKS_MAX)
        return;
    written->lengths[written->n] = length;
    struct journal_block block = block_of(written, written->n, bytes);
    if (journal_append(play->journal, &block) != STATUS_OK)
        abort();
    written->ends[written->n++] = journal_end(play->journal);
}

/* The disk takes only so many bytes more. */
static void append_on_full_disk(struct play *play, size_t room)
{
    enum { WANTED = 400 };
    struct rlimit before, limit;
    struct journal_place end = journal_end(play->journal);
    static const char bytes[WANTED];
    struct journal_block block = { JOURNAL_ITEMS, 0, { bytes, sizeof bytes } };
    if (getrlimit(RLIMIT_FSIZE, &before) != 0)
        abort();
    limit = (struct rlimit){ end.offset + room, before.rlim_max };
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0 || journal_append(play->journal, &block) == STATUS_OK ||
        setrlimit(RLIMIT_FSIZE, &before) != 0)
        abort();
    if (journal_is_before(end, journal_end(play->journal)))
        abort();
}

static void commit(struct play *play)
{
    if (journal_sync(play->journal) != STATUS_OK)
        abort();
    play->committed = journal_end(play->journal);
    play->n_committed = play->written.n;
}

/* As after a kill: what was not committed is gone. */
static void crash(struct play *play)
{
    struct diag diag = { 0 };
    journal_close(play->journal);
    play->written.n = play->n_committed;
    if (!open_journal(play, &diag))
        abort();
    if (journal_is_before(journal_end(play->journal), play->committed) ||
        journal_is_before(play->committed, journal_end(play->journal)))
        abort();
}

static void drop(struct play *play, int64_t oldest_ms)
{
    unsigned segments, dropped = journal_drop_before(play->journal, oldest_ms);
    journal_bytes(play->journal, &segments);
    uint32_t oldest = journal_end(play->journal).segment - segments + 1;
    struct written *written = &play->written;
    while (written->first < written->n && written->ends[written->first].segment < oldest)
        written->first++;
    if (dropped >= SEGMENTS_MAX || segments == 0)
        abort();
}

static void write_journal(struct play *play, struct fuzz_script *script)
{
    while (fuzz_more(script)) {
        switch (fuzz_byte(script)) {
        case 'a':
            append(play, fuzz_byte(script) * 2U);
            break;
        case 'f':
            append_on_full_disk(play, fuzz_byte(script));
            break;
        case 't':
            if (journal_end(play->journal).segment < SEGMENTS_MAX &&
                journal_turn(play->journal, ++play->now_ms) != STATUS_OK)
                abort();
            break;
        case 'c':
            commit(play);
            break;
        case 'k':
            crash(play);
            break;
        case 'd':
            commit(play); /* as the service does: what it drops it has committed the end of */
            drop(play, fuzz_byte(script) % 8);
            break;
        case '!':
            return;
        default:
            break;
        }
    }
}

static void path_of(const struct play *play, uint32_t segment, char ret_path[static FUZZ_PATH])
{
    snprintf(ret_path, FUZZ_PATH, "%s/%08u.journal", play->folder, segment);
}

/* A place within a segment: anywhere, or where a block ends. */
static uint64_t place_of(const struct play *play, uint32_t segment, uint32_t number)
{
    const struct written *written = &play->written;
    if (number % 2 == 0 || written->n == 0)
        return number / 2;
    struct journal_place place = written->ends[number / 2 % written->n];
    return place.segment == segment ? place.offset : number / 2;
}

/* The oldest segment may be missing for a good reason, so it is not taken away here. */
static void damage(struct play *play, struct fuzz_script *script, uint32_t first, uint32_t last)
{
    char path[FUZZ_PATH], other[FUZZ_PATH];
    while (fuzz_more(script)) {
        uint8_t what = fuzz_byte(script);
        uint32_t segment = first + fuzz_byte(script) % (last - first + 1), number = fuzz_number(script);
        uint64_t place = place_of(play, segment, number);
        path_of(play, segment, path);
        path_of(play, first + number % (last - first + 1), other);
        play->damaged = true;
        if (what == 'x')
            fuzz_flip(path, place, (uint8_t)(fuzz_byte(script) | 1));
        else if (what == 'u')
            fuzz_cut(path, place);
        else if (what == 'o')
            fuzz_copy(path, place, place_of(play, segment, fuzz_number(script)), fuzz_number(script));
        else if (what == 'w' && strcmp(path, other) != 0)
            fuzz_swap(path, other);
        else if (what == 'm' && segment != first) {
            unlink(path);
            return; /* what is missing cannot be damaged further */
        }
    }
}

/* How far a reader comes, and how it ends. */
struct outcome {
    size_t next; /* block */
    enum status st;
};

static void check_block(const struct play *play, size_t i, const struct journal_block *got)
{
    char bytes[PAYLOAD_MAX];
    if (i >= play->n_committed)
        abort();
    struct journal_block want = block_of(&play->written, i, bytes);
    if (got->kind != want.kind || got->count != want.count || !span_eq(got->payload, want.payload))
        abort();
}

static struct outcome read_through(const struct play *play)
{
    struct outcome outcome = { play->written.first, STATUS_OK };
    struct journal_reader *reader;
    struct journal_block block;
    struct journal_place before = { 0 };
    struct diag diag = { 0 };
    outcome.st = journal_reader_open(play->folder, KEY, play->committed, &reader, &diag);
    if (outcome.st == STATUS_OK) {
        while ((outcome.st = journal_reader_next(reader, &block, &diag)) == STATUS_OK) {
            struct journal_place place = journal_reader_place(reader);
            check_block(play, outcome.next, &block);
            if (!journal_is_before(before, place) || journal_is_before(play->committed, place))
                abort();
            before = place;
            outcome.next++;
        }
        journal_reader_free(reader);
    }
    if (outcome.st == STATUS_END ? outcome.next != play->n_committed : !play->damaged || !diag.reason[0])
        abort();
    return outcome;
}

static void check_journal(struct play *play)
{
    struct diag diag = { 0 };
    struct outcome first = read_through(play);
    bool opened = open_journal(play, &diag);
    play->written.n = play->n_committed;
    struct outcome again = read_through(play);
    if (again.next != first.next || again.st != first.st)
        abort();
    if (!opened)
        return;
    append(play, 100);
    commit(play);
    again = read_through(play);
    if (first.st == STATUS_END ? again.st != STATUS_END : again.next != first.next || again.st != first.st)
        abort();
    journal_close(play->journal);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct play play;
    struct fuzz_script script = { data, data + n };
    struct diag diag = { 0 };
    unsigned segments;
    play = (struct play){ .folder = fuzz_folder() };
    signal(SIGXFSZ, SIG_IGN); /* a write beyond the limit fails instead */
    if (!open_journal(&play, &diag))
        abort();
    commit(&play);
    write_journal(&play, &script);
    uint32_t last = journal_end(play.journal).segment;
    journal_bytes(play.journal, &segments);
    journal_close(play.journal);
    damage(&play, &script, last - segments + 1, last);
    check_journal(&play);
    return 0;
}
