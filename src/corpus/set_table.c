#define _GNU_SOURCE /* memmem */
#include "corpus/set_table.h"

#include "corpus/set_rows.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_BYTES = 1024 };

/* What a row's strings are. */
enum set_kind {
    SET_TASK,     /* one text of all strings, in the order of their paths */
    SET_INSIDE,   /* the instruction inside a text that also holds an answer */
    SET_TALK,     /* a role, a text, a role, a text ... */
    SET_MARKED,   /* a dialogue in one string, with marks before each turn */
    SET_MESSAGES, /* a role and a content a message */
    SET_SYSTEM,
};

/* Where tasks go: a pool, or the pool that the first words fit, or turn about (public questions: half of them are also
 * what people ask). */
enum { ROUTED = POOL_COUNT };

struct set_file {
    const char *set, *name; /* name NULL: every file of the set's directory */
    struct row_shape shape;
    enum set_kind kind;
    unsigned pool, other; /* other: the pool of every second row */
};

static const struct set_file files[] = {
    { "alpaca_52k", "alpaca_data.jsonl", { SET_LINES, NULL, { "instruction", "input" } }, SET_TASK, ROUTED,
        ROUTED },
    { "codealpaca", "code_alpaca_2k.json", { SET_DOCUMENT, "*", { "instruction", "input" } }, SET_TASK,
        POOL_CODE, POOL_CODE },
    { "gorilla_apibench", NULL, { SET_LINES, NULL, { "code" } }, SET_INSIDE, POOL_CODE, POOL_CODE },
    { "arena_hard", "arena-hard-v0.1_question.jsonl", { SET_LINES, NULL, { "prompt" } }, SET_TASK, ROUTED,
        ROUTED },
    { "arena_hard", "arena-bench-v1_question.jsonl", { SET_LINES, NULL, { "turns.*" } }, SET_TASK, ROUTED,
        ROUTED },
    { "self_instruct_seed", "user_oriented_instructions.jsonl",
        { SET_LINES, NULL, { "instruction", "instances.*.input" } }, SET_TASK, ROUTED, ROUTED },
    { "hh_rlhf_harmless_test", "harmless-base_test.jsonl", { SET_LINES, NULL, { "chosen" } }, SET_MARKED,
        POOL_CHAT, POOL_CHAT },
    { "sgd_dialogues", "train.jsonl", { SET_LINES, NULL, { "turns.*.*" } }, SET_TALK, POOL_SUPPORT,
        POOL_SUPPORT },
    { "polyai_banking77", "train.csv", { SET_CSV, NULL, { NULL } }, SET_TASK, POOL_SUPPORT, POOL_SUPPORT },
    { "polyai_banking77", "test.csv", { SET_CSV, NULL, { NULL } }, SET_TASK, POOL_SUPPORT, POOL_SUPPORT },
    { "t0_templates", NULL, { SET_LINES, NULL, { "prompt" } }, SET_TASK, POOL_DOCUMENT, POOL_DOCUMENT },
    { "bfcl_v4", "BFCL_v4_live_simple.json", { SET_LINES, NULL, { "question.*.*.content" } }, SET_TASK,
        POOL_EVALUATION, POOL_EVALUATION },
    { "bfcl_v4", "BFCL_v4_live_multiple.json", { SET_LINES, NULL, { "question.*.*.content" } }, SET_TASK,
        POOL_EVALUATION, POOL_EVALUATION },
    { "bfcl_v4", "BFCL_v4_simple_python.json", { SET_LINES, NULL, { "question.*.*.content" } }, SET_TASK,
        POOL_EVALUATION, POOL_EVALUATION },
    { "bfcl_v4", "BFCL_v4_multiple.json", { SET_LINES, NULL, { "question.*.*.content" } }, SET_TASK,
        POOL_EVALUATION, POOL_EVALUATION },
    { "bfcl_v4", "BFCL_v4_parallel.json", { SET_LINES, NULL, { "question.*.*.content" } }, SET_TASK,
        POOL_EVALUATION, POOL_EVALUATION },
    { "reasoning_eval_sets", "grade-school-math__test.jsonl", { SET_LINES, NULL, { "question" } }, SET_TASK,
        POOL_EVALUATION, POOL_MATH },
    { "reasoning_eval_sets", "AQuA__test.json", { SET_LINES, NULL, { "question", "options.*" } }, SET_TASK,
        POOL_EVALUATION, POOL_MATH },
    { "reasoning_eval_sets", "SVAMP__SVAMP.json", { SET_DOCUMENT, "*", { "Body", "Question" } }, SET_TASK,
        POOL_EVALUATION, POOL_MATH },
    { "reasoning_eval_sets", "MultiArith__MultiArith.json", { SET_DOCUMENT, "*", { "sQuestion" } }, SET_TASK,
        POOL_EVALUATION, POOL_MATH },
    { "reasoning_eval_sets", "AddSub__AddSub.json", { SET_DOCUMENT, "*", { "sQuestion" } }, SET_TASK,
        POOL_EVALUATION, POOL_MATH },
    { "reasoning_eval_sets", "SingleEq__questions.json", { SET_DOCUMENT, "*", { "sQuestion" } }, SET_TASK,
        POOL_EVALUATION, POOL_MATH },
    { "reasoning_eval_sets", "StrategyQA__task.json", { SET_DOCUMENT, "examples.*", { "input" } }, SET_TASK,
        POOL_EVALUATION, POOL_KNOWLEDGE },
    { "reasoning_eval_sets", "CommonsenseQA__train_rand_split.jsonl",
        { SET_LINES, NULL, { "question.stem", "question.choices.*.text" } }, SET_TASK, POOL_EVALUATION,
        POOL_KNOWLEDGE },
    { "reasoning_eval_sets", "CommonsenseQA__dev_rand_split.jsonl",
        { SET_LINES, NULL, { "question.stem", "question.choices.*.text" } }, SET_TASK, POOL_EVALUATION,
        POOL_EVALUATION },
    { "agentic_coding", "acr_conversations.jsonl",
        { SET_LINES, NULL, { "messages.*.role", "messages.*.content" } }, SET_MESSAGES, POOL_AGENT,
        POOL_AGENT },
    { "system_prompts", NULL, { SET_PLAIN, NULL, { NULL } }, SET_SYSTEM, SET_SYSTEMS, SET_SYSTEMS },
};

