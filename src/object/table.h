/*
 * table.h: the inside of an object_table, for the files of this folder and their tests.
 *
 * Memory: holders three fifths of singles_bytes; of issued_bytes 13/16 for anchors, 2/16 for refused tasks,
 *   1/16 for what was told: 15.8 bytes an anchor all in.
 */
#ifndef OBJECT_TABLE_H
#define OBJECT_TABLE_H

#include "object/holder.h"
#include "object/index.h"
#include "object/issued.h"
#include "object/object.h"
#include "object/refused.h"
#include "object/shared.h"
#include "object/told.h"

struct object_table {
    struct holders holders;
    struct object_index index;
    struct shared_table shared;
    struct issued issued;
    struct refused refused;
    struct told told;
};

/* Ties one sighting can make at most, but for an announcement, which looks for room itself; the caller has reserved it. */
enum { TIES_A_SIGHTING = 4 };

/* An account shows an object, which is looked for at key; holder is the account's reference. */
void object_show(struct object_table *table, const struct sighting *sighting, struct way_key key,
    uint32_t holder, const struct population *population, struct tie_list *ties);
/* The same of an object that lies here among the shared ones. */
void object_show_shared(struct object_table *table, struct shared *shared, const struct sighting *sighting,
    const struct population *population, struct tie_list *ties);
/* A sighting of a direct kind; key: of an anchor among what was issued. */
void object_direct(struct object_table *table, const struct sighting *sighting, struct way_key key,
    uint32_t holder, struct tie_list *ties);

#endif
