#define _GNU_SOURCE /* MAP_ANONYMOUS, nftw */
#include "service/service.h"

#include "base/fault.h"
#include "base/file.h"
#include "folder.h"
#include "store/table.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { TEAM = 40, PEOPLE = 200, EXCHANGES = 6000 };

static struct key key;
static struct world world;
static char folder[FOLDER_PATH], other[FOLDER_PATH], policy_file[2 * FOLDER_PATH];

static int set_up(void **state)
{
    (void)state;
    struct test_random random = { 1 };
    key_init(&key, key_default_secret);
    folder_make(folder);
    folder_make(other);
    snprintf(policy_file, sizeof policy_file, "%s/policy.yaml", other);
    world_init(&world, 20000);
    world_fill(&world, &random, TEAM, PEOPLE, EXCHANGES);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_fini(&world);
    folder_remove(folder);
    folder_remove(other);
    return 0;
}

static struct service_config config_of(const char *state, const char *policy)
{
    return (struct service_config){ .state = state,
        .policy = policy,
        .key = &key,
        .n_threads = 1,
        .accounts_max = 4000,
        .issued_bytes = 1 << 20,
        .table_bytes = 1 << 26 };
}

static struct service *start(const char *state, const char *policy)
{
    struct service_config config = config_of(state, policy);
    struct service *service;
    struct diag diag;
    enum status st = service_open(&config, 0, &service, &diag);
    if (st != STATUS_OK)
        fail_msg("%s: %s: %s", diag.file, diag.field, diag.reason);
    while ((st = service_replay(service, &diag)) == STATUS_OK)
        ;
    if (st != STATUS_END)
        fail_msg("%s: %s: %s", diag.file, diag.field, diag.reason);
    return service;
}

/* Rounds until nothing waits. The clock goes on by a second a round, so that every round looks for new rings. */
static void drain(struct service *service)
{
    static int64_t now_ms;
    struct service_stats stats;
    struct diag diag;
    bool more;
    do {
        assert_ok(service_round(service, now_ms += 1000, &more, &diag));
        if (diag.reason[0])
            fail_msg("%s: %s", diag.field, diag.reason);
        service_stats(service, &stats);
    } while (more || stats.spool.waiting_bytes > 0);
}

/* Records from..to-1 through a ring, emptied whenever it is full. */
static void feed(struct service *service, const char *state, size_t from, size_t to)
{
    struct ring *ring = folder_ring(state, "w.ring", key.check);
    for (size_t i = from; i < to; i++)
        while (!folder_append(ring, &world.records[i]))
            drain(service);
    ring_close(ring);
    drain(service);
}

/* What the table says of whom, as text. */
struct dump {
    char *text;
    size_t n;
    unsigned rows, actions[ACTION_COUNT];
};

static enum status dump_row(void *context, struct span account, const struct decision_row *row)
{
    struct dump *dump = context;
    dump->text = realloc(dump->text, dump->n + 1024);
    assert_non_null(dump->text);
    dump->n += (size_t)snprintf(dump->text + dump->n, 1024, "%.*s %u %u %llu %lld %lld %.*s\n",
        (int)account.n, account.data, row->action, row->mode, (unsigned long long)row->campaign,
        (long long)row->time_ms, (long long)row->expires_ms, (int)row->reason.n, row->reason.data);
    dump->rows++;
    dump->actions[row->action]++;
    return STATUS_OK;
}

static struct dump dump_table(const char *state)
{
    char path[2 * FOLDER_PATH];
    struct table *table;
    struct dump dump = { 0 };
    struct diag diag = { 0 };
    snprintf(path, sizeof path, "%s/table", state);
    assert_ok(table_open(path, TABLE_READ, 1 << 26, &key, &table, &diag));
    assert_ok(table_read_begin(table));
    assert_ok(table_each_decision(table, dump_row, &dump));
    table_read_end(table);
    table_close(table);
    return dump;
}

static void a_ring_that_has_just_begun_is_read_when_it_is_looked_for(void **state)
{
    (void)state;
    struct service_stats stats;
    struct diag diag;
    bool more;
    struct service *service = start(folder, NULL);
    assert_ok(service_round(service, 1000, &more, &diag));
    struct ring *ring = folder_ring(folder, "new.ring", key.check);
    assert_true(folder_append(ring, &world.records[0]));
    assert_ok(service_round(service, 1001, &more, &diag));
    service_stats(service, &stats);
    assert_int_equal(stats.spool.entries, 0);
    service_look_anew(service);
    assert_ok(service_round(service, 1002, &more, &diag));
    service_stats(service, &stats);
    assert_int_equal(stats.spool.entries, 1);
    ring_close(ring);
    service_close(service);
}