/* The pool that a text's first words fit; chat otherwise. */
static const struct {
    const char *first;
    enum corpus_pool pool;
} routes[] = { { "translate", POOL_TRANSLATION }, { "write a sql", POOL_CODE },
    { "write a function", POOL_CODE }, { "write a program", POOL_CODE }, { "write a python", POOL_CODE },
    { "write code", POOL_CODE }, { "create a function", POOL_CODE }, { "implement", POOL_CODE },
    { "write", POOL_WRITING }, { "compose", POOL_WRITING }, { "rewrite", POOL_WRITING },
    { "edit", POOL_WRITING }, { "create", POOL_WRITING }, { "draft", POOL_WRITING },
    { "summarize", POOL_WRITING }, { "what is the value", POOL_MATH }, { "calculate", POOL_MATH },
    { "compute", POOL_MATH }, { "solve", POOL_MATH }, { "simplify", POOL_MATH }, { "what", POOL_KNOWLEDGE },
    { "who", POOL_KNOWLEDGE }, { "when", POOL_KNOWLEDGE }, { "where", POOL_KNOWLEDGE },
    { "why", POOL_KNOWLEDGE }, { "which", POOL_KNOWLEDGE }, { "explain", POOL_KNOWLEDGE },
    { "describe", POOL_KNOWLEDGE }, { "name", POOL_KNOWLEDGE }, { "define", POOL_KNOWLEDGE },
    { "compare", POOL_KNOWLEDGE }, { "identify", POOL_KNOWLEDGE } };

struct reading {
    const struct set_file *file;
    struct sets *sets;
    struct buffer text;
    uint64_t n_rows;
};

