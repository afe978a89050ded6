#include "base/places.h"

#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

enum { DEPTH_MAX = 8 };

struct level {
    size_t path_n; /* length of the path of the container */
    unsigned index;
    bool is_list, has_key;
};

struct reader {
    struct places *places;
    struct diag *diag;
    struct level levels[DEPTH_MAX + 1];
    unsigned depth; /* 0: outside of the document */
    unsigned documents;
    char path[PLACE_PATH];
    uint32_t key_line, key_column;
};

void places_fini(struct places *places)
{
    free(places->items);
    *places = (struct places){ 0 };
}

static enum status complain(struct reader *reader, yaml_mark_t mark, const char *reason)
{
    diag_set(reader->diag, reader->path, "%s", reason);
    if (reader->diag) {
        reader->diag->line = mark.line + 1;
        reader->diag->column = (uint32_t)mark.column + 1;
    }
    return STATUS_BAD;
}

static struct place *new_place(struct places *places)
{
    if (places->n == places->capacity) {
        size_t capacity = places->capacity ? places->capacity * 2 : 64;
        struct place *bigger = realloc(places->items, capacity * sizeof *bigger);
        if (!bigger)
            return NULL;
        places->items = bigger;
        places->capacity = capacity;
    }
    return &places->items[places->n++];
}

static void name_path(struct reader *reader, const char *name)
{
    size_t n = reader->levels[reader->depth].path_n;
    snprintf(reader->path + n, sizeof reader->path - n, "%s%s", n ? "." : "", name);
}

static void number_path(struct reader *reader, unsigned index)
{
    size_t n = reader->levels[reader->depth].path_n;
    snprintf(reader->path + n, sizeof reader->path - n, "[%u]", index);
}

static void copy_text(char to[static PLACE_TEXT], const char *text)
{
    size_t n = strnlen(text, PLACE_TEXT - 1);
    memcpy(to, text, n);
    to[n] = '\0';
}

static enum status take_value(struct reader *reader, const yaml_event_t *event)
{
    struct level *level = &reader->levels[reader->depth];
    if (reader->depth == 0)
        return STATUS_OK; /* the top of the document */
    if (level->is_list) {
        number_path(reader, level->index++);
        reader->key_line = (uint32_t)event->start_mark.line + 1;
        reader->key_column = (uint32_t)event->start_mark.column + 1;
    }
    if (reader->places->n == PLACES_MAX)
        return complain(reader, event->start_mark, "too many settings");
    struct place *place = new_place(reader->places);
    if (!place)
        return STATUS_NOMEM;
    *place = (struct place){
        .key_line = reader->key_line,
        .key_column = reader->key_column,
        .line = (uint32_t)event->start_mark.line + 1,
        .column = (uint32_t)event->start_mark.column + 1,
    };
    memcpy(place->path, reader->path, sizeof place->path);
    if (event->type == YAML_SCALAR_EVENT)
        copy_text(place->text, (const char *)event->data.scalar.value);
    level->has_key = false;
    return STATUS_OK;
}

static void take_key(struct reader *reader, const yaml_event_t *event)
{
    struct level *level = &reader->levels[reader->depth];
    name_path(reader, (const char *)event->data.scalar.value);
    level->has_key = true;
    reader->key_line = (uint32_t)event->start_mark.line + 1;
    reader->key_column = (uint32_t)event->start_mark.column + 1;
}

static bool is_key(const struct reader *reader)
{
    const struct level *level = &reader->levels[reader->depth];
    return reader->depth > 0 && !level->is_list && !level->has_key;
}

static enum status open_level(struct reader *reader, const yaml_event_t *event)
{
    if (is_key(reader))
        return complain(reader, event->start_mark, "a key must be a single word");
    enum status st = take_value(reader, event);
    if (st != STATUS_OK)
        return st;
    if (reader->depth == DEPTH_MAX)
        return complain(reader, event->start_mark, "nested too deeply");
    size_t n = reader->depth ? strlen(reader->path) : 0;
    reader->levels[++reader->depth] =
        (struct level){ .path_n = n, .is_list = event->type == YAML_SEQUENCE_START_EVENT };
    return STATUS_OK;
}

