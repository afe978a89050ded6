/*
 * train.c: labelled prompts on standard input → weights.c on standard output.
 *
 * Model: one table of rows of 16 weights, hashed as sketch/linear.h does; softmax cross-entropy over the
 *   capabilities plus a logistic loss for each kind of elicitation, over the features of sketch/linear.h.
 * Source: Duchi, Hazan, Singer, "Adaptive subgradient methods for online learning", 2011 (AdaGrad, diagonal).
 * Deterministic: seeded order, one thread, our own exp; IEEE arithmetic without contraction gives the same bytes.
 * Options: --rows LOG2, --epochs N, --rate R, --decay L2, and --fold F (0 to 4), which holds one fifth of the sets of
 *   the training part out and prints the accuracy on them instead of weights. The defaults were chosen by it.
 */
#include "examples.h"

#include "sketch/linear.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct options {
    unsigned log2_rows, epochs;
    double rate, decay;
    int fold; /* -1: train on all */
};

struct trainer {
    struct options options;
    float (*weight)[LINEAR_CLASSES], (*square)[LINEAR_CLASSES];
    double bias[LINEAR_CLASSES], bias_square[LINEAR_CLASSES];
    double class_weight[CAP_COUNT], positive_weight[ELICIT_COUNT];
    struct feature {
        uint32_t row;
        float x; /* its share of the score: weight over the norm */
    } features[2 * (CLASSIFY_USER_HEAD + CLASSIFY_USER_TAIL + CLASSIFY_SYSTEM)];
    unsigned n_features;
};

/* exp by range reduction and a Taylor polynomial: the same bits with every C library. */
static double exp_fixed(double x)
{
    x = x > 60 ? 60 : x < -60 ? -60 : x;
    double power = floor(x * 1.4426950408889634 + 0.5), rest = x - power * 0.6931471805599453, term = 1,
           sum = 1;
    for (int i = 1; i <= 14; i++) {
        term *= rest / i;
        sum += term;
    }
    return ldexp(sum, (int)power);
}

static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static void feature_add(struct trainer *t, uint32_t row, int32_t weight)
{
    t->features[t->n_features++] = (struct feature){ row, (float)weight };
}

static void features_of(struct trainer *t, const struct example *example)
{
    struct token_run runs[CLASSIFY_RUNS];
    struct classifier_input in = { example->user, example->n_user, example->system, example->n_system };
    classifier_runs(&in, runs);
    t->n_features = 0;
    for (unsigned r = 0; r < CLASSIFY_RUNS; r++) {
        for (size_t i = 0; i < runs[r].n; i++) {
            const uint32_t *token = &runs[r].tokens[i];
            feature_add(t, linear_row_1(*token, t->options.log2_rows), runs[r].weight);
            if (i > 0)
                feature_add(t, linear_row_2(token[-1], *token, t->options.log2_rows), runs[r].weight);
        }
    }
    double squares = 0;
    for (unsigned i = 0; i < t->n_features; i++)
        squares += (double)(t->features[i].x * t->features[i].x);
    float norm = (float)(1 / sqrt(squares));
    for (unsigned i = 0; i < t->n_features; i++)
        t->features[i].x *= norm;
}

static void score(const struct trainer *t, double *ret_scores)
{
    float sums[LINEAR_CLASSES] = { 0 };
    for (unsigned i = 0; i < t->n_features; i++) {
        const float *row = t->weight[t->features[i].row];
        for (unsigned c = 0; c < LINEAR_CLASSES; c++)
            sums[c] += t->features[i].x * row[c];
    }
    for (unsigned c = 0; c < LINEAR_CLASSES; c++)
        ret_scores[c] = t->bias[c] + (double)sums[c];
}

/* Derivative of the loss by each score; 0 where the label is not known. */
static void gradient(
    const struct trainer *t, const struct example *example, const double *scores, double *ret)
{
    memset(ret, 0, LINEAR_CLASSES * sizeof *ret);
    if (example->cap >= 0) {
        double top = scores[0], total = 0;
        for (unsigned c = 1; c < CAP_VISION; c++)
            top = fmax(top, scores[c]);
        for (unsigned c = 0; c < CAP_VISION; c++)
            total += ret[c] = exp_fixed(scores[c] - top);
        for (unsigned c = 0; c < CAP_VISION; c++)
            ret[c] = t->class_weight[example->cap] * (ret[c] / total - ((int)c == example->cap));
    }
    for (unsigned i = 0; i < ELICIT_COUNT; i++) {
        static const double goal[] = { [TARGET_NO] = 0, [TARGET_YES] = 1, [TARGET_HALF] = 0.5 };
        enum target target = example->target[i];
        if (target == TARGET_UNKNOWN)
            continue;
        double p = 1 / (1 + exp_fixed(-scores[CAP_COUNT + i]));
        ret[CAP_COUNT + i] = (p - goal[target]) * (target == TARGET_NO ? 1 : t->positive_weight[i]);
    }
}

