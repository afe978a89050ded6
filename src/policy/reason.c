#include "policy/reason.h"

#include <stdio.h>

static const char *const state_of[ACTION_COUNT] = {
    [ACTION_OBSERVE] = "is only watched",
    [ACTION_VERIFY] = "is asked to confirm its identity",
    [ACTION_THROTTLE] = "is slowed down",
    [ACTION_RESTRICT] = "gets short answers without reasoning or log-probabilities",
    [ACTION_SUSPEND] = "is suspended",
    [ACTION_RELEASE] = "is released",
};

static const char *const lifted[ACTION_COUNT] = {
    [ACTION_OBSERVE] = "watch on",
    [ACTION_VERIFY] = "identity check of",
    [ACTION_THROTTLE] = "slow-down of",
    [ACTION_RESTRICT] = "restriction of",
    [ACTION_SUSPEND] = "suspension of",
    [ACTION_RELEASE] = "action on",
};

static const char *const spared_text[] = {
    [SPARED_NOT] = "",
    [SPARED_ALLOWED] = "; the operator exempts it from more",
    [SPARED_VERIFIED] = "; as a verified customer it is spared more",
    [SPARED_SMALL] = "; the group is too small for more",
    [SPARED_ORGANIZATION] = "; its organisation is protected from more",
    [SPARED_BUDGET] = "; more waits for another day's budget",
};

static const char *const excess_text[] = {
    [EXCESS_NONE] = "",
    [EXCESS_HOUR_REQUESTS] = "requests in an hour",
    [EXCESS_DAY_REQUESTS] = "requests in a day",
    [EXCESS_INPUT] = "input tokens in a day",
    [EXCESS_OUTPUT] = "output tokens in a day",
    [EXCESS_COST] = "spending in a day",
};

static const char *kinds_of_evidence(uint8_t families)
{
    static const char *const words[] = {
        "no evidence of its own yet",
        "one kind of evidence",
        "two independent kinds of evidence",
        "three independent kinds of evidence",
        "four independent kinds of evidence",
        "five independent kinds of evidence",
        "six independent kinds of evidence",
    };
    int n = __builtin_popcount(families);
    return words[n < (int)(sizeof words / sizeof *words) ? n : (int)(sizeof words / sizeof *words) - 1];
}

static void write_member(const struct reason *reason, char ret_text[static REASON_MAX])
{
    const char *how = reason->cause == CAUSE_SUSPECTED ? "may be" : "appears to be";
    snprintf(ret_text, REASON_MAX,
        "This account %s because it %s%s one of %u accounts that one operator runs to collect model outputs, "
        "on "
        "%s%s.",
        state_of[reason->action], reason->cause == CAUSE_RENEWED ? "still " : "", how, reason->accounts,
        kinds_of_evidence(reason->families), spared_text[reason->spared]);
}

static void write_volume(const struct reason *reason, char ret_text[static REASON_MAX])
{
    const char *whose = reason->cause == CAUSE_VOLUME         ? "its plan's"
                        : reason->cause == CAUSE_ORGANIZATION ? "its organisation's"
                                                              : "its group's";
    snprintf(ret_text, REASON_MAX, "This account %s because it went over %s limit on %s.",
        state_of[reason->action], whose, excess_text[reason->excess]);
}

void reason_write(const struct reason *reason, char ret_text[static REASON_MAX])
{
    switch (reason->cause) {
    case CAUSE_VOLUME:
    case CAUSE_ORGANIZATION:
    case CAUSE_CAMPAIGN:
        write_volume(reason, ret_text);
        break;
    case CAUSE_EXPIRED:
        snprintf(ret_text, REASON_MAX, "The %s this account has run out and is not renewed.",
            lifted[reason->action]);
        break;
    case CAUSE_LEFT:
        snprintf(ret_text, REASON_MAX,
            "The %s this account is lifted because the evidence no longer counts it to the group.",
            lifted[reason->action]);
        break;
    default:
        write_member(reason, ret_text);
        break;
    }
}
