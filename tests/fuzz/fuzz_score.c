/* Truth and run: any bytes as each of their files in turn are read, or refused with a file and a reason. */
#include "fuzz.h"

#include "base/file.h"
#include "score/run_file.h"
#include "score/truth_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/fuzz_score_XXXXXX";
static bool made;

static const char *const names[] = { "truth.jsonl", "period.json", "costs.jsonl", "extraction.csv",
    "decisions.jsonl", "campaigns.json" };
static const char *const good[] = {
    "{\"account\":\"a\",\"population\":\"p\",\"campaign\":\"c\"}\n",
    "{\"start\":\"2026-05-05T08:00:00Z\",\"end\":\"2026-05-06T08:00:00Z\"}\n",
    "{\"campaign\":\"c\",\"attempts\":3}\n",
    "exchange,account,time_ms\nr,a,1777968000000\n",
    "{\"time\":\"2026-05-05T08:00:00Z\",\"account\":\"a\",\"action\":\"restrict\"}\n",
    "{\"version\":1,\"campaigns\":[{\"accounts\":[{\"account\":\"a\"}]}]}\n",
};
enum { FILES = sizeof names / sizeof *names };

static void remove_folder(void)
{
    char path[64];
    for (size_t i = 0; i < FILES; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

static void put(size_t i, const void *bytes, size_t n)
{
    char path[64];
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    FILE *stream = fopen(path, "wb");
    if (!stream || fwrite(bytes, 1, n, stream) != n || fclose(stream) != 0)
        abort();
}

static void read_all(void)
{
    struct key key;
    struct diag diag = { 0 };
    struct truth_file *truth = NULL;
    struct run_file *run = NULL;
    struct score score = { 0 };
    key_init(&key, key_default_secret);
    const struct truth_options options = { .dir = folder, .key = &key, .n_threads = 1 };
    if (truth_file_new(&options, &truth) != STATUS_OK || run_file_new(folder, &key, false, &run) != STATUS_OK)
        abort();
    enum status st = run_file_read(run, &diag);
    if (st == STATUS_OK)
        st = truth_file_read(truth, &diag);
    if (st == STATUS_OK)
        st = score_compute(truth_file_truth(truth), run_file_run(run), &score, &diag);
    if (st == STATUS_BAD && diag.reason[0] == '\0')
        abort();
    score_fini(&score);
    run_file_free(run);
    truth_file_free(truth);
}

/* The first byte says which file the others are. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n == 0)
        return 0;
    if (!made) {
        if (!mkdtemp(folder) || atexit(remove_folder) != 0)
            abort();
        made = true;
    }
    for (size_t i = 0; i < FILES; i++)
        put(i, good[i], strlen(good[i]));
    put(data[0] % FILES, data + 1, n - 1);
    read_all();
    return 0;
}