static void step(struct trainer *t, const struct example *example)
{
    features_of(t, example);
    if (t->n_features == 0)
        return;
    double scores[LINEAR_CLASSES], slope[LINEAR_CLASSES];
    score(t, scores);
    gradient(t, example, scores, slope);
    float g[LINEAR_CLASSES], rate = (float)t->options.rate, decay = (float)t->options.decay;
    for (unsigned c = 0; c < LINEAR_CLASSES; c++) {
        g[c] = (float)slope[c];
        t->bias_square[c] += slope[c] * slope[c];
        t->bias[c] -= 0.1 * slope[c] / sqrt(t->bias_square[c] + 1);
    }
    for (unsigned i = 0; i < t->n_features; i++) {
        const struct feature *feature = &t->features[i];
        float *weight = t->weight[feature->row], *square = t->square[feature->row];
        for (unsigned c = 0; c < LINEAR_CLASSES; c++) {
            float down = feature->x * g[c] + decay * weight[c];
            square[c] += down * down;
            weight[c] -= rate * down / sqrtf(square[c] + 1e-4f);
        }
    }
}

/* Rare labels count more: a capability by the root of how rare it is, elicitation up to twelve times. */
static void weigh_labels(struct trainer *t, const struct examples *examples, const size_t *order, size_t n)
{
    double cap[CAP_COUNT] = { 0 }, yes[ELICIT_COUNT] = { 0 }, no[ELICIT_COUNT] = { 0 }, known = 0;
    for (size_t i = 0; i < n; i++) {
        const struct example *example = &examples->at[order[i]];
        if (example->cap >= 0) {
            cap[example->cap]++;
            known++;
        }
        for (unsigned k = 0; k < ELICIT_COUNT; k++) {
            yes[k] += example->target[k] == TARGET_YES || example->target[k] == TARGET_HALF;
            no[k] += example->target[k] == TARGET_NO;
        }
    }
    for (unsigned c = 0; c < CAP_VISION; c++)
        t->class_weight[c] = sqrt(known / CAP_VISION / fmax(cap[c], 1));
    for (unsigned k = 0; k < ELICIT_COUNT; k++)
        t->positive_weight[k] = fmin(12, no[k] / fmax(yes[k], 1));
}

static bool held_for_validation(const struct options *options, const char *set)
{
    unsigned sum = 0;
    for (const char *c = set; *c != '\0'; c++)
        sum = sum * 31 + (unsigned char)*c;
    return options->fold >= 0 && sum % 5 == (unsigned)options->fold;
}

static void fit(struct trainer *t, const struct examples *examples, size_t *order)
{
    size_t n = 0;
    for (size_t i = 0; i < examples->n; i++) {
        const struct example *example = &examples->at[i];
        if (!example->test && !held_for_validation(&t->options, examples->sets[example->set]))
            order[n++] = i;
    }
    weigh_labels(t, examples, order, n);
    uint64_t seed = 2009;
    for (unsigned epoch = 0; epoch < t->options.epochs; epoch++) {
        for (size_t i = n; i > 1; i--) {
            size_t j = next_random(&seed) % i, swap = order[i - 1];
            order[i - 1] = order[j];
            order[j] = swap;
        }
        for (size_t i = 0; i < n; i++)
            step(t, &examples->at[order[i]]);
    }
}

struct set_tally {
    double n, right, yes[ELICIT_COUNT], yes_high[ELICIT_COUNT], no[ELICIT_COUNT], no_high[ELICIT_COUNT];
};

static void validate_one(struct trainer *t, const struct example *example, struct set_tally *tally)
{
    double scores[LINEAR_CLASSES];
    features_of(t, example);
    score(t, scores);
    unsigned best = 0;
    for (unsigned c = 1; c < CAP_VISION; c++)
        best = scores[c] > scores[best] ? c : best;
    tally->n += example->cap >= 0;
    tally->right += example->cap >= 0 && best == (unsigned)example->cap;
    for (unsigned k = 0; k < ELICIT_COUNT; k++) {
        bool yes = example->target[k] == TARGET_YES, no = example->target[k] == TARGET_NO;
        bool high = scores[CAP_COUNT + k] >= 0;
        tally->yes[k] += yes;
        tally->yes_high[k] += yes && high;
        tally->no[k] += no;
        tally->no_high[k] += no && high;
    }
}

static void validate(struct trainer *t, const struct examples *examples)
{
    static struct set_tally tallies[SETS_MAX];
    for (size_t i = 0; i < examples->n; i++) {
        const struct example *example = &examples->at[i];
        if (!example->test && held_for_validation(&t->options, examples->sets[example->set]))
            validate_one(t, example, &tallies[example->set]);
    }
    for (unsigned s = 0; s < examples->n_sets; s++) {
        const struct set_tally *tally = &tallies[s];
        if (tally->no[2] + tally->yes[2] > 0) {
            printf("%-24s %6.0f %.4f ", examples->sets[s], tally->n, tally->right / fmax(tally->n, 1));
            for (unsigned k = 0; k < ELICIT_COUNT; k++)
                printf(" %.0f %.0f %.0f %.0f", tally->yes[k], tally->yes_high[k], tally->no[k],
                    tally->no_high[k]);
            printf("\n");
        }
    }
}

