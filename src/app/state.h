/*
 * state.h: the folder that gateway and service share, as the commands on keys, accounts and decisions see it.
 *
 * Model: DIR/table is the table (store/table.h), DIR/spool holds the rings (store/ring.h).
 * Errors: said on standard error; an exit status is returned, or EXIT_GO_ON.
 */
#ifndef APP_STATE_H
#define APP_STATE_H

#include "app/args.h"
#include "base/buffer.h"
#include "exchange/event.h"
#include "store/table.h"

struct state_options {
    const char *dir, *key_file;
};

extern const struct arg state_rows[2];

struct extractor;

struct state {
    const struct state_options *options;
    struct key key;
    struct table *table;
    struct extractor *extractor; /* made with the first note */
    struct buffer notes;         /* for the service: {length u16, an entry of its ring} */
};

enum { WORDS_ANY = 0 };

/* One thing that a command does with the table; words[0] is its name. */
struct state_verb {
    const char *name;
    size_t words_most; /* its name included */
    enum table_mode mode;
    int (*run)(struct state *state, const void *options, const struct words *words);
};

/* Opens the state, does what the first word says, and closes it: the command's exit status. */
int state_run(const struct state_options *options, const struct state_verb *verbs, size_t n_verbs,
    const void *command_options, const struct words *words);

/* With --state missing: EXIT_USAGE. */
int state_open(const struct state_options *options, enum table_mode mode, struct state *ret_state);
void state_close(struct state *state);
/* Says why the table did not do what it was asked for; returns EXIT_FAILED. */
int state_failed(const struct state *state, const char *what, enum status st);
/* Says how the write went, after which it is committed or given up. */
int state_commit(struct state *state, const char *what, enum status st);
/* Takes down what the provider knows of an account, for state_tell; the event's text may go. */
int state_note(struct state *state, const struct event *event);
/* Tells the service what was taken down, through a ring of its own. Waits for other commands, and while the ring is full. */
int state_tell(struct state *state);

#endif
