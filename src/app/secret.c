#define _GNU_SOURCE /* program_invocation_short_name */
#include "app/secret.h"
#include "app/say.h"
#include "base/file.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int secret_load(const char *path, struct key *ret_key)
{
    uint8_t secret[32];
    struct span text = { NULL, 0 };
    if (!path) {
        key_init(ret_key, key_default_secret);
        return EXIT_GO_ON;
    }
    enum status st = file_read(path, 4096, &text);
    if (st != STATUS_OK) {
        say_failed(path, st);
        return EXIT_USAGE;
    }
    st = key_parse(text, secret);
    free((void *)(uintptr_t)text.data);
    if (st != STATUS_OK) {
        fprintf(stderr, "%s: %s: a key is 64 hexadecimal digits\n", program_invocation_short_name, path);
        return EXIT_USAGE;
    }
    key_init(ret_key, secret);
    return EXIT_GO_ON;
}