static void a_team_is_contained_in_the_table(void **state)
{
    (void)state;
    struct service *service = start(folder, NULL);
    struct service_stats stats;
    feed(service, folder, 0, world.n);
    service_stats(service, &stats);
    assert_int_equal(stats.campaigns, 1);
    assert_int_equal(stats.bad_entries, 0);
    assert_true(stats.ready);
    service_close(service);
    struct dump dump = dump_table(folder);
    assert_int_equal(dump.actions[ACTION_SUSPEND] + dump.actions[ACTION_RESTRICT], TEAM);
    assert_int_equal(dump.rows, TEAM);
    free(dump.text);
}

static void assert_same_engine(const struct engine_stats *a, const struct engine_stats *b)
{
    assert_int_equal(a->records, b->records);
    assert_int_equal(a->exchanges, b->exchanges);
    assert_int_equal(a->ticks, b->ticks);
    assert_int_equal(a->late, b->late);
    assert_int_equal(a->last_ms, b->last_ms);
    assert_memory_equal(a->decisions, b->decisions, sizeof a->decisions);
}

static void a_restart_makes_the_engine_that_was(void **state)
{
    (void)state;
    struct service_stats before, after;
    struct service *service = start(folder, NULL);
    feed(service, folder, 0, world.n - 100);
    service_stats(service, &before);
    service_close(service);
    service = start(folder, NULL);
    service_stats(service, &after);
    assert_same_engine(&before.engine, &after.engine);
    assert_int_equal(after.replayed, world.n - 100);
    assert_int_equal(after.starts, before.starts + 1);
    for (unsigned i = 0; i < ACTION_COUNT; i++)
        assert_int_equal(after.published[i], 0);
    service_close(service);
}

static void a_first_clock_that_is_wrong_is_still_doubted_after_a_restart(void **state)
{
    (void)state;
    struct service_stats stats;
    int64_t last_ms = world.records[9].time_ms;
    world.records[0].time_ms += INT64_C(3650) * 24 * 3600 * 1000;
    for (size_t fed = 1; fed <= 2; fed++) {
        const char *where = fed == 1 ? folder : other;
        struct service *service = start(where, NULL);
        feed(service, where, 0, fed);
        service_close(service);
        service = start(where, NULL);
        feed(service, where, fed, 10);
        service_stats(service, &stats);
        assert_int_equal(stats.engine.late, 1);
        assert_true(stats.engine.last_ms <= last_ms);
        service_close(service);
    }
}

