/*
 * amend.h: changes members at the top level of a JSON request body and leaves every other byte as it is.
 *
 * Model: one pass with the cursor that also reads the request (json.h) notes where each member begins and ends. A
 *   change names a key: the first member of that key gets the new value, further ones go, and a key that is not there
 *   is appended. So no key that was changed occurs twice afterwards, however it was written: keys are compared
 *   unescaped ("\u006dodel" is "model").
 * Shapes: values are replaced as a whole, never within. What stays keeps its white space.
 * Memory: as json.h for the body, and 56 bytes for each of at most AMEND_MEMBERS_MAX members.
 * Ownership: the body is borrowed, with JSON_PADDING readable bytes behind it, until the next scan; so are the members.
 * Errors: STATUS_BAD: no JSON object. STATUS_TOO_BIG: longer than max_bytes, or more members. After a scan that failed
 *   there is nothing to write.
 * Order of calls: amend_scan, then any of the others.
 * Cost: that of finding tokens, 0.2 us a kB, and a copy for amend_write.
 * Threads: one a thread.
 */
#ifndef EXCHANGE_AMEND_H
#define EXCHANGE_AMEND_H

#include "base/buffer.h"
#include "base/diag.h"
#include "exchange/json.h"

enum { AMEND_MEMBERS_MAX = 256 };

struct amend;

struct amend_member {
    struct span key;     /* unescaped */
    struct span value;   /* as written, without white space around it */
    bool repeated;       /* another member has the same key */
    uint32_t begin, end; /* in the body: behind the comma or bracket before it, at the one after it */
    uint32_t from;       /* in the body: the opening quote of the key */
};

/* What becomes of a key. */
struct amend_change {
    const char *key;   /* without quotes, backslashes and control characters */
    struct span value; /* JSON; empty: the key is deleted */
};

MUST_CHECK enum status amend_new(size_t max_bytes, struct amend **ret_amend);
void amend_free(struct amend *amend);

MUST_CHECK enum status amend_scan(struct amend *amend, struct span body, struct diag *diag);

/* The cursor that has the scanned body open, for pair_read_params; until the next scan. */
const struct json *amend_cursor(const struct amend *amend);

/* In the order of the body; NULL beyond the last. */
const struct amend_member *amend_at(const struct amend *amend, size_t i);
/* The last member of that key, which is the one that JSON readers obey; NULL: none. */
const struct amend_member *amend_find(const struct amend *amend, const char *key);

/* Appends the scanned body with the changes, whose keys differ, to the buffer. */
MUST_CHECK enum status amend_write(
    const struct amend *amend, const struct amend_change *changes, size_t n, struct buffer *buffer);

#endif
