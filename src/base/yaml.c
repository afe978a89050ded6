#include "base/yaml.h"

#include "base/file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* What libcyaml logs: the complaint, then a backtrace whose first line has the position. */
struct complaint {
    char text[160];
    uint32_t line, column;
    bool has_text, has_position;
};

__attribute__((format(printf, 3, 0))) static void hear(
    cyaml_log_t level, void *context, const char *format, va_list args)
{
    struct complaint *complaint = context;
    char text[sizeof complaint->text];
    (void)level;
    vsnprintf(text, sizeof text, format, args);
    const char *at = strstr(text, " (line: ");
    if (at && !complaint->has_position) {
        /* Both numbers are the library's own: they fit. */
        complaint->has_position =
            sscanf( // NOLINT(cert-err34-c)
                at, " (line: %" SCNu32 ", column: %" SCNu32 ")", &complaint->line, &complaint->column) == 2;
    } else if (!complaint->has_text && !strstr(text, "Backtrace")) {
        complaint->has_text = true;
        snprintf(complaint->text, sizeof complaint->text, "%s", strncmp(text, "Load: ", 6) ? text : text + 6);
        complaint->text[strcspn(complaint->text, "\n")] = '\0';
    }
}

static const struct {
    const char *heard, *said;
    bool names_key; /* ends with the key it is about, which stands after the position given */
} phrases[] = {
    { "Unexpected key: ", "unknown key", true },
    { "Mapping field already seen: ", "given twice", true },
    { "Invalid ENUM value: ", "not one of the words allowed here", false },
    { "Unknown flag: ", "not one of the words allowed here", false },
    { "Invalid UINT value", "must be a whole number, 0 or more", false },
    { "Invalid uint64_t", "must be a whole number, 0 or more", false },
    { "Invalid FLOAT value", "must be a number", false },
    { "FLOAT overflow", "must be a number of ordinary size", false },
    { "Expecting MAPPING", "must be a group of keys", false },
    { "Expecting SEQUENCE", "must be a list", false },
    { "Expecting ", "must be a single value", false },
    { "STRING length", "must have 1 to 256 characters", false },
};

static void say(struct diag *diag, const char *field, const char *reason, uint32_t line, uint32_t column)
{
    diag_set(diag, field, "%s", reason);
    if (diag) {
        diag->line = line ? line : 1;
        diag->column = column ? column : 1;
    }
}

/* libcyaml notices at the end of the group, so the position is that of its last value. */
static bool explain_missing(const struct complaint *complaint, const struct places *places, struct diag *diag)
{
    static const char heard[] = "Missing required mapping field: ";
    char group[PLACE_PATH] = "", reason[sizeof complaint->text + 16];
    if (strncmp(complaint->text, heard, sizeof heard - 1) != 0)
        return false;
    const struct place *place = places_at(places, complaint->line, complaint->column);
    const char *dot = place ? strrchr(place->path, '.') : NULL;
    if (dot)
        memcpy(group, place->path, (size_t)(dot - place->path));
    snprintf(reason, sizeof reason, "%s is missing", complaint->text + sizeof heard - 1);
    say(diag, group, reason, complaint->line, complaint->column);
    return true;
}

static void explain(
    const struct complaint *complaint, cyaml_err_t err, const struct places *places, struct diag *diag)
{
    const char *said = cyaml_strerror(err);
    const struct place *place = places_at(places, complaint->line, complaint->column);
    uint32_t line = complaint->line, column = complaint->column;
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        size_t n = strlen(phrases[i].heard);
        if (strncmp(complaint->text, phrases[i].heard, n) != 0)
            continue;
        said = phrases[i].said;
        if (phrases[i].names_key) {
            place = places_key_after(places, complaint->text + n, line, column);
            line = place ? place->key_line : line;
            column = place ? place->key_column : column;
        }
        break;
    }
    say(diag, place ? place->path : "", said, line, column);
}

static void *allocate(void *context, void *old, size_t size)
{
    (void)context;
    if (size > 0)
        return realloc(old, size);
    free(old);
    return NULL;
}

static const cyaml_config_t quiet = { .mem_fn = allocate, .flags = CYAML_CFG_NO_ALIAS };

enum status yaml_file_read(struct span yaml, const cyaml_schema_value_t *schema, const struct places *places,
    void **ret_data, struct diag *diag)
{
    struct complaint complaint = { 0 };
    cyaml_config_t config = quiet;
    config.log_fn = hear;
    config.log_ctx = &complaint;
    config.log_level = CYAML_LOG_ERROR;
    cyaml_data_t *data = NULL;
    cyaml_err_t err = cyaml_load_data((const uint8_t *)yaml.data, yaml.n, &config, schema, &data, NULL);
    if (err == CYAML_ERR_OOM)
        return STATUS_NOMEM;
    if (err != CYAML_OK) {
        if (!explain_missing(&complaint, places, diag))
            explain(&complaint, err, places, diag);
        return STATUS_BAD;
    }
    *ret_data = data;
    return STATUS_OK;
}

enum status yaml_file_bytes(const char *path, struct span *ret_yaml, struct diag *diag)
{
    if (diag)
        *diag = (struct diag){ .file = path };
    enum status st = file_read(path, YAML_FILE_MAX, ret_yaml);
    if (st == STATUS_TOO_BIG)
        diag_set(diag, "", "is over %d MiB", YAML_FILE_MAX >> 20);
    else if (st != STATUS_OK)
        diag_set(diag, "", "%s", st == STATUS_IO ? strerror(errno) : status_text(st));
    return st;
}

enum status yaml_file_parse(struct span yaml, const char *name, const cyaml_schema_value_t *schema,
    yaml_check check, void **ret_data, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct places places = { 0 };
    void *read = NULL;
    if (diag)
        *diag = (struct diag){ .file = name };
    TRY(places_read(yaml, &places, diag));
    TRY(yaml_file_read(yaml, schema, &places, &read, diag));
    if (!read)
        diag_set(diag, "", "is empty");
    REQUIRE(read, STATUS_BAD);
    TRY(check(read, &places, diag));
    *ret_data = read;
    read = NULL;
fail:
    places_fini(&places);
    yaml_file_free(schema, read);
    return st;
}

void yaml_file_free(const cyaml_schema_value_t *schema, void *data)
{
    if (data)
        cyaml_free(&quiet, schema, data, 0);
}