static void write_policy(const char *text)
{
    FILE *file = fopen(policy_file, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void another_policy_is_taken_and_replayed_where_it_was_taken(void **state)
{
    (void)state;
    struct service_stats before, after;
    struct diag diag;
    write_policy("mode: shadow\n");
    struct service *service = start(folder, policy_file);
    feed(service, folder, 0, 3000);
    write_policy("mode: enforced\ncampaign:\n  epoch_seconds: 1200\n");
    assert_ok(service_reload(service, &diag));
    feed(service, folder, 3000, 5000);
    write_policy("mode: enforced\nnonsense: 1\n");
    assert_int_equal(service_reload(service, &diag), STATUS_BAD);
    assert_int_equal(diag.line, 2);
    assert_string_equal(diag.file, policy_file);
    write_policy("mode: enforced\ncampaign:\n  epoch_seconds: 1200\n");
    assert_ok(service_reload(service, &diag));
    feed(service, folder, 5000, world.n);
    service_stats(service, &before);
    assert_int_equal(before.policies, 2);
    assert_int_equal(before.policies_refused, 1);
    service_close(service);
    service = start(folder, policy_file);
    service_stats(service, &after);
    assert_same_engine(&before.engine, &after.engine);
    assert_int_equal(after.policies, 2);
    service_close(service);
    /* Changed while nobody ran: taken at the end of the replay. */
    write_policy("mode: shadow\n");
    service = start(folder, policy_file);
    service_stats(service, &after);
    assert_int_equal(after.policies, 3);
    drain(service);
    service_close(service);
    service = start(folder, policy_file);
    service_stats(service, &after);
    assert_int_equal(after.policies, 3);
    service_close(service);
}

static void what_is_written_during_a_replay_is_taken_and_decided(void **state)
{
    (void)state;
    struct service_config config = config_of(folder, NULL);
    struct service_stats stats;
    struct service *service = start(folder, NULL);
    struct diag diag;
    enum status st;
    bool more;
    feed(service, folder, 0, 3000);
    service_close(service);
    assert_ok(service_open(&config, 0, &service, &diag));
    struct ring *ring = folder_ring(folder, "w.ring", key.check);
    for (size_t i = 3000; i < world.n; i++)
        while (!folder_append(ring, &world.records[i]))
            assert_ok(service_round(service, 1000 * (int64_t)i, &more, &diag));
    ring_close(ring);
    assert_ok(service_round(service, 1000 * (int64_t)world.n, &more, &diag));
    service_stats(service, &stats);
    assert_int_equal(stats.spool.waiting_bytes, 0);
    assert_int_equal(stats.engine.records, 0);
    assert_ok(service_replay(service, &diag)); /* part of it, and then it ends before the rest is decided */
    service_close(service);
    assert_ok(service_open(&config, 0, &service, &diag));
    while ((st = service_replay(service, &diag)) == STATUS_OK)
        ;
    assert_int_equal(st, STATUS_END);
    service_stats(service, &stats);
    assert_int_equal(stats.replayed, world.n);
    drain(service);
    service_close(service);
    struct dump dump = dump_table(folder);
    assert_int_equal(dump.rows, TEAM);
    free(dump.text);
}

/* As systemd does with RestrictSUIDSGID: modes that hand on the group cannot be said. */
static void restrict_modes(void)
{
    const struct {
        int call;
        unsigned mode;
    } rows[] = { { SCMP_SYS(mkdir), 1 }, { SCMP_SYS(chmod), 1 }, { SCMP_SYS(fchmod), 1 },
        { SCMP_SYS(mkdirat), 2 }, { SCMP_SYS(fchmodat), 2 } };
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    for (size_t i = 0; filter && i < sizeof rows / sizeof *rows; i++)
        (void)seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), rows[i].call, 1,
            SCMP_CMP(rows[i].mode, SCMP_CMP_MASKED_EQ, S_ISGID, S_ISGID));
    if (!filter || seccomp_load(filter) != 0)
        _exit(1);
}

static void a_first_start_needs_no_mode_that_systemd_forbids(void **state)
{
    (void)state;
    int status;
    struct stat info;
    char path[2 * FOLDER_PATH];
    assert_int_equal(chmod(folder, 02770), 0);
    pid_t child = fork();
    if (child == 0) {
        struct service_config config = config_of(folder, NULL);
        struct service *service;
        struct diag diag;
        umask(07); /* packaging/systemd/stillwatchd.service */
        restrict_modes();
        _exit(service_open(&config, 0, &service, &diag) == STATUS_OK ? 0 : 2);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    snprintf(path, sizeof path, "%s/spool", folder);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 02770);
}

static void a_second_service_is_refused(void **state)
{
    (void)state;
    struct service *service = start(folder, NULL), *second;
    struct service_config config = config_of(folder, NULL);
    struct diag diag;
    assert_int_equal(service_open(&config, 0, &second, &diag), STATUS_IO);
    assert_string_equal(diag.field, "lock");
    assert_non_null(strstr(diag.reason, "another stillwatchd"));
    service_close(service);
}

static void a_bad_policy_or_a_damaged_journal_is_refused_with_its_place(void **state)
{
    (void)state;
    struct service *service;
    struct service_config config = config_of(folder, policy_file);
    struct diag diag;
    char path[2 * FOLDER_PATH];
    write_policy("mode: maybe\n");
    assert_int_equal(service_open(&config, 0, &service, &diag), STATUS_BAD);
    assert_int_equal(diag.line, 1);
    write_policy("");
    service = start(folder, policy_file);
    feed(service, folder, 0, 1000);
    service_close(service);
    snprintf(path, sizeof path, "%s/journal/00000001.journal", folder);
    int fd = open(path, O_RDWR);
    assert_int_equal(pwrite(fd, "\1\2\3\4", 4, 5000), 4);
    close(fd);
    assert_ok(service_open(&config, 0, &service, &diag));
    enum status st;
    while ((st = service_replay(service, &diag)) == STATUS_OK)
        ;
    assert_int_equal(st, STATUS_BAD);
    assert_string_equal(diag.file, path);
    assert_string_equal(diag.reason, "a block's checksum is wrong");
    service_close(service);
}

