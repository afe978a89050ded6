#include "report/report.h"

#include "base/file.h"
#include "report/campaigns_json.h"
#include "report/html.h"
#include "report/summary_json.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

enum { PATH_BYTES = 4096 };

static enum status complain(const char *dir, const char *name, enum status st, struct diag *diag)
{
    if (st == STATUS_OK)
        return st;
    if (diag)
        *diag = (struct diag){ .file = dir };
    diag_set(diag, name, "%s", st == STATUS_IO ? strerror(errno) : status_text(st));
    return st;
}

static enum status path_of(const char *dir, const char *name, char ret_path[static PATH_BYTES])
{
    int n = snprintf(ret_path, PATH_BYTES, "%s%s%s", dir, *name ? "/" : "", name);
    return n < PATH_BYTES ? STATUS_OK : STATUS_TOO_BIG;
}

static enum status make_folder(const char *dir, const char *name)
{
    enum status st = STATUS_OK;
    char path[PATH_BYTES];
    TRY(path_of(dir, name, path));
    REQUIRE(mkdir(path, 0777) == 0 || errno == EEXIST, STATUS_IO);
fail:
    return st;
}

typedef enum status write_function(FILE *stream, const struct report_input *input);

static enum status write_campaigns(FILE *stream, const struct report_input *input)
{
    struct json_writer writer;
    json_writer_init(&writer, stream);
    campaigns_json(&writer, &input->source);
    enum status st = json_writer_finish(&writer);
    json_writer_fini(&writer);
    return st;
}

static enum status write_summary(FILE *stream, const struct report_input *input)
{
    struct json_writer writer;
    json_writer_init(&writer, stream);
    summary_json(&writer, input);
    enum status st = json_writer_finish(&writer);
    json_writer_fini(&writer);
    return st;
}

static enum status write_page(FILE *stream, const struct report_input *input)
{
    struct buffer page = { 0 };
    html_page(&page, input);
    enum status st = page.status;
    if (st == STATUS_OK && fwrite(page.data, 1, page.n, stream) != page.n)
        st = STATUS_IO;
    buffer_fini(&page);
    return st;
}

static enum status write_file(
    const char *dir, const char *name, write_function *write, const struct report_input *input)
{
    enum status st = STATUS_OK;
    char path[PATH_BYTES];
    struct file_draft draft = { 0 };
    TRY(path_of(dir, name, path));
    TRY(file_draft_open(path, &draft));
    st = write(draft.stream, input);
    if (st == STATUS_OK)
        return file_draft_commit(&draft);
    file_draft_abort(&draft);
fail:
    return st;
}

enum status report_write(const char *dir, const struct report_input *input, struct diag *diag)
{
    static const struct {
        const char *name;
        write_function *write;
    } files[] = {
        { "campaigns.json", write_campaigns },
        { "summary.json", write_summary },
        { "report/index.html", write_page },
    };
    enum status st = STATUS_OK;
    TRY(complain(dir, ".", make_folder(dir, ""), diag));
    TRY(complain(dir, "report", make_folder(dir, "report"), diag));
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        TRY(complain(dir, files[i].name, write_file(dir, files[i].name, files[i].write, input), diag));
fail:
    return st;
}
