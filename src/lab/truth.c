#include "lab/truth.h"

#include "base/file.h"
#include "base/json_writer.h"
#include "lab/identity.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum { FILE_IDS, FILE_CSV, FILE_ACCOUNTS, FILE_COSTS, FILE_PERIOD, FILES };
static const char *const file_names[FILES] = { "extraction.ids", "extraction.csv", "truth.jsonl",
    "costs.jsonl", "period.json" };

struct truth_writer {
    const struct world *world;
    struct file_draft drafts[FILES];
    unsigned n_drafts;
    struct buffer text;
};

enum status truth_open(const char *dir, const struct world *world, struct truth_writer **ret_writer)
{
    enum status st = STATUS_OK;
    char path[4096];
    struct truth_writer *writer = calloc(1, sizeof *writer);
    REQUIRE(writer, STATUS_NOMEM);
    writer->world = world;
    for (unsigned i = 0; i < FILES; i++) {
        REQUIRE(snprintf(path, sizeof path, "%s/%s", dir, file_names[i]) < (int)sizeof path, STATUS_TOO_BIG);
        TRY(file_draft_open(path, &writer->drafts[i]));
        writer->n_drafts++;
    }
    REQUIRE(fputs("exchange,account,time_ms\n", writer->drafts[FILE_CSV].stream) >= 0, STATUS_IO);
    *ret_writer = writer;
    return st;
fail:
    truth_close(writer);
    return st;
}

void truth_close(struct truth_writer *writer)
{
    if (!writer)
        return;
    for (unsigned i = 0; i < writer->n_drafts; i++)
        file_draft_abort(&writer->drafts[i]);
    buffer_fini(&writer->text);
    free(writer);
}

bool truth_is_extraction(const struct happening *happening)
{
    const struct ask *ask = &happening->ask;
    return happening->kind == HAPPENING_ASK && ask->status == 200 &&
           (ask->talk.flags & (ASK_EXTRACTION | ASK_RESTRICTED | ASK_REFUSED)) == ASK_EXTRACTION;
}

static enum status put(struct truth_writer *writer, unsigned file)
{
    struct span text = buffer_span(&writer->text);
    enum status st = writer->text.status;
    if (st == STATUS_OK && fwrite(text.data, 1, text.n, writer->drafts[file].stream) != text.n)
        st = STATUS_IO;
    return st;
}

enum status truth_note(struct truth_writer *writer, const struct happening *happening)
{
    enum status st = STATUS_OK;
    uint64_t seed = world_seed(writer->world);
    if (!truth_is_extraction(happening))
        return st;
    buffer_reset(&writer->text);
    identity_put_id("req_", dice_hash(seed, happening->ask.serial), &writer->text);
    size_t id = writer->text.n;
    buffer_put_char(&writer->text, '\n');
    TRY(put(writer, FILE_IDS));
    writer->text.n = id;
    buffer_put_char(&writer->text, ',');
    identity_put_name(seed, happening->account, &writer->text);
    buffer_print(&writer->text, ",%" PRId64 "\n", happening->time_ms);
    TRY(put(writer, FILE_CSV));
fail:
    return st;
}

static void put_account(
    struct truth_writer *writer, const struct scenario *scenario, uint32_t account, struct json_writer *out)
{
    struct account_truth truth;
    world_truth(writer->world, account, &truth);
    if (truth.since_ms < 0)
        return; /* the log never speaks of it */
    buffer_reset(&writer->text);
    identity_put_name(world_seed(writer->world), account, &writer->text);
    json_put_object(out);
    json_put_name(out, "account");
    json_put_string(out, buffer_span(&writer->text));
    json_put_name(out, "population");
    json_put_text(out, truth.population);
    json_put_name(out, "campaign");
    json_put_text(out, truth.campaign >= 0 ? scenario->campaigns[truth.campaign].name : NULL);
    if (truth.organization != UINT32_MAX) {
        buffer_reset(&writer->text);
        identity_put_id("org_", truth.organization + UINT64_C(77), &writer->text);
        json_put_name(out, "organization");
        json_put_string(out, buffer_span(&writer->text));
    }
    json_put_name(out, "since");
    json_put_time(out, truth.since_ms);
    json_put_object_end(out);
    json_put_line(out);
}

static void put_u64(struct json_writer *out, const char *name, uint64_t value)
{
    json_put_name(out, name);
    json_put_u64(out, value);
}

static void put_cost(const struct truth_writer *writer, const struct scenario *scenario, uint32_t campaign,
    struct json_writer *out)
{
    struct campaign_cost cost;
    world_cost(writer->world, campaign, &cost);
    json_put_object(out);
    json_put_name(out, "campaign");
    json_put_text(out, scenario->campaigns[campaign].name);
    put_u64(out, "accounts_bought", cost.accounts_bought);
    put_u64(out, "spent_cents", (uint64_t)llround(cost.spent * 100));
    put_u64(out, "attempts", cost.attempts);
    put_u64(out, "refused", cost.refused);
    json_put_object_end(out);
    json_put_line(out);
}

static void put_period(const struct truth_writer *writer, struct json_writer *out)
{
    json_put_object(out);
    json_put_name(out, "start");
    json_put_time(out, world_start_ms(writer->world));
    json_put_name(out, "end");
    json_put_time(out, world_end_ms(writer->world));
    json_put_object_end(out);
    json_put_line(out);
}

static enum status put_tables(struct truth_writer *writer, const struct scenario *scenario)
{
    struct json_writer out;
    json_writer_init(&out, writer->drafts[FILE_ACCOUNTS].stream);
    for (size_t i = 0; i < world_accounts(writer->world); i++)
        put_account(writer, scenario, (uint32_t)i, &out);
    enum status st = json_writer_finish(&out);
    json_writer_fini(&out);
    if (st != STATUS_OK)
        return st;
    json_writer_init(&out, writer->drafts[FILE_COSTS].stream);
    for (uint32_t i = 0; i < scenario->n_campaigns; i++)
        put_cost(writer, scenario, i, &out);
    st = json_writer_finish(&out);
    json_writer_fini(&out);
    if (st != STATUS_OK)
        return st;
    json_writer_init(&out, writer->drafts[FILE_PERIOD].stream);
    put_period(writer, &out);
    st = json_writer_finish(&out);
    json_writer_fini(&out);
    return st;
}

enum status truth_commit(struct truth_writer *writer, const struct scenario *scenario)
{
    enum status st = STATUS_OK;
    TRY(put_tables(writer, scenario));
    while (writer->n_drafts > 0)
        TRY(file_draft_commit(&writer->drafts[--writer->n_drafts]));
fail:
    return st;
}
