#include "exchange/source.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum { INPUT_BYTES = 256 << 10, MAGIC_BYTES = 4 };

typedef enum status unpack_fn(struct source *source, char *bytes, size_t n, size_t *ret_n);

struct source {
    int fd;
    bool live;
    bool input_ended;
    bool frame_open; /* within a gzip member or zstd frame */
    size_t at;       /* of input not yet unpacked */
    size_t n;
    uint64_t input_bytes;
    enum status ended; /* OK: there may be more */
    const char *reason;
    unpack_fn *unpack; /* NULL until the first bytes were seen */
    z_stream *gzip;
    ZSTD_DStream *zstd;
    size_t zstd_wants; /* bytes of input to go on; 0: a new frame */
    bool output_waits; /* the last call filled all room */
    uint8_t input[INPUT_BYTES];
};

static enum status read_fd(struct source *source, void *bytes, size_t n, size_t *ret_n)
{
    ssize_t got;
    do
        got = read(source->fd, bytes, n < INT_MAX ? n : INT_MAX);
    while (got < 0 && errno == EINTR);
    if (got < 0) {
        source->reason = strerror(errno);
        return STATUS_IO;
    }
    source->input_bytes += (uint64_t)got;
    *ret_n = (size_t)got;
    return got > 0 ? STATUS_OK : STATUS_END;
}

/* Makes sure that there is some input. */
static enum status refill(struct source *source)
{
    if (source->at < source->n)
        return STATUS_OK;
    source->at = source->n = 0;
    return read_fd(source, source->input, sizeof source->input, &source->n);
}

static enum status damaged(struct source *source, const char *reason)
{
    source->reason = reason;
    return STATUS_BAD;
}

static enum status unpack_plain(struct source *source, char *bytes, size_t n, size_t *ret_n)
{
    size_t left = source->n - source->at;
    if (left == 0)
        return read_fd(source, bytes, n, ret_n);
    *ret_n = left < n ? left : n;
    memcpy(bytes, source->input + source->at, *ret_n);
    source->at += *ret_n;
    return STATUS_OK;
}

/* Between members: zero bytes are padding, anything but a further member is damage. */
static enum status next_member(struct source *source)
{
    while (source->at < source->n && source->input[source->at] == 0)
        source->at++;
    if (source->at == source->n)
        return STATUS_OK;
    if (source->input[source->at] != 0x1f)
        return damaged(source, "gzip: garbage behind the last member");
    source->frame_open = true;
    return inflateReset(source->gzip) == Z_OK ? STATUS_OK : damaged(source, "gzip: cannot restart");
}

/* What must be there before inflate is called: output that still waits, or input within a member. */
static enum status ready_gzip(struct source *source)
{
    if (source->output_waits)
        return STATUS_OK;
    enum status st;
    do {
        st = refill(source);
        if (st == STATUS_END && source->frame_open)
            return damaged(source, "gzip: ends within a member");
        if (st == STATUS_OK && !source->frame_open)
            st = next_member(source);
    } while (st == STATUS_OK && !source->frame_open);
    return st;
}

static enum status unpack_gzip(struct source *source, char *bytes, size_t n, size_t *ret_n)
{
    z_stream *z = source->gzip;
    size_t room = n < UINT_MAX ? n : UINT_MAX;
    *ret_n = 0;
    while (*ret_n == 0) {
        enum status st = ready_gzip(source);
        if (st != STATUS_OK)
            return st;
        z->next_in = source->input + source->at;
        z->avail_in = (unsigned)(source->n - source->at);
        z->next_out = (uint8_t *)bytes;
        z->avail_out = (unsigned)room;
        int code = inflate(z, Z_NO_FLUSH);
        source->at = source->n - z->avail_in;
        *ret_n = room - z->avail_out;
        source->frame_open = code != Z_STREAM_END;
        source->output_waits = source->frame_open && z->avail_out == 0;
        if (code == Z_MEM_ERROR)
            return STATUS_NOMEM;
        if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
            return damaged(source, z->msg ? z->msg : "gzip: damaged");
    }
    return STATUS_OK;
}

/*
 * On an error zstd does not say how much it wrote in the same call. So that nothing is lost, each call gets the input
 * of one block at most, without the header of the next one, and none as long as output waits to be taken.
 */
static size_t zstd_input(const struct source *source)
{
    enum { BLOCK_HEADER_BYTES = 3 };
    size_t left = source->n - source->at;
    size_t wanted = source->zstd_wants > BLOCK_HEADER_BYTES ? source->zstd_wants - BLOCK_HEADER_BYTES
                    : source->zstd_wants > 0                ? source->zstd_wants
                                                            : 1;
    return source->output_waits ? 0 : wanted < left ? wanted : left;
}

