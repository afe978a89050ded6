/*
 * link_files.h: what `stillwatch link` writes: clusters.csv, scores.csv, link.json (docs/formats.md).
 *
 * Shapes: clusters count from 1, in the order of crew.h; within one accounts by score, then first appearance.
 * Memory: the whole text of a file, for the call.
 * Errors: STATUS_IO (errno), STATUS_NOMEM; a file is there whole or not at all.
 */
#ifndef LINK_LINK_FILES_H
#define LINK_LINK_FILES_H

#include "link/crew.h"
#include "link/csv.h"

struct link_output {
    const struct link *link;
    const struct crews *crews;
    struct csv_counts counts;
};

MUST_CHECK enum status link_files_clusters(const struct link_output *output, const char *path);
/* Every account with a score above 0, in order of first appearance. */
MUST_CHECK enum status link_files_scores(const struct link_output *output, const char *path);
MUST_CHECK enum status link_files_json(const struct link_output *output, const char *path);

#endif
