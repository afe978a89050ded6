/*
 * evaluate.c: labelled prompts on standard input → tables in Markdown of how classify_tokens does on the test part.
 *
 * Model: per set, the share of prompts whose largest capability is the label; per kind of elicitation, the shares of
 *   scores of at least 128, and the area under the ROC curve, over all prompts and over pairs of like length only.
 */
#include "examples.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LENGTH_BINS = 4, SCORES = 256 };

static const char *const length_names[LENGTH_BINS] = { "< 64", "64-255", "256-1023", ">= 1024" };
static const char *const cap_names[CAP_COUNT] = { "coding", "agentic", "math", "knowledge", "writing",
    "summary", "extraction", "translation", "judging", "synthesis", "support", "vision" };
static const char *const elicit_names[ELICIT_COUNT] = { "reasoning", "rubric", "cleaning", "tasks" };

struct tally {
    uint32_t n[SETS_MAX][CAP_COUNT], as[SETS_MAX][CAP_COUNT][CAP_COUNT]; /* by set and label; answer */
    uint32_t cap_n[LENGTH_BINS][CAP_COUNT], cap_right[LENGTH_BINS][CAP_COUNT];
    uint32_t score[ELICIT_COUNT][LENGTH_BINS][2][SCORES]; /* by length; no or yes */
    uint32_t set_n[SETS_MAX], set_high[SETS_MAX][ELICIT_COUNT], set_sum[SETS_MAX][ELICIT_COUNT];
};

static unsigned length_bin(uint32_t bytes)
{
    return bytes < 64 ? 0 : bytes < 256 ? 1 : bytes < 1024 ? 2 : 3;
}

static unsigned largest(const uint8_t *shares)
{
    unsigned best = 0;
    for (unsigned c = 1; c < CAP_COUNT; c++)
        best = shares[c] > shares[best] ? c : best;
    return best;
}

static void count(struct tally *tally, const struct example *example)
{
    uint8_t capability[CAP_COUNT], elicitation[ELICIT_COUNT];
    struct classifier_input in = { example->user, example->n_user, example->system, example->n_system };
    classify_tokens(&in, capability, elicitation);
    unsigned bin = length_bin(example->bytes), answer = largest(capability);
    if (example->cap >= 0) {
        unsigned label = (unsigned)example->cap;
        tally->n[example->set][label]++;
        tally->as[example->set][label][answer]++;
        tally->cap_n[bin][label]++;
        tally->cap_right[bin][label] += answer == label;
    }
    tally->set_n[example->set]++;
    for (unsigned k = 0; k < ELICIT_COUNT; k++) {
        tally->set_high[example->set][k] += elicitation[k] >= 128;
        tally->set_sum[example->set][k] += elicitation[k];
        if (example->target[k] == TARGET_NO || example->target[k] == TARGET_YES)
            tally->score[k][bin][example->target[k] == TARGET_YES][elicitation[k]]++;
    }
}

static void print_capability(const struct tally *tally, const struct examples *examples)
{
    printf("| set | label | n | right | most frequent other |\n|---|---|---:|---:|---|\n");
    double mean = 0, groups = 0;
    for (unsigned s = 0; s < examples->n_sets; s++) {
        for (unsigned c = 0; c < CAP_VISION; c++) {
            uint32_t n = tally->n[s][c], other = c == 0;
            if (n == 0)
                continue;
            const uint32_t *as = tally->as[s][c];
            for (unsigned i = 0; i < CAP_VISION; i++)
                other = i != c && as[i] > as[other] ? i : other;
            printf("| %s | %s | %u | %.3f | ", examples->sets[s], cap_names[c], n, (double)as[c] / n);
            if (as[other] > 0)
                printf("%s %.3f |\n", cap_names[other], (double)as[other] / n);
            else
                printf("|\n");
            mean += (double)as[c] / n;
            groups++;
        }
    }
    printf("| mean of the %.0f rows | | | %.3f | |\n", groups, mean / groups);
}

static void print_lengths(const struct tally *tally)
{
    printf("| capability |");
    for (unsigned b = 0; b < LENGTH_BINS; b++)
        printf(" %s |", length_names[b]);
    printf("\n|---|---:|---:|---:|---:|\n");
    double mean[LENGTH_BINS] = { 0 }, classes[LENGTH_BINS] = { 0 };
    for (unsigned c = 0; c < CAP_VISION; c++) {
        printf("| %s |", cap_names[c]);
        for (unsigned b = 0; b < LENGTH_BINS; b++) {
            uint32_t n = tally->cap_n[b][c];
            if (n < 20) {
                printf(" |");
                continue;
            }
            double recall = (double)tally->cap_right[b][c] / n;
            printf(" %.3f (%u) |", recall, n);
            mean[b] += recall;
            classes[b]++;
        }
        printf("\n");
    }
    printf("| mean over capabilities |");
    for (unsigned b = 0; b < LENGTH_BINS; b++)
        printf(" %.3f |", classes[b] > 0 ? mean[b] / classes[b] : 0);
    printf("\n");
}

