#include "campaign/measure.h"

#include "campaign/checks.h"
#include "campaign/members.h"

#include <math.h>
#include <string.h>

void measure_members(struct campaign *c, const struct account_profile *profiles, size_t n)
{
    double shares = 0;
    c->exchanges = c->input_tok = c->output_tok = 0;
    memset(c->capability, 0, sizeof c->capability);
    for (size_t i = 0; i < n; i++) {
        const struct account_profile *p = &profiles[i];
        c->exchanges += p->exchanges;
        c->input_tok += p->input_tok;
        c->output_tok += p->output_tok;
        if (c->first_exchange_ms < 0 || p->first_seen_ms < c->first_exchange_ms)
            c->first_exchange_ms = p->first_seen_ms;
        for (unsigned j = 0; j < CAP_COUNT; j++) {
            double share = isfinite(p->capability[j]) ? p->capability[j] * (double)p->exchanges : 0;
            c->capability[j] += share;
            shares += share;
        }
    }
    for (unsigned j = 0; j < CAP_COUNT && shares > 0; j++)
        c->capability[j] /= shares;
    c->kind = checks_kind(profiles, n);
}

static float member_confidence(const struct campaign *c, enum membership membership)
{
    static const double weight[] = { 0, 0.5, 0.95, 1 };
    double sure = c->confirmed ? 1 - pow(10, -fmin(6, 1 + c->log10_e - c->threshold))
                               : 0.5 * fmin(1, fmax(0, c->log10_e / c->threshold));
    return (float)(sure * weight[membership]);
}

void measure_people(struct campaign *c, const struct account_profile *profiles, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct campaign_member *m = member_find(c, profiles[i].account);
        if (!m)
            continue;
        m->organization = profiles[i].organization;
        m->adopter = profiles[i].adopter;
    }
    for (size_t i = 0; i < c->n_members; i++)
        c->members[i].confidence = member_confidence(c, c->members[i].membership);
}

void measure_links(struct campaign *c, struct recall *recall)
{
    for (size_t i = 0; i < c->n_links; i++) {
        struct object_profile object;
        if (recall_object(recall, c->links[i].object, &object) != STATUS_OK)
            continue;
        c->links[i].sightings = object.sightings;
        c->links[i].tasks = object.slots;
    }
}
