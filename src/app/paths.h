/*
 * paths.h: whether what is to be written would take the place of what is read, or of another output.
 */
#ifndef APP_PATHS_H
#define APP_PATHS_H

#include <stdbool.h>

/* Both lead to a file that is there, links included. NULL leads to none. */
bool paths_same(const char *left, const char *right);
/* Whether the path is, or would be if it were made, one of these files of the folder; names end with NULL. */
bool paths_in(const char *path, const char *folder, const char *const *names);

#endif
