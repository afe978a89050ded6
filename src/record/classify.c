#include "record/classify.h"

#include "record/weights.h"

#include <string.h>

_Static_assert(CAP_VISION == CAP_COUNT - 1, "the capabilities that are scored come first");
_Static_assert(CAP_COUNT + ELICIT_COUNT <= LINEAR_CLASSES, "one row holds both models");

void classify_sum(const struct classifier_input *in, struct linear_sum *sum)
{
    struct token_run runs[CLASSIFY_RUNS];
    classifier_runs(in, runs);
    for (unsigned i = 0; i < CLASSIFY_RUNS; i++)
        linear_add(&classifier_weights, runs[i].tokens, runs[i].n, runs[i].weight, sum);
}

void classify_scores(
    const struct linear_sum *sum, uint8_t ret_capability[CAP_COUNT], uint8_t ret_elicitation[ELICIT_COUNT])
{
    memset(ret_capability, 0, CAP_COUNT);
    memset(ret_elicitation, 0, ELICIT_COUNT);
    if (sum->squares == 0)
        return;

    int32_t scores[LINEAR_CLASSES];
    linear_scores(&classifier_weights, sum, scores);
    linear_softmax(scores, CAP_VISION, ret_capability);
    for (unsigned i = 0; i < ELICIT_COUNT; i++)
        ret_elicitation[i] = linear_logistic(scores[CAP_COUNT + i]);
}

void classify_tokens(const struct classifier_input *in, uint8_t ret_capability[CAP_COUNT],
    uint8_t ret_elicitation[ELICIT_COUNT])
{
    struct linear_sum sum = { 0 };
    classify_sum(in, &sum);
    classify_scores(&sum, ret_capability, ret_elicitation);
}