static bool begins(struct span text, const char *with)
{
    size_t n = strlen(with);
    if (text.n < n)
        return false;
    for (size_t i = 0; i < n; i++)
        if ((text.data[i] >= 'A' && text.data[i] <= 'Z' ? text.data[i] + 32 : text.data[i]) != with[i])
            return false;
    return true;
}

static unsigned route(struct span text)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        if (begins(text, routes[i].first))
            return routes[i].pool;
    return POOL_CHAT;
}

/* Appends a text without the marks that its corpus put into it. */
static void put_clean(struct buffer *out, struct span text)
{
    static const char *const marks[] = { "<issue>", "</issue>", "<file>", "</file>", "<func>", "</func>",
        "<class>", "</class>", "<code>", "</code>", "<bug>", "</bug>", "<noinput>", "<|endoftext|>",
        "###Instruction:", "### Instruction:", "Question: ", "Passage: ", "Q: " };
    for (size_t at = 0; at < text.n;) {
        size_t n = 0;
        bool fresh = at == 0 || text.data[at - 1] == '\n' || text.data[at] == '<';
        for (size_t i = 0; fresh && n == 0 && i < sizeof marks / sizeof *marks; i++) {
            size_t length = strlen(marks[i]);
            n = text.n - at >= length && memcmp(text.data + at, marks[i], length) == 0 ? length : 0;
        }
        if (n == 0)
            buffer_put_char(out, text.data[at]);
        at += n > 0 ? n : 1;
    }
}

static enum status add_task(struct reading *reading, struct span text)
{
    unsigned pool = reading->n_rows & 1 ? reading->file->other : reading->file->pool;
    return set_store_add(reading->sets, pool == ROUTED ? route(text) : pool, text);
}

static enum status add_clean(struct reading *reading, unsigned list, struct span text)
{
    buffer_reset(&reading->text);
    put_clean(&reading->text, text);
    if (reading->text.status != STATUS_OK)
        return reading->text.status;
    return set_store_add(reading->sets, list, buffer_span(&reading->text));
}

/* "<noinput>", "No input" and the like stand for none. */
static bool is_nothing(struct span text)
{
    return text.n == 0 || begins(text, "<noinput>") || (text.n < 12 && begins(text, "no input")) ||
           (text.n < 12 && begins(text, "noinput"));
}

static enum status take_whole(struct reading *reading, const struct row *row)
{
    buffer_reset(&reading->text);
    for (unsigned path = 0; path < ROW_PATHS; path++)
        for (unsigned i = 0; i < row->n; i++) {
            struct span text = row->strings[i].text;
            if (row->strings[i].path != path || is_nothing(text))
                continue;
            if (reading->text.n > 0)
                buffer_put_char(&reading->text, '\n');
            put_clean(&reading->text, text);
        }
    if (reading->text.status != STATUS_OK)
        return reading->text.status;
    return add_task(reading, buffer_span(&reading->text));
}

/* "###Instruction: ... ###Output" or "{'Instruction': ..., 'Output'"; what has neither form is left out. */
static enum status take_inside(struct reading *reading, const struct row *row)
{
    struct span text = row->n > 0 ? row->strings[0].text : (struct span){ 0 };
    const char *start = NULL, *end = NULL;
    if (begins(text, "###instruction")) {
        start = text.data + strlen("###Instruction");
        end = memmem(text.data, text.n, "###Output", strlen("###Output"));
    } else if (begins(text, "{'instruction':")) {
        start = text.data + strlen("{'Instruction':");
        end = memmem(text.data, text.n, "'Output'", strlen("'Output'"));
    }
    if (!start || !end || end <= start)
        return STATUS_OK;
    while (start < end && strchr(": '\"", *start))
        start++;
    while (end > start && strchr(", '\"\n", end[-1]))
        end--;
    return add_clean(reading, reading->file->pool, (struct span){ start, (size_t)(end - start) });
}

/* The first thing that the person says is a task, what comes later follows up. */
static enum status add_turn(struct reading *reading, struct span text, bool *first)
{
    unsigned list = *first ? reading->file->pool : SET_FOLLOW + reading->file->pool;
    *first = false;
    return add_clean(reading, list, text);
}

