#define _GNU_SOURCE /* program_invocation_short_name */
#include "app/state.h"

#include "app/secret.h"
#include "base/endian.h"
#include "base/fault.h"
#include "record/codec.h"
#include "record/extract.h"
#include "store/ring.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, SPOOL_BYTES = 1 << 22, NOTE_HEAD = 2, TRIES = 200, WAIT_US = 50000 };

const struct arg state_rows[2] = {
    { "state", "DIR", "the folder that gateway and service share", arg_text,
        offsetof(struct state_options, dir), 0, 0 },
    { "key-file", "FILE", "64 hexadecimal digits: the secret of all hashes, the gateway's", arg_text,
        offsetof(struct state_options, key_file), 0, 0 },
};

static int path_in(const struct state_options *options, const char *name, char path[static PATH_BYTES])
{
    if (snprintf(path, PATH_BYTES, "%s/%s", options->dir, name) >= PATH_BYTES)
        return say_failed(options->dir, STATUS_TOO_BIG);
    return EXIT_GO_ON;
}

/* Gateway and service are two users of the folder's group, which what is made within has as well. */
static int make_folder(const char *path)
{
    if (mkdir(path, 0770) == 0 ? chmod(path, 02770) != 0 : errno != EEXIST)
        return say_failed(path, STATUS_IO);
    return EXIT_GO_ON;
}

/* Made by root it is for who has the folder: the service could not read it. */
static int give_away(const char *path, const char *folder)
{
    struct stat info;
    if (geteuid() == 0 && (stat(folder, &info) != 0 || chown(path, info.st_uid, info.st_gid) != 0))
        return say_failed(path, STATUS_IO);
    return EXIT_GO_ON;
}

int state_open(const struct state_options *options, enum table_mode mode, struct state *ret_state)
{
    char path[PATH_BYTES];
    struct state state = { .options = options };
    struct diag diag = { 0 };
    if (!options->dir || !options->key_file)
        return say_usage("--state DIR and --key-file FILE are needed");
    int status = secret_load(options->key_file, &state.key);
    if (status == EXIT_GO_ON && mode == TABLE_WRITE)
        status = make_folder(options->dir);
    if (status == EXIT_GO_ON)
        status = path_in(options, "table", path);
    if (status != EXIT_GO_ON)
        return status;
    enum status st = table_open(path, mode, 0, &state.key, &state.table, &diag);
    if (st != STATUS_OK && diag.reason[0]) {
        say_diag(&diag);
        return EXIT_FAILED;
    }
    if (st != STATUS_OK)
        return say_failed(path, st);
    *ret_state = state;
    return EXIT_GO_ON;
}

void state_close(struct state *state)
{
    table_close(state->table);
    extractor_free(state->extractor);
    buffer_fini(&state->notes);
    *state = (struct state){ .options = state->options };
}

int state_failed(const struct state *state, const char *what, enum status st)
{
    if (st != STATUS_BAD)
        return say_failed(what, st);
    fprintf(stderr, "%s: %s/table: %s\n", program_invocation_short_name, state->options->dir, TABLE_DAMAGED);
    return EXIT_FAILED;
}

int state_commit(struct state *state, const char *what, enum status st)
{
    if (st == STATUS_OK)
        st = table_write_commit(state->table);
    else
        table_write_abort(state->table);
    return st == STATUS_OK ? EXIT_GO_ON : state_failed(state, what, st);
}

/* Other commands hold the ring for as long as they write to it. */
static int open_spool(const struct state *state, struct ring **ret_ring)
{
    char folder[PATH_BYTES], path[PATH_BYTES];
    struct diag diag = { 0 };
    enum status st = STATUS_IO;
    int status = path_in(state->options, "spool", folder);
    if (status == EXIT_GO_ON)
        status = make_folder(folder);
    if (status == EXIT_GO_ON)
        status = path_in(state->options, "spool/command.ring", path);
    if (status != EXIT_GO_ON)
        return status;
    for (unsigned i = 0; i < TRIES; i++) {
        errno = 0;
        st = ring_open(path, SPOOL_BYTES, state->key.check, ret_ring, &diag);
        if (st != STATUS_IO || errno != EWOULDBLOCK)
            break;
        usleep(WAIT_US);
    }
    if (st != STATUS_OK)
        return say_failed(path, st);
    status = give_away(path, folder);
    if (status != EXIT_GO_ON) {
        ring_close(*ret_ring);
        *ret_ring = NULL;
    }
    return status;
}

