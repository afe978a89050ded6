#include "record/record.h"

const char *capability_name(enum capability capability)
{
    static const char *const names[CAP_COUNT] = {
        [CAP_CODING] = "coding",
        [CAP_AGENTIC] = "agentic",
        [CAP_MATH] = "math",
        [CAP_KNOWLEDGE] = "knowledge",
        [CAP_WRITING] = "writing",
        [CAP_SUMMARY] = "summary",
        [CAP_EXTRACTION] = "extraction",
        [CAP_TRANSLATION] = "translation",
        [CAP_JUDGING] = "judging",
        [CAP_SYNTHESIS] = "synthesis",
        [CAP_SUPPORT] = "support",
        [CAP_VISION] = "vision",
    };
    return (unsigned)capability < CAP_COUNT ? names[capability] : "unknown";
}

const char *elicitation_name(enum elicitation elicitation)
{
    static const char *const names[ELICIT_COUNT] = {
        [ELICIT_REASONING] = "reasoning",
        [ELICIT_RUBRIC] = "rubric",
        [ELICIT_CLEANING] = "cleaning",
        [ELICIT_TASKS] = "tasks",
    };
    return (unsigned)elicitation < ELICIT_COUNT ? names[elicitation] : "unknown";
}