/* Largest weight of a class that is kept exactly; one weight in ten thousand is clipped to it. */
static double clip_of(const struct trainer *t, unsigned c)
{
    size_t rows = (size_t)1 << t->options.log2_rows;
    double high = 0, low = 0;
    for (size_t i = 0; i < rows; i++)
        high = fmax(high, fabs((double)t->weight[i][c]));
    for (unsigned halving = 0; halving < 20; halving++) {
        double middle = (low + high) / 2;
        size_t above = 0;
        for (size_t i = 0; i < rows; i++)
            above += fabs((double)t->weight[i][c]) > middle;
        if (above * 10000 > rows)
            low = middle;
        else
            high = middle;
    }
    return high;
}

static void print_numbers(const char *name, const double *numbers)
{
    printf("    .%s = {", name);
    for (unsigned c = 0; c < LINEAR_CLASSES; c++)
        printf("%s %.0f", c > 0 ? "," : "", numbers[c]);
    printf(" },\n");
}

static void print_weights(const struct trainer *t)
{
    double unit[LINEAR_CLASSES], scale[LINEAR_CLASSES], bias[LINEAR_CLASSES];
    for (unsigned c = 0; c < LINEAR_CLASSES; c++) {
        scale[c] = ceil(clip_of(t, c) / 127 * 65536);
        unit[c] = scale[c] / 65536;
        bias[c] = round(t->bias[c] * LINEAR_ONE);
    }
    printf("/* Written by `make train`; do not edit. */\n/* clang-format off */\n#include "
           "\"record/weights.h\"\n\n");
    printf("static const int8_t rows[%u][LINEAR_CLASSES] __attribute__((aligned(64))) = {\n",
        1u << t->options.log2_rows);
    for (size_t i = 0; i < (size_t)1 << t->options.log2_rows; i++) {
        putchar('{');
        for (unsigned c = 0; c < LINEAR_CLASSES; c++) {
            double q = unit[c] > 0 ? round((double)t->weight[i][c] / unit[c]) : 0;
            printf("%s%.0f", c > 0 ? "," : "", fmin(127, fmax(-127, q)) + 0.0);
        }
        printf("},\n");
    }
    printf(
        "};\n\nconst struct linear_model classifier_weights = {\n    .rows = rows,\n    .log2_rows = %u,\n",
        t->options.log2_rows);
    print_numbers("bias", bias);
    print_numbers("scale", scale);
    printf("};\n");
}

static bool options_parse(int argc, char **argv, struct options *ret)
{
    for (int i = 1; i < argc; i++) {
        const char *name = argv[i];
        if (++i == argc)
            return false;
        if (strcmp(name, "--rows") == 0)
            ret->log2_rows = (unsigned)atoi(argv[i]);
        else if (strcmp(name, "--epochs") == 0)
            ret->epochs = (unsigned)atoi(argv[i]);
        else if (strcmp(name, "--rate") == 0)
            ret->rate = atof(argv[i]);
        else if (strcmp(name, "--decay") == 0)
            ret->decay = atof(argv[i]);
        else if (strcmp(name, "--fold") == 0)
            ret->fold = atoi(argv[i]);
        else
            return false;
    }
    return ret->log2_rows >= 8 && ret->log2_rows <= 20;
}

int main(int argc, char **argv)
{
    static struct trainer t = { .options = {
                                    .log2_rows = 13, .epochs = 4, .rate = 0.1, .decay = 1e-3, .fold = -1 } };
    struct examples examples;
    if (!options_parse(argc, argv, &t.options)) {
        fprintf(stderr,
            "usage: train [--rows LOG2] [--epochs N] [--rate R] [--decay L2] [--fold F] < EXAMPLES\n");
        return 2;
    }
    enum status st = examples_read(stdin, &examples);
    if (st != STATUS_OK) {
        fprintf(stderr, "train: examples: %s\n", status_text(st));
        return 1;
    }
    size_t rows = (size_t)1 << t.options.log2_rows;
    t.weight = calloc(rows, sizeof *t.weight);
    t.square = calloc(rows, sizeof *t.square);
    size_t *order = calloc(examples.n + 1, sizeof *order);
    if (t.weight != NULL && t.square != NULL && order != NULL) {
        fit(&t, &examples, order);
        if (t.options.fold >= 0)
            validate(&t, &examples);
        else
            print_weights(&t);
    }
    free(t.weight);
    free(t.square);
    free(order);
    examples_fini(&examples);
    return 0;
}
