#include "corpus/parts.h"

#include <stdarg.h>
#include <stdio.h>

static const char *const languages[TEXT_LANGUAGES] = { NULL, "de", "es", "pt", "zh", "ja" };

/* NULL: no such kind of rule. */
static const struct {
    const char *lead, *close;
} answers[POOL_COUNT] = {
    [POOL_KNOWLEDGE] = { "answer.knowledge.lead", "answer.knowledge.close" },
    [POOL_CODE] = { "answer.code.lead", "answer.close" },
    [POOL_MATH] = { "answer.math.lead", "answer.math.close" },
    [POOL_EVALUATION] = { "answer.math.lead", "answer.math.close" },
    [POOL_AGENT] = { "answer.agent.lead", "answer.test" },
};

static const char *const frames[FRAME_KIND_COUNT] = {
    [FRAME_REASONING_TAGS] = "tags",
    [FRAME_ARTICULATE] = "articulate",
    [FRAME_RUBRIC] = "rubric",
    [FRAME_CLEANER] = "cleaner",
    [FRAME_TASK_WRITER] = "writer",
    [FRAME_SOLUTION] = "solution",
    [FRAME_PROBE] = "probe",
    [FRAME_ETL] = "etl",
    [FRAME_HARNESS] = "harness",
    [FRAME_JUDGE] = "judge",
    [FRAME_STEP_BY_STEP] = "steps",
    [FRAME_SYNTHETIC] = "synthetic",
    [FRAME_COURSE] = "course",
    [FRAME_HABIT] = "habit",
};

static enum status find(const struct grammar *grammar, uint32_t *ret_rule, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum status find(const struct grammar *grammar, uint32_t *ret_rule, const char *format, ...)
{
    char name[64];
    va_list args;
    va_start(args, format);
    vsnprintf(name, sizeof name, format, args);
    va_end(args);
    return grammar_find(grammar, name, ret_rule);
}

static enum status find_pools(const struct grammar *grammar, struct corpus_rules *rules)
{
    enum status st;
    for (unsigned i = 0; i < POOL_COUNT; i++) {
        const char *pool = corpus_pool_name((enum corpus_pool)i);
        TRY(find(grammar, &rules->task[i], "task.%s", pool));
        TRY(find(grammar, &rules->follow[i], "follow.%s", pool));
        TRY(find(grammar, &rules->lead[i], "%s", answers[i].lead ? answers[i].lead : "answer.lead"));
        TRY(find(grammar, &rules->close[i], "%s", answers[i].close ? answers[i].close : "answer.close"));
    }
    rules->chat[TEXT_EN] = rules->task[POOL_CHAT];
    rules->translation[TEXT_EN] = rules->task[POOL_TRANSLATION];
    for (unsigned i = TEXT_EN + 1; i < TEXT_LANGUAGES; i++) {
        TRY(find(grammar, &rules->chat[i], "task.chat.%s", languages[i]));
        TRY(find(grammar, &rules->translation[i], "task.translation.%s", languages[i]));
    }
    return STATUS_OK;
fail:
    return st;
}

static enum status find_frames(const struct grammar *grammar, struct corpus_rules *rules)
{
    enum status st;
    TRY(find(grammar, &rules->frame_opening, "frame.opening"));
    TRY(find(grammar, &rules->frame_label, "frame.label"));
    for (unsigned i = FRAME_NONE + 1; i < FRAME_KIND_COUNT; i++) {
        struct frame_rules *at = &rules->frames[i];
        TRY(find(grammar, &at->core, "frame.%s", frames[i]));
        for (unsigned n = 0; n < FRAME_CLAUSES_MAX; n++)
            if (find(grammar, &at->clauses[at->n_clauses], "frame.%s.%u", frames[i], n + 1) == STATUS_OK)
                at->n_clauses++;
    }
    return STATUS_OK;
fail:
    return st;
}

static enum status find_tools(const struct grammar *grammar, struct corpus_rules *rules)
{
    static const char *const whose[2] = { "public", "own" };
    enum status st;
    for (unsigned i = 0; i < 2; i++) {
        TRY(find(grammar, &rules->system_opening[i], "system.%s.opening", whose[i]));
        TRY(find(grammar, &rules->system_line[i], "system.%s.line", whose[i]));
        TRY(find(grammar, &rules->tool_verb[i], "tool.%s.verb", whose[i]));
    }
    TRY(find(grammar, &rules->tool_name, "tool.noun"));
    TRY(find(grammar, &rules->tool_description, "tool.description"));
    for (unsigned i = 0; i < TOOL_FORMS; i++) {
        TRY(find(grammar, &rules->tool_schema[i], "tool.schema.%u", i + 1));
        TRY(find(grammar, &rules->tool_arguments[i], "tool.arguments.%u", i + 1));
    }
    return STATUS_OK;
fail:
    return st;
}

enum status rules_find(const struct grammar *grammar, struct corpus_rules *ret_rules)
{
    struct corpus_rules rules = { 0 };
    enum status st;
    TRY(find_pools(grammar, &rules));
    TRY(find_frames(grammar, &rules));
    TRY(find_tools(grammar, &rules));
    *ret_rules = rules;
    return STATUS_OK;
fail:
    return st;
}