/* Adds the pairs (yes, no) of two histograms: how many there are, and how many are in order. */
static void pairs(const uint32_t *no, const uint32_t *yes, double *all, double *ordered)
{
    double below = 0, n_yes = 0;
    for (unsigned s = 0; s < SCORES; s++) {
        *ordered += yes[s] * (below + no[s] / 2.0);
        below += no[s];
        n_yes += yes[s];
    }
    *all += n_yes * below;
}

static void print_elicitation(const struct tally *tally)
{
    printf("| kind | yes | no | yes >= 128 | no >= 128 | area | area, like length |\n"
           "|---|---:|---:|---:|---:|---:|---:|\n");
    for (unsigned k = 0; k < ELICIT_COUNT; k++) {
        uint32_t total[2][SCORES] = { 0 }, n[2] = { 0 }, high[2] = { 0 };
        double like = 0, like_ordered = 0, all = 0, ordered = 0;
        for (unsigned b = 0; b < LENGTH_BINS; b++) {
            for (unsigned s = 0; s < 2 * SCORES; s++) {
                uint32_t hits = tally->score[k][b][s / SCORES][s % SCORES];
                total[s / SCORES][s % SCORES] += hits;
                n[s / SCORES] += hits;
                high[s / SCORES] += s % SCORES >= 128 ? hits : 0;
            }
            pairs(tally->score[k][b][0], tally->score[k][b][1], &like, &like_ordered);
        }
        pairs(total[0], total[1], &all, &ordered);
        printf("| %s | %u | %u | %.3f | %.4f | %.4f | %.4f |\n", elicit_names[k], n[1], n[0],
            (double)high[1] / n[1], (double)high[0] / n[0], ordered / all, like_ordered / like);
    }
}

static void print_sets(const struct tally *tally, const struct examples *examples)
{
    printf("| set | n |");
    for (unsigned k = 0; k < ELICIT_COUNT; k++)
        printf(" %s: >= 128, mean |", elicit_names[k]);
    printf("\n|---|---:|---:|---:|---:|---:|\n");
    for (unsigned s = 0; s < examples->n_sets; s++) {
        double n = tally->set_n[s];
        if (tally->set_n[s] == 0)
            continue;
        printf("| %s | %.0f |", examples->sets[s], n);
        for (unsigned k = 0; k < ELICIT_COUNT; k++)
            printf(" %.3f, %.0f |", tally->set_high[s][k] / n, tally->set_sum[s][k] / n);
        printf("\n");
    }
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Nanoseconds for 100 user and 80 system tokens, the least of many rounds; the text differs from call to call. */
static double cost_ns(const struct examples *examples)
{
    enum { USER = 100, SYSTEM = 80, ROUNDS = 100, CALLS = 2000, POOL = 1 << 16 };
    static uint32_t pool[POOL];
    size_t filled = 0;
    for (size_t i = 0; i < examples->n && filled < POOL; i++) {
        for (uint32_t j = 0; j < examples->at[i].n_user && filled < POOL; j++)
            pool[filled++] = examples->at[i].user[j];
    }
    double least = 1;
    volatile uint8_t sink = 0;
    for (size_t round = 0; round < ROUNDS && filled == POOL; round++) {
        double from = seconds();
        for (size_t i = 0; i < CALLS; i++) {
            const uint32_t *at = pool + (round * CALLS + i) * 181 % (POOL - USER - SYSTEM);
            uint8_t capability[CAP_COUNT], elicitation[ELICIT_COUNT];
            classify_tokens(
                &(struct classifier_input){ at, USER, at + USER, SYSTEM }, capability, elicitation);
            sink = (uint8_t)(sink + capability[0] + elicitation[0]);
        }
        double each = (seconds() - from) / CALLS;
        least = each < least ? each : least;
    }
    return least * 1e9;
}

int main(void)
{
    static struct tally tally;
    struct examples examples;
    enum status st = examples_read(stdin, &examples);
    if (st != STATUS_OK) {
        fprintf(stderr, "evaluate: examples: %s\n", status_text(st));
        return 1;
    }
    for (size_t i = 0; i < examples.n; i++) {
        if (examples.at[i].test)
            count(&tally, &examples.at[i]);
    }
    printf("### Capability, by set\n\n");
    print_capability(&tally, &examples);
    printf("\n### Capability, by bytes of user text: recall (n)\n\n");
    print_lengths(&tally);
    printf("\n### Elicitation\n\n");
    print_elicitation(&tally);
    printf("\n### Elicitation, by set\n\n");
    print_sets(&tally, &examples);
    fprintf(stderr, "classify_tokens, 100 + 80 tokens: %.0f ns\n", cost_ns(&examples));
    examples_fini(&examples);
    return 0;
}