static void an_entry_that_is_no_record_is_counted_and_the_rest_is_taken(void **state)
{
    (void)state;
    struct service *service = start(folder, NULL);
    struct service_stats stats;
    struct ring *ring = folder_ring(folder, "w.ring", key.check);
    assert_true(folder_append(ring, &world.records[0]));
    assert_true(ring_append(ring, SPAN("this is no record")));
    assert_true(folder_append(ring, &world.records[1]));
    ring_close(ring);
    drain(service);
    service_stats(service, &stats);
    assert_int_equal(stats.bad_entries, 1);
    service_close(service);
    service = start(folder, NULL);
    service_stats(service, &stats);
    assert_int_equal(stats.replayed, 2);
    service_close(service);
}

/* No file may grow beyond that: what a full disk does to journal and table. */
static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_full_disk_stalls_rounds_and_loses_nothing(void **state)
{
    (void)state;
    struct service *service = start(folder, NULL);
    struct service_stats stats;
    struct diag diag;
    bool more;
    struct ring *ring = folder_ring(folder, "w.ring", key.check);
    signal(SIGXFSZ, SIG_IGN);
    for (rlim_t limit = 1024; limit <= 4096; limit *= 2) {
        limit_files(limit);
        for (size_t i = 0; i < 20; i++)
            assert_true(folder_append(ring, &world.records[(limit / 1024 - 1) * 20 + i]));
        assert_ok(service_round(service, (int64_t)limit, &more, &diag));
        assert_true(diag.reason[0]);
    }
    limit_files(RLIM_INFINITY);
    service_stats(service, &stats);
    assert_int_equal(stats.stalled, 3);
    ring_close(ring);
    drain(service);
    service_close(service);
    service = start(folder, NULL);
    service_stats(service, &stats);
    assert_int_equal(stats.replayed, 60);
    assert_int_equal(stats.bad_entries, 0);
    service_close(service);
}

static void old_segments_go_and_the_rest_is_replayed_under_its_policy(void **state)
{
    (void)state;
    static const int64_t day_ms = 86400000;
    struct service_stats stats;
    struct diag diag;
    struct service *service = start(folder, NULL);
    bool more;
    for (int64_t day = 1; day <= 60; day++) {
        struct ring *ring = folder_ring(folder, "w.ring", key.check);
        assert_true(folder_append(ring, &world.records[100 * day])); /* so that ticks end */
        ring_close(ring);
        assert_ok(service_round(service, day * day_ms, &more, &diag));
    }
    service_stats(service, &stats);
    assert_in_range(stats.journal_segments, 45, 47);
    service_close(service);
    service = start(folder, NULL);
    service_stats(service, &stats);
    assert_in_range(stats.replayed, 45, 47);
    service_close(service);
}

static void take_events_of(struct service *service, int64_t time_ms)
{
    struct diag diag;
    bool more;
    struct ring *ring = folder_ring(folder, "w.ring", key.check);
    for (size_t i = 0; i < 100; i++) { /* so that ticks end */
        struct record record = world.records[i];
        record.time_ms = time_ms + (int64_t)i * 1000;
        assert_true(folder_append(ring, &record));
    }
    ring_close(ring);
    assert_ok(service_round(service, time_ms, &more, &diag));
}

static unsigned segments_of(const struct service *service)
{
    struct service_stats stats;
    service_stats(service, &stats);
    return stats.journal_segments;
}

/* A segment a day; by the clock alone a thousand days would drop them all. */
static void a_clock_set_ahead_drops_no_segment_before_events_come_there(void **state)
{
    (void)state;
    static const int64_t hour_ms = 3600000, day_ms = 86400000, ahead_ms = T0 + 1000 * INT64_C(86400000);
    struct diag diag;
    struct service *service = start(folder, NULL);
    bool more;
    for (int64_t day = 0; day < 5; day++)
        take_events_of(service, T0 + day * day_ms);
    unsigned segments = segments_of(service);
    assert_in_range(segments, 5, 7);
    for (int64_t hour = 0; hour < 3; hour++)
        assert_ok(service_round(service, ahead_ms + hour * hour_ms, &more, &diag));
    assert_true(segments_of(service) >= segments);
    take_events_of(service, ahead_ms + 3 * hour_ms); /* it was no mistake */
    assert_ok(service_round(service, ahead_ms + 4 * hour_ms, &more, &diag));
    assert_in_range(segments_of(service), 1, 2);
    service_close(service);
}