static enum status unpack_zstd(struct source *source, char *bytes, size_t n, size_t *ret_n)
{
    *ret_n = 0;
    while (*ret_n == 0) {
        enum status st = source->output_waits ? STATUS_OK : refill(source);
        if (st == STATUS_END && source->frame_open)
            return damaged(source, "zstd: ends within a frame");
        if (st != STATUS_OK)
            return st;
        ZSTD_outBuffer out = { bytes, n, 0 };
        ZSTD_inBuffer in = { source->input, source->at + zstd_input(source), source->at };
        size_t code = ZSTD_decompressStream(source->zstd, &out, &in);
        if (ZSTD_isError(code))
            return damaged(source, ZSTD_getErrorName(code));
        source->at = in.pos;
        *ret_n = out.pos;
        source->zstd_wants = code;
        source->frame_open = code != 0;
        source->output_waits = code != 0 && out.pos == out.size;
    }
    return STATUS_OK;
}

static enum status start_gzip(struct source *source)
{
    source->unpack = unpack_gzip;
    source->frame_open = true;
    source->gzip = calloc(1, sizeof *source->gzip);
    if (!source->gzip)
        return STATUS_NOMEM;
    if (inflateInit2(source->gzip, 15 + 16) == Z_OK)
        return STATUS_OK;
    free(source->gzip);
    source->gzip = NULL;
    return STATUS_NOMEM;
}

static enum status start_zstd(struct source *source)
{
    source->unpack = unpack_zstd;
    source->zstd = ZSTD_createDStream();
    return source->zstd ? STATUS_OK : STATUS_NOMEM;
}

static enum status detect(struct source *source)
{
    enum status st = STATUS_OK;
    while (source->n < MAGIC_BYTES && st == STATUS_OK) {
        size_t got = 0;
        st = read_fd(source, source->input + source->n, sizeof source->input - source->n, &got);
        source->n += got;
    }
    if (st != STATUS_OK && st != STATUS_END)
        return st;
    const uint8_t *m = source->input;
    if (source->n >= 2 && m[0] == 0x1f && m[1] == 0x8b)
        return start_gzip(source);
    bool frame = source->n >= MAGIC_BYTES && m[0] == 0x28 && m[1] == 0xb5 && m[2] == 0x2f && m[3] == 0xfd;
    bool skippable =
        source->n >= MAGIC_BYTES && (m[0] & 0xf0) == 0x50 && m[1] == 0x2a && m[2] == 0x4d && m[3] == 0x18;
    if (frame || skippable)
        return start_zstd(source);
    source->unpack = unpack_plain;
    return STATUS_OK;
}

enum status source_open(const char *path, struct source **ret_source)
{
    struct source *source = malloc(sizeof *source);
    if (!source)
        return STATUS_NOMEM;
    memset(source, 0, offsetof(struct source, input));
    source->fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (source->fd < 0 || fstat(source->fd, &about) != 0) {
        int saved = errno;
        source_close(source);
        errno = saved;
        return STATUS_IO;
    }
    source->live = !S_ISREG(about.st_mode);
    *ret_source = source;
    return STATUS_OK;
}

void source_close(struct source *source)
{
    if (!source)
        return;
    if (source->gzip)
        inflateEnd(source->gzip);
    free(source->gzip);
    ZSTD_freeDStream(source->zstd);
    if (source->fd >= 0)
        close(source->fd);
    free(source);
}

enum status source_read(struct source *source, char *bytes, size_t n, size_t *ret_n)
{
    if (source->ended != STATUS_OK)
        return source->ended;
    enum status st = source->unpack ? STATUS_OK : detect(source);
    size_t got = 0;
    if (st == STATUS_OK)
        st = source->unpack(source, bytes, n, &got);
    /* Running out of memory is not an end: it is for the caller to give up. */
    if (st != STATUS_OK && st != STATUS_NOMEM)
        source->ended = st;
    if (got > 0 && st != STATUS_NOMEM)
        st = STATUS_OK;
    if (st == STATUS_OK)
        *ret_n = got;
    return st;
}

const char *source_reason(const struct source *source)
{
    return source->reason ? source->reason : "";
}

uint64_t source_input_bytes(const struct source *source)
{
    return source->input_bytes;
}

bool source_is_live(const struct source *source)
{
    return source->live;
}
