#define _GNU_SOURCE /* setresuid, CLONE_THREAD */
#include "service/confine.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

static enum status refuse(struct diag *diag, enum status st, const char *what)
{
    if (st == STATUS_IO)
        diag_set(diag, "", "%s: %s", what, strerror(errno));
    else
        diag_set(diag, "", "%s", what);
    return st;
}

enum status confine_user(const char *user, struct diag *diag)
{
    const struct passwd *entry = NULL;
    if (!user)
        return geteuid() == 0 ? refuse(diag, STATUS_BAD, "it does not run as root: name another with --user")
                              : STATUS_OK;
    entry = getpwnam(user); // NOLINT(concurrency-mt-unsafe): before there is another thread
    if (!entry)
        return refuse(diag, STATUS_BAD, "there is no such user");
    if (entry->pw_uid == 0)
        return refuse(diag, STATUS_BAD, "it does not run as root: name another with --user");
    if (geteuid() != 0)
        return geteuid() == entry->pw_uid ? STATUS_OK
                                          : refuse(diag, STATUS_BAD, "only root may become another user");
    if (initgroups(user, entry->pw_gid) != 0 || setresgid(entry->pw_gid, entry->pw_gid, entry->pw_gid) != 0 ||
        setresuid(entry->pw_uid, entry->pw_uid, entry->pw_uid) != 0)
        return refuse(diag, STATUS_IO, "cannot become that user");
    return STATUS_OK;
}

static const int allowed[] = {
    /* files */
    SCMP_SYS(openat),
    SCMP_SYS(close),
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(preadv),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(pwrite64),
    SCMP_SYS(pwritev),
    SCMP_SYS(lseek),
    SCMP_SYS(fstat),
    SCMP_SYS(stat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(statx),
    SCMP_SYS(fstatfs),
    SCMP_SYS(ftruncate),
    SCMP_SYS(fallocate),
    SCMP_SYS(fsync),
    SCMP_SYS(fdatasync),
    SCMP_SYS(msync),
    SCMP_SYS(flock),
    SCMP_SYS(fcntl),
    SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),
    SCMP_SYS(mkdir),
    SCMP_SYS(mkdirat),
    SCMP_SYS(getdents64),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    /* memory */
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(sysinfo), /* glibc's qsort asks how much memory there is before it allocates */
    SCMP_SYS(membarrier),
    /* the socket that is open */
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendto),
    SCMP_SYS(sendmsg),
    SCMP_SYS(sendfile),
    SCMP_SYS(shutdown),
    SCMP_SYS(setsockopt),
    SCMP_SYS(getsockopt),
    SCMP_SYS(getsockname),
    SCMP_SYS(getpeername),
    SCMP_SYS(ioctl),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(select),
    SCMP_SYS(pselect6),
    SCMP_SYS(epoll_create1),
    SCMP_SYS(epoll_ctl),
    SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait),
    /* threads, signals, time */
    SCMP_SYS(futex),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(get_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(gettid),
    SCMP_SYS(getpid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigtimedwait),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(tgkill),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(getrandom),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
#ifdef SANITIZED /* what the sanitizers' own run-time asks for, at exit above all */
    SCMP_SYS(mmap),
    SCMP_SYS(mprotect),
    SCMP_SYS(clone),
    SCMP_SYS(ptrace),
    SCMP_SYS(getdents), /* else the leak check waits for ever for the process that it made */
    SCMP_SYS(wait4),
    SCMP_SYS(prctl),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(pipe2),
    SCMP_SYS(getppid),
    SCMP_SYS(arch_prctl),
    SCMP_SYS(kill),
    SCMP_SYS(open),
    SCMP_SYS(dup),
    SCMP_SYS(getrlimit),
    SCMP_SYS(prlimit64),
    SCMP_SYS(sysinfo),
    SCMP_SYS(getrusage),
    SCMP_SYS(uname),
#endif
};

static int add_rules(scmp_filter_ctx filter)
{
    int rc = 0;
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed && rc == 0; i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
#ifndef SANITIZED
    const struct scmp_arg_cmp a_name = SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME, 0);
    const struct scmp_arg_cmp not_executable = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    const struct scmp_arg_cmp a_thread = SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD);
    rc = rc ? rc : seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, &not_executable);
    rc = rc ? rc : seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, &not_executable);
    rc = rc ? rc : seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, &a_thread);
    rc = rc ? rc : seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, &a_name);
#endif
    /* Its flags lie in memory, where no filter sees them: the library then asks for clone. */
    return rc ? rc : seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

enum status confine_calls(struct diag *diag)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!filter)
        return STATUS_NOMEM;
    int rc = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    rc = rc ? rc : add_rules(filter);
    rc = rc ? rc : seccomp_load(filter);
    seccomp_release(filter);
    if (rc != 0)
        diag_set(diag, "seccomp", "the filter of system calls cannot be set: %s", strerror(-rc));
    return rc == 0 ? STATUS_OK : STATUS_IO;
}
