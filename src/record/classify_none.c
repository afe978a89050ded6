#include "record/classify.h"

#include <string.h>

/* Stands in until the trained classifier is linked. */
__attribute__((weak)) void classify_tokens(const struct classifier_input *in,
    uint8_t ret_capability[CAP_COUNT], uint8_t ret_elicitation[ELICIT_COUNT])
{
    (void)in;
    memset(ret_capability, 0, CAP_COUNT);
    memset(ret_elicitation, 0, ELICIT_COUNT);
}
