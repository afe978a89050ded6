#include "campaign/idle.h"

/* The next of n things in turn. */
static size_t turn(size_t *next, size_t n)
{
    size_t at = *next < n ? *next : 0;
    *next = at + 1;
    return at;
}

static bool is_idle(const struct graph_object *object, const struct campaign_source *source, int64_t now_ms)
{
    return !object->dead && !object->watched && object_kind_info[object->kind].family == FAMILY_CONTENT &&
           source->retract(source->context, object->object, now_ms);
}

static bool is_old_echo(const struct graph *graph, const struct graph_direct *direct, int64_t now_ms)
{
    return direct->count == 1 && direct->kind == OBJECT_ECHO && now_ms - direct->first_ms > IDLE_ECHO_MS &&
           !graph->accounts[direct->a].watched && !graph->accounts[direct->b].watched;
}

enum status idle_take_out(
    struct idle *idle, struct graph *graph, const struct campaign_source *source, int64_t now_ms)
{
    enum status st = STATUS_OK;
    size_t objects = graph->n_objects, direct = graph->n_direct;
    for (size_t i = 0; i < (objects + IDLE_EPOCHS - 1) / IDLE_EPOCHS; i++) {
        const struct graph_object *o = &graph->objects[turn(&idle->object, objects)];
        if (is_idle(o, source, now_ms))
            TRY(graph_add(
                graph, &(struct tie){
                           .object = o->object, .kind = o->kind, .time_ms = now_ms, .op = TIE_WITHDRAW }));
    }
    for (size_t i = 0; i < (direct + IDLE_EPOCHS - 1) / IDLE_EPOCHS; i++) {
        size_t at = turn(&idle->direct, direct);
        if (is_old_echo(graph, &graph->direct[at], now_ms))
            graph_forget_direct(graph, (uint32_t)at);
    }
fail:
    return st;
}
