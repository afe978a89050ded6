/* test.h: cmocka with the includes it needs, in the one order it accepts. */
#ifndef TESTS_SUPPORT_TEST_H
#define TESTS_SUPPORT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/status.h"

#define assert_ok(call) assert_int_equal((call), STATUS_OK)

#endif