/* Two days in the life of the clock; the records are of years later. */
static void no_record_ends_a_decision_before_the_clock_does(void **state)
{
    (void)state;
    static const int64_t day_ms = 86400000;
    struct service_stats stats;
    struct table *table;
    struct diag diag;
    bool more;
    service_close(start(folder, NULL));
    char path[256];
    snprintf(path, sizeof path, "%s/table", folder);
    assert_ok(table_open(path, TABLE_WRITE, 0, &key, &table, &diag));
    assert_ok(table_write_begin(table));
    assert_ok(table_put_decision(
        table, SPAN("acct"), &(struct decision_row){ .expires_ms = 2 * day_ms, .reason = SPAN("r") }));
    assert_ok(table_write_commit(table));
    table_close(table);
    struct service *service = start(folder, NULL);
    for (size_t round = 0; round < 4; round++) {
        struct ring *ring = folder_ring(folder, "w.ring", key.check);
        for (size_t i = 0; i < 500; i++) /* so that ticks end */
            assert_true(folder_append(ring, &world.records[500 * round + i]));
        ring_close(ring);
        int64_t now_ms = (round < 3 ? 1 : 4) * day_ms + (int64_t)round;
        do
            assert_ok(service_round(service, now_ms, &more, &diag));
        while (more);
        service_stats(service, &stats);
        assert_int_equal(stats.swept, round == 3);
    }
    service_close(service);
}

/* byte 0: it is cut off there, else the rest is of that byte. */
static void damage_table(struct span whole, size_t left, int byte)
{
    char path[2 * FOLDER_PATH];
    snprintf(path, sizeof path, "%s/table/data.mdb", folder);
    int fd = open(path, O_RDWR);
    assert_int_equal(pwrite(fd, whole.data, whole.n, 0), whole.n);
    for (size_t at = left; byte && at < whole.n; at++)
        assert_int_equal(pwrite(fd, &byte, 1, (off_t)at), 1);
    assert_return_code(byte ? 0 : ftruncate(fd, (off_t)left), errno);
    close(fd);
}

/* In a process of its own, as what a fault leaves is lost: opening it, or a round with something to take. */
static int touch_table(struct service *service)
{
    struct service_config config = config_of(folder, NULL);
    struct diag diag = { 0 };
    bool more;
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        fault_guard_start();
        enum status st = service ? service_round(service, 1000000, &more, &diag)
                                 : service_open(&config, 0, &service, &diag);
        bool said = strcmp(diag.field, "table") == 0 && strcmp(diag.reason, TABLE_DAMAGED) == 0;
        _exit(st == STATUS_BAD && said ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void a_damaged_table_ends_it_with_what_to_do_and_nothing_is_lost(void **state)
{
    (void)state;
    static const struct {
        size_t left;
        int byte;
    } damages[] = { { 8192, 0 }, { 8192, 0xff }, { 8192, 1 } };
    char path[2 * FOLDER_PATH];
    struct span whole;
    struct service_stats stats;
    struct service *service = start(folder, NULL);
    feed(service, folder, 0, 100);
    struct ring *ring = folder_ring(folder, "w.ring", key.check);
    assert_true(folder_append(ring, &world.records[100]));
    ring_close(ring);
    snprintf(path, sizeof path, "%s/table/data.mdb", folder);
    assert_ok(file_read(path, 1 << 26, &whole));
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        damage_table(whole, damages[i].left, damages[i].byte);
        assert_int_equal(touch_table(service), 0);
    }
    damage_table(whole, whole.n, 0);
    service_close(service);
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        damage_table(whole, damages[i].left, damages[i].byte);
        assert_int_equal(touch_table(NULL), 0);
    }
    damage_table(whole, whole.n, 0);
    service = start(folder, NULL);
    drain(service);
    service_stats(service, &stats);
    assert_int_equal(stats.replayed, 100);
    assert_int_equal(stats.spool.entries, 1);
    service_close(service);
    free((void *)(uintptr_t)whole.data);
}

enum { KILLS = 100 };

/* What parent, writer and service tell each other. */
struct common {
    _Atomic size_t acknowledged, kills;
    _Atomic size_t rounds; /* of this service, since its replay has ended */
    _Atomic bool stop;
};

static void write_records(struct common *common)
{
    struct ring *ring = folder_ring(folder, "w.ring", key.check);
    for (size_t i = 0; i < world.n; i++) {
        while (
            i * KILLS >= world.n * (common->kills + 1)) /* a hundredth a kill, however fast the machine is */
            usleep(100);
        while (!folder_append(ring, &world.records[i]))
            usleep(100);
        common->acknowledged = i + 1;
        usleep(1000);
    }
    _exit(0);
}

