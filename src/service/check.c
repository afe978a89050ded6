#include "base/fault.h"
#include "base/yaml.h"
#include "service/service_state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum status service_path(
    const struct service_config *config, const char *name, char ret_path[static SERVICE_PATH])
{
    int n = snprintf(ret_path, SERVICE_PATH, "%s/%s", config->state, name);
    return n < SERVICE_PATH ? STATUS_OK : STATUS_TOO_BIG;
}

/* A policy is one block of the journal. */
_Static_assert((int)YAML_FILE_MAX <= (int)JOURNAL_BLOCK_MAX, "service_journal_policy");

/* A pipe would be waited for, with everything else, and is another one at the next reading. */
enum status service_read_policy(const struct service_config *config, struct span *ret_text, struct diag *diag)
{
    struct stat info;
    if (!config->policy) {
        *ret_text = (struct span){ 0 };
        return STATUS_OK;
    }
    diag->file = config->policy;
    if (stat(config->policy, &info) == 0 && !S_ISREG(info.st_mode)) {
        diag_set(diag, "", "not a regular file");
        return STATUS_BAD;
    }
    return yaml_file_bytes(config->policy, ret_text, diag);
}

enum status service_check_policy(const struct service_config *config, struct span text, struct diag *diag)
{
    struct policy *policy = NULL;
    if (config->policy)
        diag->file = config->policy;
    enum status st = policy_read(text, config->key, &policy, diag);
    policy_free(policy);
    return st;
}

static enum status check_policy_file(const struct service_config *config, struct diag *diag)
{
    struct span text = { 0 };
    enum status st = service_read_policy(config, &text, diag);
    if (st == STATUS_OK)
        st = service_check_policy(config, text, diag);
    free((void *)(uintptr_t)text.data);
    return st;
}

static enum status check_is_folder(const char *path, const char *field, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct stat info;
    REQUIRE(stat(path, &info) == 0, STATUS_IO);
    errno = ENOTDIR;
    REQUIRE(S_ISDIR(info.st_mode), STATUS_IO);
    REQUIRE(access(path, R_OK | W_OK | X_OK) == 0, STATUS_IO);
    return st;
fail:
    diag_set(diag, field, "%s", strerror(errno));
    return st;
}

/* It is made in the folder above it, which is not. */
static enum status check_can_be_made(const struct service_config *config, struct diag *diag)
{
    char above[SERVICE_PATH];
    size_t n = strlen(config->state);
    while (n > 1 && config->state[n - 1] == '/')
        n--;
    while (n > 0 && config->state[n - 1] != '/')
        n--;
    snprintf(above, sizeof above, "%.*s", n > 0 ? (int)n : 1, n > 0 ? config->state : ".");
    return check_is_folder(above, "the folder above it", diag);
}

/* *ret_there: what is in it can be looked at. What is not there yet will be made. */
static enum status check_folders(const struct service_config *config, bool *ret_there, struct diag *diag)
{
    static const char *const names[] = { "spool", "table", "journal" };
    enum status st = STATUS_OK;
    char path[SERVICE_PATH];
    struct stat info;
    *ret_there = stat(config->state, &info) == 0 || errno != ENOENT;
    if (!*ret_there)
        return check_can_be_made(config, diag);
    TRY(check_is_folder(config->state, "", diag));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        TRY(service_path(config, names[i], path));
        if (stat(path, &info) == 0 || errno != ENOENT)
            TRY(check_is_folder(path, names[i], diag));
    }
fail:
    return st;
}

enum status service_known(struct table *table, struct service_state *ret_state, struct diag *diag)
{
    struct span bytes;
    enum status st = table_find_state(table, STATE_NAME, &bytes);
    if (st == STATUS_OK)
        st = state_decode(bytes, ret_state);
    else if (st == STATUS_NOT_FOUND)
        st = STATUS_OK;
    if (st != STATUS_OK)
        diag_set(diag, "", "what it says of journal and rings cannot be read");
    return st;
}

struct looking {
    const struct service_config *config;
    struct service_state *known;
    struct diag *diag;
    enum status st;
};

static void look_at_table(void *data)
{
    enum status st = STATUS_OK;
    struct looking *looking = data;
    struct table *table = NULL;
    char path[SERVICE_PATH];
    TRY(service_path(looking->config, "table", path));
    st = table_open(
        path, TABLE_LOOK, looking->config->table_bytes, looking->config->key, &table, looking->diag);
    TRY(st);
    TRY(table_read_begin(table));
    st = service_known(table, looking->known, looking->diag);
fail:
    table_close(table);
    looking->st = st;
}

/* Nothing is known where there is no table yet. */
static enum status check_table(
    const struct service_config *config, struct service_state *ret_known, struct diag *diag)
{
    struct looking looking = { config, ret_known, diag, STATUS_BAD };
    enum status st = STATUS_OK;
    char path[SERVICE_PATH];
    TRY(service_path(config, "table/data.mdb", path));
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return STATUS_OK;
    if (!fault_guarded(look_at_table, &looking))
        diag_set(diag, "", "%s", TABLE_DAMAGED);
    st = looking.st;
fail:
    return st;
}

static enum status check_state(const struct service_config *config, struct diag *diag)
{
    enum status st = STATUS_OK;
    const char *what = "table";
    char path[SERVICE_PATH];
    struct service_state *known = calloc(1, sizeof *known);
    REQUIRE(known, STATUS_NOMEM);
    TRY(check_table(config, known, diag));
    what = "journal";
    TRY(service_path(config, what, path));
    TRY(journal_check(path, config->key->check, known->journal, diag));
fail:
    free(known);
    diag->file = config->state; /* not a path of here */
    if (st != STATUS_OK)
        snprintf(diag->field, sizeof diag->field, "%s", what);
    return st;
}

enum status service_check(const struct service_config *config, struct diag *diag)
{
    enum status st = STATUS_OK;
    bool there = false;
    *diag = (struct diag){ 0 };
    TRY(check_policy_file(config, diag));
    diag->file = config->state;
    TRY(check_folders(config, &there, diag));
    if (there)
        TRY(check_state(config, diag));
fail:
    return st;
}
