/*
 * status.h: the one error convention of the tree.
 *
 * Errors: every fallible function returns `enum status`, must be checked, puts its outputs last, names them
 *   `ret_x`, and writes them only on success. Callers use TRY and REQUIRE with a local `enum status st` and one
 *   label `fail:`, which frees what must be freed and returns st.
 * Order of calls: log once, where the error is handled; below `app/` nothing prints.
 */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

enum status {
    STATUS_OK = 0,
    STATUS_NOMEM,     /* an allocation failed */
    STATUS_IO,        /* the operating system refused a file operation */
    STATUS_BAD,       /* the input is malformed */
    STATUS_TOO_BIG,   /* the input exceeds a stated limit */
    STATUS_NEED_MORE, /* the input ends before the item does */
    STATUS_END,       /* there is no further item; not an error */
    STATUS_FULL,      /* a bounded table has no room by its rule */
    STATUS_NOT_FOUND, /* nothing under that name or key */
    STATUS_MISMATCH,  /* version, key or checksum differs from what is expected */
};

#define MUST_CHECK __attribute__((warn_unused_result))

/* Runs a fallible call; on failure leaves by the label fail with st set. */
#define TRY(call)                                                                                            \
    do {                                                                                                     \
        st = (call);                                                                                         \
        if (st != STATUS_OK)                                                                                 \
            goto fail;                                                                                       \
    } while (0)

/* Checks a condition about input, memory or the outside; on failure leaves by fail with the given status. */
#define REQUIRE(cond, code)                                                                                  \
    do {                                                                                                     \
        if (!(cond)) {                                                                                       \
            st = (code);                                                                                     \
            goto fail;                                                                                       \
        }                                                                                                    \
    } while (0)

/* A short English phrase for people; never NULL. */
const char *status_text(enum status st);

#endif
