/*
 * walk.h: walks JSON objects by tables of keys, and keeps the path for the fault report.
 *
 * Model: a table lists the known keys of one kind of object, each with the function that reads its value
 *   into the C object at `offset`. Keys of real traffic come in the order of the table nearly always, so
 *   that the search starts behind the last hit. null is absent. Of a key given twice the last value that
 *   is not null counts.
 * Errors: STATUS_BAD with walk.fault set; STATUS_MISMATCH is a wrong type at walk.path; NOMEM. After any
 *   of these the walk is over. With `lenient` a value of the wrong type is passed over as if it were
 *   absent.
 * Shapes: nesting beyond WALK_DEPTH levels of *known* keys is not read (values nobody reads nest as they
 *   like).
 */
#ifndef EXCHANGE_WALK_H
#define EXCHANGE_WALK_H

#include "base/diag.h"
#include "exchange/json.h"
#include "exchange/log.h"

enum { WALK_DEPTH = 24, UNKNOWN_MAX = 32, UNKNOWN_BYTES = 64, ID_MAX_BYTES = 255 };

struct walk_step {
    struct span key; /* of an object; of an array: empty */
    uint32_t index;
};

struct unknown_keys {
    uint32_t n;
    char names[UNKNOWN_MAX][UNKNOWN_BYTES];
};

struct walk {
    struct json *json;
    bool lenient;
    enum line_fault fault;
    const char *reason;
    uint64_t seen; /* bits of the keys that the last finished object had */
    unsigned depth;
    struct walk_step path[WALK_DEPTH];
    struct unknown_keys unknown; /* of this line */
};

struct field;
/* Reads one value that is not null. */
typedef enum status field_fn(
    struct walk *walk, const struct field *field, struct json_value *value, void *object);

enum { KEY_MAX_BYTES = 32 };

struct field {
    char name[KEY_MAX_BYTES]; /* in place and padded with zeros, so that it is compared in words */
    uint8_t n;
    uint8_t bit; /* in walk.seen; 0: none */
    uint16_t offset;
    uint32_t arg;
    field_fn *read;
    const void *more; /* a table of words or fields, where read wants one */
};

/* The function, then what else is to be set. */
#define FIELD(key, ...)                                                                                      \
    {                                                                                                        \
        .name = key, .n = sizeof(key) - 1, .read = __VA_ARGS__                                               \
    }

struct fields {
    const struct field *rows;
    size_t n;
    const char *noted_as; /* prefix under which unknown keys are noted; NULL: they are not */
};

#define FIELDS(rows_, noted)                                                                                 \
    {                                                                                                        \
        (rows_), sizeof(rows_) / sizeof *(rows_), (noted)                                                    \
    }

/* Words of a closed list, which a word without a name ends. */
struct word {
    const char *name;
    int value;
};

/* For names that are tried one after the other: most differ in the first byte. */
static inline bool is_word(struct span text, const char *name)
{
    return text.n > 0 && text.data[0] == name[0] && span_is(text, name);
}

/* The word of that name, or the one without a name. */
const struct word *word_named(const struct word *words, struct span name);

void walk_start(struct walk *walk);
MUST_CHECK enum status walk_members(
    struct walk *walk, struct json_value *value, const struct fields *fields, void *object);
/* As walk_members, for members that are open already. */
MUST_CHECK enum status walk_open_members(
    struct walk *walk, struct json_items *members, const struct fields *fields, void *object);
typedef enum status element_fn(struct walk *walk, struct json_value *value, void *object);
MUST_CHECK enum status walk_elements(
    struct walk *walk, struct json_value *value, element_fn *read, void *object);

/* For functions that read: the value has the right type, but cannot be. */
MUST_CHECK enum status walk_bad_value(struct walk *walk, const char *reason);
/* Adds a last step to the path, for a fault that is found late. */
void walk_point_at(struct walk *walk, const char *key);
/* Fills field and reason of the diag from a failed walk. */
void walk_explain(const struct walk *walk, enum status st, struct diag *diag);
/* The same of a walk over this line, whose bytes may be no text. */
void walk_explain_line(const struct walk *walk, enum status st, struct span line, struct diag *diag);

/* Field functions. The object at offset is: */
field_fn read_nothing;  /* (only the bit counts) */
field_fn read_span;     /* struct span */
field_fn read_span_if;  /* struct span; another type is passed over */
field_fn read_id;       /* struct span of at most ID_MAX_BYTES; arg 1: not empty */
field_fn read_count;    /* int64_t, not negative, at most arg (0: 2^53) */
field_fn read_int32;    /* int32_t, clamped; a negative one is absent */
field_fn read_milli;    /* int32_t in thousandths, clamped; a negative one is absent */
field_fn read_time;     /* int64_t */
field_fn read_word;     /* int, by the struct word list (ended by NULL) in more */
field_fn read_flag;     /* uint32_t: bit arg by a boolean */
field_fn read_given;    /* uint32_t: bit arg set, whatever the value */
field_fn read_escaped;  /* struct span: a string between its quotes as written; another type is passed over */
field_fn read_verbatim; /* struct span: any JSON as written */
field_fn read_fields;   /* an object whose struct fields are in more, into the same C object */

#endif