static enum status take_talk(struct reading *reading, const struct row *row)
{
    bool first = true;
    enum status st = STATUS_OK;
    for (unsigned i = 0; st == STATUS_OK && i + 1 < row->n; i += 2)
        if (span_is(row->strings[i].text, "USER") || span_is(row->strings[i].text, "user"))
            st = add_turn(reading, row->strings[i + 1].text, &first);
    return st;
}

static enum status take_marked(struct reading *reading, const struct row *row)
{
    static const char human[] = "\n\nHuman:", assistant[] = "\n\nAssistant:";
    struct span rest = row->n > 0 ? row->strings[0].text : (struct span){ 0 };
    bool first = true;
    enum status st = STATUS_OK;
    while (st == STATUS_OK && rest.n > 0) {
        const char *start = memmem(rest.data, rest.n, human, sizeof human - 1), *end = rest.data + rest.n;
        if (!start)
            break;
        start += sizeof human - 1;
        const char *answer = memmem(start, (size_t)(end - start), assistant, sizeof assistant - 1);
        struct span said = { start, (size_t)((answer ? answer : end) - start) };
        st = add_turn(reading, said, &first);
        rest = (struct span){ said.data + said.n, (size_t)(end - said.data) - said.n };
    }
    return st;
}

static enum status take_row(void *context, const struct row *row)
{
    struct reading *reading = context;
    enum status st = STATUS_OK;
    switch (reading->file->kind) {
    case SET_TASK:
        st = take_whole(reading, row);
        break;
    case SET_INSIDE:
        st = take_inside(reading, row);
        break;
    case SET_TALK:
    case SET_MESSAGES:
        st = take_talk(reading, row);
        break;
    case SET_MARKED:
        st = take_marked(reading, row);
        break;
    case SET_SYSTEM:
        st = set_store_add(reading->sets, SET_SYSTEMS, row->strings[0].text);
        break;
    }
    reading->n_rows++;
    return st;
}

static bool is_file(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

static enum status read_file(
    const char *data, const char *name, struct reading *reading, unsigned *n_read, struct diag *diag)
{
    const struct set_file *file = reading->file;
    char path[PATH_BYTES];
    if (snprintf(path, sizeof path, "%s/%s/%s", data, file->set, name) >= (int)sizeof path)
        return STATUS_TOO_BIG;
    if (!is_file(path))
        return STATUS_OK;
    enum status st = set_rows_read(path, &file->shape, take_row, reading, diag);
    *n_read += st == STATUS_OK;
    if (st != STATUS_OK && diag) {
        diag->file = file->set;
        diag_set(
            diag, "data", "%s/%s: %s", file->set, name, st == STATUS_IO ? strerror(errno) : status_text(st));
    }
    return st;
}

static int keep_files(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* In the order of their names in bytes, whatever the locale. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static enum status read_folder(const char *data, struct reading *reading, unsigned *n_read, struct diag *diag)
{
    char path[PATH_BYTES];
    struct dirent **entries = NULL;
    enum status st = STATUS_OK;
    if (snprintf(path, sizeof path, "%s/%s", data, reading->file->set) >= (int)sizeof path)
        return STATUS_TOO_BIG;
    int n = scandir(path, &entries, keep_files, by_bytes);
    for (int i = 0; i < n; i++) {
        if (st == STATUS_OK)
            st = read_file(data, entries[i]->d_name, reading, n_read, diag);
        free(entries[i]);
    }
    free(entries);
    return st;
}

enum status set_table_read(const char *data, struct sets *sets, struct diag *diag)
{
    struct reading reading = { .sets = sets };
    unsigned n_read = 0;
    enum status st = STATUS_OK;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        reading.file = &files[i];
        reading.n_rows = 0;
        TRY(files[i].name ? read_file(data, files[i].name, &reading, &n_read, diag)
                          : read_folder(data, &reading, &n_read, diag));
    }
    if (n_read == 0) {
        if (diag)
            *diag = (struct diag){ .file = data };
        diag_set(diag, "", "holds none of the known sets");
        st = STATUS_NOT_FOUND;
    }
fail:
    buffer_fini(&reading.text);
    return st;
}