static void serve(struct common *common)
{
    struct service_config config = config_of(folder, NULL);
    struct service *service;
    struct service_stats stats;
    struct diag diag;
    bool more;
    enum status st = service_open(&config, 0, &service, &diag);
    for (int64_t now_ms = 0; st == STATUS_OK && (st = service_replay(service, &diag)) == STATUS_OK;
         now_ms += 200)
        st = service_round(service, now_ms, &more, &diag);
    for (int64_t now_ms = 0; st == STATUS_END || st == STATUS_OK; now_ms += 200) {
        bool last = common->stop;
        st = service_round(service, now_ms, &more, &diag);
        service_stats(service, &stats);
        common->rounds += stats.ready;
        if (last && st == STATUS_OK && !more && stats.spool.waiting_bytes == 0)
            _exit(0);
        usleep(200);
    }
    fprintf(stderr, "%s: %s: %s\n", diag.file, diag.field, diag.reason);
    _exit(1);
}

static pid_t fork_into(void (*run)(struct common *common), struct common *common)
{
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nobody behind */
        run(common);
        _exit(1);
    }
    assert_true(child > 0);
    return child;
}

/* A busy machine may not come as far in any time that is set. */
static void wait_for_rounds(const struct common *common, size_t n)
{
    for (unsigned i = 0; common->rounds < n && i < 200000; i++)
        usleep(100);
}

/* Killed at 100 random instants, of opening, replay, rounds and commits alike, while a worker goes on writing. */
static void a_service_killed_at_any_instant_loses_and_repeats_nothing(void **state)
{
    (void)state;
    struct test_random random = { 100 };
    struct common *common =
        mmap(NULL, sizeof *common, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct service_stats killed, undisturbed;
    int status, early = 0;
    pid_t writer = fork_into(write_records, common);
    for (size_t i = 0; i < KILLS; i++) {
        common->rounds = 0;
        pid_t child = fork_into(serve, common);
        if (i % 2)
            wait_for_rounds(common, 1 + test_random_below(&random, 100));
        usleep((useconds_t)test_random_below(&random, i % 2 ? 2000 : 200000));
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        assert_true(WIFSIGNALED(status));
        early += common->acknowledged < world.n;
        common->kills++;
    }
    waitpid(writer, &status, 0);
    assert_int_equal(status, 0);
    common->stop = true;
    pid_t child = fork_into(serve, common);
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    struct service *service = start(folder, NULL);
    service_stats(service, &killed);
    service_close(service);
    assert_int_equal(killed.replayed, world.n);
    service = start(other, NULL);
    feed(service, other, 0, world.n);
    service_stats(service, &undisturbed);
    service_close(service);
    assert_same_engine(&killed.engine, &undisturbed.engine);
    struct dump a = dump_table(folder), b = dump_table(other);
    assert_int_equal(b.rows, TEAM);
    assert_string_equal(a.text, b.text);
    assert_true(killed.starts > KILLS / 4 && early > KILLS / 2);
    print_message("%llu starts, %d kills while the worker wrote\n", (unsigned long long)killed.starts, early);
    free(a.text);
    free(b.text);
    munmap(common, sizeof *common);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_ring_that_has_just_begun_is_read_when_it_is_looked_for),
        TEST(a_team_is_contained_in_the_table),
        TEST(a_restart_makes_the_engine_that_was),
        TEST(a_first_clock_that_is_wrong_is_still_doubted_after_a_restart),
        TEST(another_policy_is_taken_and_replayed_where_it_was_taken),
        TEST(what_is_written_during_a_replay_is_taken_and_decided),
        TEST(a_first_start_needs_no_mode_that_systemd_forbids),
        TEST(a_second_service_is_refused),
        TEST(a_bad_policy_or_a_damaged_journal_is_refused_with_its_place),
        TEST(an_entry_that_is_no_record_is_counted_and_the_rest_is_taken),
        TEST(a_full_disk_stalls_rounds_and_loses_nothing),
        TEST(old_segments_go_and_the_rest_is_replayed_under_its_policy),
        TEST(a_clock_set_ahead_drops_no_segment_before_events_come_there),
        TEST(no_record_ends_a_decision_before_the_clock_does),
        TEST(a_damaged_table_ends_it_with_what_to_do_and_nothing_is_lost),
        TEST(a_service_killed_at_any_instant_loses_and_repeats_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