int state_note(struct state *state, const struct event *event)
{
    enum status st = STATUS_OK;
    struct record record;
    struct buffer *notes = &state->notes;
    struct span name = event->kind == EVENT_ACCOUNT ? event->account.account : event->enforcement.account;
    if (!state->extractor)
        TRY(extractor_new(&state->key, &state->extractor));
    REQUIRE(buffer_reserve(notes, NOTE_HEAD + (size_t)2 * RECORD_ITEM_MAX), STATUS_NOMEM);
    extract_record(state->extractor, event, &record);
    uint8_t *note = (uint8_t *)notes->data + notes->n;
    uint8_t *items = note + NOTE_HEAD;
    size_t n = record_encode_name(record.account, name, items);
    n += record_encode(&record, items + n, RECORD_ITEM_MAX);
    put_le16(note, (uint16_t)n);
    notes->n += NOTE_HEAD + n;
    return EXIT_GO_ON;
fail:
    return say_failed("spool/command.ring", st);
}

/* A service that runs soon makes room. */
static int tell(struct ring *ring, struct span items)
{
    for (unsigned i = 0; i < TRIES && !ring_has_room(ring, items.n); i++)
        usleep(WAIT_US);
    if (ring_append(ring, items))
        return EXIT_GO_ON;
    fputs("stillwatch: spool/command.ring is full, and no service reads it: start stillwatchd, then do this "
          "again\n",
        stderr);
    return EXIT_FAILED;
}

int state_tell(struct state *state)
{
    struct ring *ring = NULL;
    struct buffer *notes = &state->notes;
    int status = open_spool(state, &ring);
    for (size_t at = 0, n = 0; status == EXIT_GO_ON && at < notes->n; at += NOTE_HEAD + n) {
        n = get_le16((const uint8_t *)notes->data + at);
        status = tell(ring, (struct span){ notes->data + at + NOTE_HEAD, n });
    }
    buffer_reset(notes);
    if (ring)
        ring_close(ring);
    return status;
}

struct running {
    const struct state_verb *verb;
    const void *options;
    const struct words *words;
    struct state state;
    int status;
};

static void run_verb(void *data)
{
    struct running *running = data;
    running->status = state_open(running->state.options, running->verb->mode, &running->state);
    if (running->status != EXIT_GO_ON)
        return;
    running->status = running->verb->run(&running->state, running->options, running->words);
    state_close(&running->state);
}

int state_run(const struct state_options *options, const struct state_verb *verbs, size_t n_verbs,
    const void *command_options, const struct words *words)
{
    size_t i = 0;
    while (i < n_verbs && (words->n == 0 || strcmp(words->items[0], verbs[i].name) != 0))
        i++;
    if (i == n_verbs)
        return words->n == 0 ? say_usage("what is to be done? %s, for example", verbs[0].name)
                             : say_usage("there is no '%s'; %s, for example", words->items[0], verbs[0].name);
    if (verbs[i].words_most != WORDS_ANY && words->n > verbs[i].words_most)
        return say_usage(
            "'%s' is a word too many for '%s'", words->items[verbs[i].words_most], verbs[i].name);
    struct running running = { &verbs[i], command_options, words, { .options = options }, EXIT_GO_ON };
    fault_guard_start();
    if (!fault_guarded(run_verb, &running)) /* the table is not touched again, not even to close it */
        running.status = state_failed(&running.state, words->items[0], STATUS_BAD);
    fault_guard_stop();
    return running.status == EXIT_GO_ON ? EXIT_DONE : running.status;
}
