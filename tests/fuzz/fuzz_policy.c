/* A policy file: it loads, or it is refused with a place. */
#include "fuzz.h"

#include "policy/policy.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct key key;
    struct diag diag = { 0 };
    struct policy *policy = NULL;
    const char *path = fuzz_input_file(data, n);
    key_init(&key, key_default_secret);
    enum status st = policy_load(path, &key, &policy, &diag);
    if (st == STATUS_BAD && diag.reason[0] == '\0')
        abort();
    policy_free(policy);
    return 0;
}
