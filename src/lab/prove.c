#include "lab/prove.h"

#include "base/map.h"
#include "lab/emit.h"
#include "lab/judge.h"
#include "lab/truth.h"

#include <stdlib.h>
#include <string.h>

struct proof {
    const struct prove_config *config;
    struct world *world;
    struct emitter *emitter;
    struct detector *detector;
    struct judge judge;
    struct u64_map numbers; /* hash of an account → its number */
    struct happening *tick;
    size_t n_tick, capacity;
    size_t n_applied; /* decisions that the world knows of */
    int64_t tick_end_ms;
    struct prove_result result;
};

/* Takes effect at the end of the tick. */
static enum status hear(void *context, const struct detection *detection)
{
    struct proof *proof = context;
    return judge_decision(&proof->judge, detection, proof->tick_end_ms - 1);
}

static enum status start(struct proof *proof, struct diag *diag)
{
    enum status st = STATUS_OK;
    const struct prove_config *config = proof->config;
    const struct detector_sink sink = { proof, hear };
    map_init(&proof->numbers, UINT32_MAX - 1);
    TRY(world_new(&config->world, &proof->world, diag));
    const struct emit_config emit_config = {
        .world = proof->world,
        .corpus = config->world.corpus,
        .key = config->detector.key,
        .n_threads = config->detector.n_threads,
        .what = EMIT_RECORDS | (config->kind->wants_queries ? EMIT_QUERIES : 0),
    };
    TRY(emitter_new(&emit_config, &proof->emitter));
    TRY(config->kind->open(&config->detector, &sink, &proof->detector));
fail:
    return st;
}

static enum status take_step(struct proof *proof)
{
    enum status st = STATUS_OK;
    const struct happening *happenings;
    size_t n;
    TRY(world_step(proof->world, &happenings, &n));
    if (proof->n_tick + n > proof->capacity) {
        size_t capacity = 2 * (proof->n_tick + n);
        void *grown = realloc(proof->tick, capacity * sizeof *proof->tick);
        REQUIRE(grown, STATUS_NOMEM);
        proof->tick = grown;
        proof->capacity = capacity;
    }
    if (n > 0)
        memcpy(proof->tick + proof->n_tick, happenings, n * sizeof *happenings);
    proof->n_tick += n;
fail:
    return st;
}

/* The truth about what was just sent, under the hashes that the detector knows accounts by. */
static enum status note(struct proof *proof, const struct emission *emission)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < proof->n_tick; i++) {
        const struct happening *happening = &proof->tick[i];
        const struct record *record = &emission->records->records[i];
        if (happening->kind == HAPPENING_ACCOUNT) {
            TRY(map_put(&proof->numbers, record->account, happening->account));
            TRY(judge_account(&proof->judge, happening->account, record->account));
        }
        if (happening->kind != HAPPENING_ASK)
            continue;
        proof->result.exchanges++;
        if (truth_is_extraction(happening))
            TRY(judge_extraction(&proof->judge, record->account, happening->time_ms));
    }
fail:
    return st;
}

static enum status show(struct proof *proof)
{
    enum status st = STATUS_OK;
    const struct prove_config *config = proof->config;
    struct emission emission;
    TRY(emit(proof->emitter, proof->tick, proof->n_tick, &emission));
    TRY(note(proof, &emission));
    const struct detector_batch batch = { emission.records, emission.queries };
    double before = config->clock();
    if (proof->n_tick > 0)
        TRY(config->kind->batch(proof->detector, &batch));
    if (config->kind->tick)
        TRY(config->kind->tick(proof->detector, proof->tick_end_ms - 1));
    proof->result.detector_s += config->clock() - before;
fail:
    return st;
}

static enum status apply(struct proof *proof)
{
    enum status st = STATUS_OK;
    const struct judge *judge = &proof->judge;
    for (; proof->n_applied < judge->n_decisions; proof->n_applied++) {
        const struct score_decision *decision = &judge->decisions[proof->n_applied];
        uint32_t account = map_find(&proof->numbers, decision->account);
        if (account != MAP_NONE)
            TRY(world_decide(proof->world, account, decision->action, proof->tick_end_ms, -1));
    }
fail:
    return st;
}

/* Counting what a detector has reserved may cost it a walk. */
enum { WEIGH_MS = 3600000 };

static void weigh(struct proof *proof)
{
    uint64_t bytes = proof->config->kind->state_bytes(proof->detector);
    if (bytes > proof->result.state_bytes)
        proof->result.state_bytes = bytes;
}

static enum status one_tick(struct proof *proof)
{
    enum status st = STATUS_OK;
    proof->n_tick = 0;
    proof->tick_end_ms = world_now_ms(proof->world) + PROVE_TICK_MS;
    for (int i = 0; i < PROVE_TICK_MS / WORLD_STEP_MS; i++)
        TRY(take_step(proof));
    TRY(show(proof));
    TRY(apply(proof));
    if (proof->tick_end_ms % WEIGH_MS == 0)
        weigh(proof);
fail:
    return st;
}

static enum status loop(struct proof *proof)
{
    enum status st = STATUS_OK;
    const struct prove_config *config = proof->config;
    for (unsigned ticks = 0; (st = one_tick(proof)) == STATUS_OK; ticks++)
        if (config->progress && ticks % 64 == 0)
            config->progress(config->context, world_now_ms(proof->world), proof->result.exchanges);
    if (st != STATUS_END)
        return st;
    /* What a step before the end put into the last tick is shown too. */
    proof->tick_end_ms = world_end_ms(proof->world);
    TRY(show(proof));
    double before = config->clock();
    if (config->kind->finish)
        TRY(config->kind->finish(proof->detector));
    weigh(proof);
    proof->result.detector_s += config->clock() - before;
fail:
    return st;
}

static enum status group(void *context, const struct detector_group *membership)
{
    struct proof *proof = context;
    return judge_member(&proof->judge, membership);
}

static enum status end(struct proof *proof, struct diag *diag)
{
    enum status st = STATUS_OK;
    const struct detector_kind *kind = proof->config->kind;
    if (kind->groups)
        TRY(kind->groups(proof->detector, proof, group));
    TRY(judge_score(&proof->judge, proof->world, &proof->config->world, &proof->result, diag));
    proof->result.accounts = world_accounts(proof->world);
fail:
    return st;
}

enum status prove(const struct prove_config *config, struct prove_result *ret_result, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct proof proof = { .config = config };
    double began = config->clock();
    TRY(start(&proof, diag));
    TRY(loop(&proof));
    TRY(end(&proof, diag));
    proof.result.wall_s = config->clock() - began;
    *ret_result = proof.result;
    proof.result = (struct prove_result){ 0 };
fail:
    prove_result_fini(&proof.result);
    if (proof.detector)
        config->kind->close(proof.detector);
    judge_fini(&proof.judge);
    emitter_free(proof.emitter);
    world_free(proof.world);
    map_fini(&proof.numbers);
    free(proof.tick);
    return st;
}

void prove_result_fini(struct prove_result *result)
{
    score_fini(&result->score);
    free(result->costs);
    free(result->kept);
    *result = (struct prove_result){ 0 };
}
