/*
 * secret.h: the key of all hashes, from a file or the published default.
 */
#ifndef APP_SECRET_H
#define APP_SECRET_H

#include "base/key.h"

/* path NULL: the default secret. Says what is wrong; EXIT_GO_ON, or EXIT_USAGE. */
int secret_load(const char *path, struct key *ret_key);

#endif