static void close_level(struct reader *reader)
{
    reader->path[reader->levels[reader->depth].path_n] = '\0';
    reader->depth--;
}

static enum status take_event(struct reader *reader, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return reader->documents++ ? complain(reader, event->start_mark, "a second document") : STATUS_OK;
    case YAML_ALIAS_EVENT:
        return complain(reader, event->start_mark, "aliases are not allowed");
    case YAML_SCALAR_EVENT:
        if (!is_key(reader))
            return take_value(reader, event);
        take_key(reader, event);
        return STATUS_OK;
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        return open_level(reader, event);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        close_level(reader);
        return STATUS_OK;
    default:
        return STATUS_OK;
    }
}

/* Bytes that are no text are met before what stands before them was parsed; of them libyaml knows only how far in they are. */
static enum status complain_of_bytes(struct reader *reader, const yaml_parser_t *parser, struct span yaml)
{
    yaml_mark_t mark = { 0 };
    size_t end = parser->offset < yaml.n ? parser->offset : yaml.n; /* where the character begins */
    bool marked = yaml.n >= 3 && memcmp(yaml.data, "\xEF\xBB\xBF", 3) == 0;
    for (size_t i = marked ? 3 : 0; i < end; i++) {
        if (yaml.data[i] == '\n') {
            mark.line++;
            mark.column = 0;
        } else {
            mark.column += ((uint8_t)yaml.data[i] & 0xc0) != 0x80; /* characters of UTF-8 */
        }
    }
    reader->path[0] = '\0';
    return complain(reader, mark, parser->problem);
}

static enum status read_events(struct reader *reader, yaml_parser_t *parser, struct span yaml)
{
    enum status st = STATUS_OK;
    bool ended = false;
    while (!ended && st == STATUS_OK) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event)) {
            if (parser->error == YAML_MEMORY_ERROR)
                return STATUS_NOMEM;
            if (parser->error == YAML_READER_ERROR)
                return complain_of_bytes(reader, parser, yaml);
            return complain(
                reader, parser->problem_mark, parser->problem ? parser->problem : "this is not YAML");
        }
        ended = event.type == YAML_STREAM_END_EVENT;
        st = take_event(reader, &event);
        yaml_event_delete(&event);
    }
    return st;
}

enum status places_read(struct span yaml, struct places *ret_places, struct diag *diag)
{
    yaml_parser_t parser;
    struct places places = { 0 };
    struct reader reader = { .places = &places, .diag = diag };
    if (!yaml_parser_initialize(&parser))
        return STATUS_NOMEM;
    yaml_parser_set_input_string(&parser, (const unsigned char *)yaml.data, yaml.n);
    enum status st = read_events(&reader, &parser, yaml);
    yaml_parser_delete(&parser);
    if (st == STATUS_OK)
        *ret_places = places;
    else
        places_fini(&places);
    return st;
}

const struct place *places_find(const struct places *places, const char *path)
{
    for (size_t i = 0; i < places->n; i++) {
        if (strcmp(places->items[i].path, path) == 0)
            return &places->items[i];
    }
    return NULL;
}

const struct place *places_at(const struct places *places, uint32_t line, uint32_t column)
{
    for (size_t i = 0; i < places->n; i++) {
        if (places->items[i].line == line && places->items[i].column == column)
            return &places->items[i];
    }
    return NULL;
}

static bool ends_with_key(const char *path, const char *name)
{
    size_t path_n = strlen(path), name_n = strlen(name);
    if (path_n < name_n || strcmp(path + path_n - name_n, name) != 0)
        return false;
    return path_n == name_n || path[path_n - name_n - 1] == '.';
}

const struct place *places_key_after(
    const struct places *places, const char *name, uint32_t line, uint32_t column)
{
    for (size_t i = 0; i < places->n; i++) {
        const struct place *place = &places->items[i];
        bool after = place->key_line > line || (place->key_line == line && place->key_column >= column);
        if (after && ends_with_key(place->path, name))
            return place;
    }
    return NULL;
}
