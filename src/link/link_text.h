/*
 * link_text.h: the clusters as a short table for people.
 *
 * Errors: remembered by the buffer.
 */
#ifndef LINK_LINK_TEXT_H
#define LINK_LINK_TEXT_H

#include "base/buffer.h"
#include "link/link_files.h"

void link_text(struct buffer *text, const struct link_output *output);

#endif
