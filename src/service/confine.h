/*
 * confine.h: gives up what the service does not need: root, and system calls beyond those of its work.
 *
 * Model: the filter (seccomp) allows reading, writing and mapping files, answering connections on the socket that is
 *   open, waiting, and threads; anything else, such as running a program or connecting somewhere, kills the process.
 *   Memory is never both writable by mistake and executable: mapping anything executable is refused too.
 * Errors: STATUS_BAD with diag: no such user, root without one, or an unprivileged caller that names another user;
 *   STATUS_IO: the system refused.
 * Order of calls: confine_user before anything is opened; confine_calls when everything is, on any thread: it holds for
 *   all of them.
 */
#ifndef SERVICE_CONFINE_H
#define SERVICE_CONFINE_H

#include "base/diag.h"
#include "base/status.h"

/* user NULL: whoever runs it, but not root. */
MUST_CHECK enum status confine_user(const char *user, struct diag *diag);
MUST_CHECK enum status confine_calls(struct diag *diag);

#endif
