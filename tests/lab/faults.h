/*
 * faults.h: files with a fault, and how the error has to name it.
 */
#ifndef TESTS_LAB_FAULTS_H
#define TESTS_LAB_FAULTS_H

#include "base/diag.h"
#include "base/span.h"
#include "support/test.h"

#include <string.h>

struct fault {
    const char *yaml, *field, *reason;
    uint32_t line;
};

/* Reads one file and frees what it made of it. */
typedef enum status fault_read(struct span yaml, const char *name, struct diag *diag);

static inline void expect_faults(fault_read *read, const struct fault *faults, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct fault *fault = &faults[i];
        struct diag diag = { 0 };
        enum status st = read(span_of(fault->yaml), "file.yaml", &diag);
        if (st != STATUS_BAD || strcmp(diag.field, fault->field) != 0 || diag.line != fault->line ||
            !strstr(diag.reason, fault->reason))
            fail_msg("%s\nwant %u: [%s] %s\ngot  %u: [%s] %s (%s)", fault->yaml, fault->line, fault->field,
                fault->reason, (unsigned)diag.line, diag.field, diag.reason, status_text(st));
        assert_string_equal(diag.file, "file.yaml");
    }
}
#define EXPECT(read, faults) expect_faults(read, faults, sizeof(faults) / sizeof *(faults))

#endif
