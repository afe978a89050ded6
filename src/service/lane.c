#include "service/lane.h"

#include "base/fault.h"
#include "record/codec.h"

/* Of one guarded reading. */
struct touch {
    struct lane *lane;
    struct lane_losses *losses;
    uint8_t *bytes;
    struct ring_place place;
    struct ring_stats stats;
    bool yes;
};

static bool touched(void (*read)(void *touch), struct touch *touch)
{
    struct lane *lane = touch->lane;
    if (lane->broken)
        return false;
    lane->broken = !fault_guarded(read, touch);
    lane->waits &= !lane->broken;
    return !lane->broken;
}

struct opening {
    const char *path;
    uint64_t key_check;
    const struct ring_place *saved;
    struct lane *lane;
    struct diag *diag;
    enum status st;
};

static void open_it(void *data)
{
    struct opening *opening = data;
    struct ring *ring = NULL;
    opening->st = ring_attach(opening->path, opening->key_check, &ring, opening->diag);
    if (opening->st != STATUS_OK)
        return;
    uint64_t at = ring_resume(ring, opening->saved);
    ring_release(ring, at); /* whoever was killed after the commit had no time to */
    *opening->lane = (struct lane){ .ring = ring, .at = at, .kept = at, .released = at };
}

enum status lane_open(const char *path, uint64_t key_check, const struct ring_place *saved,
    struct lane *ret_lane, struct diag *diag)
{
    struct opening opening = { path, key_check, saved, ret_lane, diag, STATUS_BAD };
    if (fault_guarded(open_it, &opening))
        return opening.st;
    diag_set(diag, "", "cut off while it was opened");
    return STATUS_BAD;
}

void lane_close(struct lane *lane)
{
    ring_detach(lane->ring);
    lane->ring = NULL;
}

static void look(void *data)
{
    struct touch *touch = data;
    struct lane *lane = touch->lane;
    enum status st = STATUS_OK;
    while ((st = ring_read(lane->ring, lane->at, &lane->items, &lane->next)) == STATUS_MISMATCH) {
        touch->losses->damaged++;
        touch->losses->bytes += lane->next > lane->at ? lane->next - lane->at : 0;
        lane->at = lane->next;
    }
    lane->waits = st == STATUS_OK;
    if (lane->waits && !record_items_time(lane->items, &lane->time_ms))
        lane->time_ms = INT64_MIN; /* names, or what is none: nothing to wait for */
}

bool lane_look(struct lane *lane, struct lane_losses *io_losses)
{
    struct touch touch = { .lane = lane, .losses = io_losses };
    if (!lane->waits)
        (void)touched(look, &touch);
    return lane->waits;
}

static void copy(void *data)
{
    const struct touch *touch = data;
    memcpy(touch->bytes, touch->lane->items.data, touch->lane->items.n);
}

bool lane_copy(struct lane *lane, uint8_t *ret_bytes)
{
    struct touch touch = { .lane = lane, .bytes = ret_bytes };
    return touched(copy, &touch);
}

void lane_take(struct lane *lane)
{
    lane->at = lane->next;
    lane->waits = false;
}

void lane_rewind(struct lane *lane)
{
    lane->at = lane->kept;
    lane->waits = false;
}

static void release(void *data)
{
    const struct touch *touch = data;
    ring_release(touch->lane->ring, touch->lane->kept);
}

void lane_release(struct lane *lane)
{
    struct touch touch = { .lane = lane };
    if (lane->released != lane->kept && touched(release, &touch))
        lane->released = lane->kept;
}

static void read_place(void *data)
{
    struct touch *touch = data;
    touch->place = ring_place_at(touch->lane->ring, touch->lane->kept);
}

bool lane_place(struct lane *lane, struct ring_place *ret_place)
{
    struct touch touch = { .lane = lane };
    bool there = touched(read_place, &touch);
    *ret_place = touch.place;
    return there;
}

static void read_stats(void *data)
{
    struct touch *touch = data;
    ring_stats(touch->lane->ring, &touch->stats);
}

bool lane_stats(struct lane *lane, struct ring_stats *ret_stats)
{
    struct touch touch = { .lane = lane };
    bool there = touched(read_stats, &touch);
    *ret_stats = touch.stats;
    return there;
}

static void finish(void *data)
{
    struct touch *touch = data;
    const struct lane *lane = touch->lane;
    ring_stats(lane->ring, &touch->stats);
    touch->yes = lane->released == touch->stats.head &&
                 (ring_replaced(lane->ring) || ring_remove(lane->ring, touch->stats.head));
}

bool lane_finished(struct lane *lane)
{
    struct touch touch = { .lane = lane };
    return !touched(finish, &touch) || touch.yes;
}
