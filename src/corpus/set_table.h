/* set_table.h: the public sets that are known, where they go, and how their texts are cleaned; see sets.h. */
#ifndef CORPUS_SET_TABLE_H
#define CORPUS_SET_TABLE_H

#include "corpus/set_store.h"

/* Adds the texts of every set in the directory; STATUS_NOT_FOUND if there is none. */
MUST_CHECK enum status set_table_read(const char *data, struct sets *sets, struct diag *diag);

#endif
