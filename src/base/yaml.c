#include "base/yaml.h"

#include "base/file.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum { REASON_BYTES = 64 };

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

static const cyaml_schema_value_t *member(const cyaml_schema_value_t *group, const char *key, size_t n)
{
    if (group->type != CYAML_MAPPING)
        return NULL;
    for (const cyaml_schema_field_t *field = group->mapping.fields; field->key; field++)
        if (strlen(field->key) == n && memcmp(field->key, key, n) == 0)
            return &field->value;
    return NULL;
}

/* What the schema says of the value at a path; NULL where it does not have it, or the path was cut short. */
static const cyaml_schema_value_t *schema_at(const cyaml_schema_value_t *schema, const char *path)
{
    while (schema && *path) {
        size_t n = strcspn(path, *path == '[' ? "]" : ".[");
        if (*path == '[')
            schema = schema->type == CYAML_SEQUENCE ? schema->sequence.entry : NULL;
        else
            schema = member(schema, path, n);
        path += n;
        path += *path == ']';
        path += *path == '.';
    }
    return schema;
}

static void say_size(char reason[static REASON_BYTES], uint32_t least, uint32_t most, const char *unit)
{
    if (least == most)
        snprintf(reason, REASON_BYTES, "must have %" PRIu32 " %s", most, unit);
    else
        snprintf(reason, REASON_BYTES, "must have %" PRIu32 " to %" PRIu32 " %s", least, most, unit);
}

/* Of texts and lists that are too short or too long. It notices too many entries at the first that is too much. */
static bool explain_size(const struct complaint *complaint, const struct places *places,
    const cyaml_schema_value_t *schema, struct diag *diag)
{
    char path[PLACE_PATH], reason[REASON_BYTES];
    const struct place *place = places_at(places, complaint->line, complaint->column);
    snprintf(path, sizeof path, "%s", place ? place->path : "");
    char *entry = strncmp(complaint->text, "Excessive entries", 17) == 0 ? strrchr(path, '[') : NULL;
    if (entry)
        *entry = '\0';
    const cyaml_schema_value_t *value = schema_at(schema, path);
    if (value && value->type == CYAML_STRING && strncmp(complaint->text, "STRING length", 13) == 0)
        say_size(reason, value->string.min, value->string.max, "bytes");
    else if (value && value->type == CYAML_SEQUENCE && strstr(complaint->text, " entries "))
        say_size(reason, value->sequence.min, value->sequence.max, "entries");
    else
        return false;
    say(diag, path, reason, complaint->line, complaint->column);
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

/* A zero in front would make it octal. */
static bool is_whole(const char *text)
{
    return *text && text[strspn(text, "0123456789")] == '\0' && (text[0] != '0' || !text[1]);
}

static bool is_number(const char *text)
{
    char *end;
    double value = strtod(text, &end);
    return isfinite(value) && end != text && *end == '\0';
}

static bool is_flag(const char *text)
{
    static const char *const words[] = { "true", "false", "yes", "no", "on", "off" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(text, words[i]) == 0)
            return true;
    return false;
}

/* libcyaml stops at the first character that does not belong to a number, and takes any other word for true. */
static enum status check_scalars(
    const cyaml_schema_value_t *schema, const struct places *places, struct diag *diag)
{
    for (size_t i = 0; i < places->n; i++) {
        const struct place *place = &places->items[i];
        const cyaml_schema_value_t *value = schema_at(schema, place->path);
        const char *reason = NULL;
        if (value && value->type == CYAML_UINT && !is_whole(place->text))
            reason = "must be a whole number, 0 or more";
        else if (value && value->type == CYAML_FLOAT && !is_number(place->text))
            reason = "must be a number";
        else if (value && value->type == CYAML_BOOL && !is_flag(place->text))
            reason = "must be true or false";
        if (!reason)
            continue;
        say(diag, place->path, reason, place->line, place->column);
        return STATUS_BAD;
    }
    return STATUS_OK;
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
        if (!explain_missing(&complaint, places, diag) && !explain_size(&complaint, places, schema, diag))
            explain(&complaint, err, places, diag);
        return STATUS_BAD;
    }
    enum status st = data ? check_scalars(schema, places, diag) : STATUS_OK;
    if (st == STATUS_OK)
        *ret_data = data;
    else
        yaml_file_free(schema, data);
    return st;
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
