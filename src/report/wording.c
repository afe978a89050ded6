#include "report/wording.h"

#include "base/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

void object_text(uint64_t object, uint8_t kind, char ret_text[static OBJECT_TEXT])
{
    const char *name = kind < OBJECT_KINDS ? object_kind_info[kind].name : "object";
    snprintf(ret_text, OBJECT_TEXT, "%s #%06" PRIx64, name, object >> 40);
}

double link_tasks(const struct campaign_link *link)
{
    return fmin(link->tasks, (double)link->sightings);
}

bool evidence_counts(const struct evidence *evidence)
{
    return evidence->trials > 0 || evidence->log10_e != 0;
}

/* Of so many of the first, so many are the second. A hand: the accounts that share cards or devices. */
static const char *const what_was_counted[][2] = {
    [COUNTED_PARTNERS] = { "partners", "are members" },
    [COUNTED_SHARED_HANDS] = { "holders of members' cards and devices", "have several accounts" },
    [COUNTED_REPEATED_HANDS] = { "holders of members' cards and devices", "have several members" },
    [COUNTED_PAIRS] = { "holders or chains of them", "pass conversations to each other" },
    [COUNTED_LONG_CHAINS] = { "holders or chains of them", "pass conversations on in threes or more" },
    [COUNTED_HANDING] = { "holders of members' cards and devices", "pass on tasks that fail with them" },
};

void evidence_text(enum family family, const struct evidence *evidence, char ret_text[static EVIDENCE_TEXT])
{
    char p0[NUMBER_TEXT_BYTES], expected[NUMBER_TEXT_BYTES];
    const char *kind =
        evidence->top_kind < OBJECT_KINDS ? object_kind_info[evidence->top_kind].name : "object";
    number_format(round(evidence->p0 * 1000) / 1000, p0);
    number_format_fixed(evidence->p0 * evidence->trials, 1, expected);
    if (!evidence_counts(evidence))
        snprintf(ret_text, EVIDENCE_TEXT, "Nothing was counted.");
    else if (family == FAMILY_VOLUME)
        snprintf(ret_text, EVIDENCE_TEXT, "The load of %" PRIu32 " accounts is %s.", evidence->inside,
            evidence->log10_e > 0 ? "more even than unrelated accounts would have it"
                                  : "as uneven as unrelated accounts would have it");
    else if (evidence->counted != COUNTED_PARTNERS)
        snprintf(ret_text, EVIDENCE_TEXT, "Of %" PRIu32 " %s, %" PRIu32 " %s; chance %s would make it %s.",
            evidence->trials, what_was_counted[evidence->counted][0], evidence->inside,
            what_was_counted[evidence->counted][1], p0, expected);
    else
        snprintf(ret_text, EVIDENCE_TEXT,
            "Of %" PRIu32 " partners that members have, most through a shared %s, %" PRIu32
            " are members themselves; chance %s would make it %s.",
            evidence->trials, kind, evidence->inside, p0, expected);
}

void parting_text(const struct campaign_parting *parting, char ret_text[static EVIDENCE_TEXT])
{
    char decades[NUMBER_TEXT_BYTES];
    number_format_fixed(-parting->log10_p, 1, decades);
    snprintf(ret_text, EVIDENCE_TEXT,
        "Of %" PRIu32 " accounts of the pool that work in two of its %" PRIu32 " lanes, %" PRIu32
        " do so within this operator, %" PRIu32
        " cross to another; one operator's would so seldom with a probability of at most 10^-%s.",
        parting->bridges, parting->lanes, parting->inside, parting->across, decades);
}

size_t capabilities_ranked(const struct campaign *campaign, enum capability ret_ranked[static CAP_COUNT])
{
    size_t n = 0;
    for (enum capability c = 0; c < CAP_COUNT; c++) {
        if (!(campaign->capability[c] > 0))
            continue;
        size_t at = n++;
        while (at > 0 && campaign->capability[ret_ranked[at - 1]] < campaign->capability[c]) {
            ret_ranked[at] = ret_ranked[at - 1];
            at--;
        }
        ret_ranked[at] = c;
    }
    return n;
}
