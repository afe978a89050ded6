#include "lab/texts.h"

#include "lab/dice.h"

#include <stdlib.h>

enum status texts_init(struct texts *texts, const struct corpus *corpus)
{
    *texts = (struct texts){ .corpus = corpus };
    texts->systems = calloc(TEXTS_KEPT, sizeof *texts->systems);
    texts->tools = calloc(TEXTS_KEPT, sizeof *texts->tools);
    texts->frames = calloc(TEXTS_KEPT, sizeof *texts->frames);
    if (texts->systems && texts->tools && texts->frames)
        return STATUS_OK;
    texts_fini(texts);
    return STATUS_NOMEM;
}

void texts_fini(struct texts *texts)
{
    for (unsigned i = 0; texts->systems && i < TEXTS_KEPT; i++)
        buffer_fini(&texts->systems[i].text);
    for (unsigned i = 0; texts->tools && i < TEXTS_KEPT; i++)
        buffer_fini(&texts->tools[i].text);
    for (unsigned i = 0; texts->frames && i < TEXTS_KEPT; i++) {
        buffer_fini(&texts->frames[i].before);
        buffer_fini(&texts->frames[i].after);
    }
    free(texts->systems);
    free(texts->tools);
    free(texts->frames);
    buffer_fini(&texts->name);
    buffer_fini(&texts->description);
    buffer_fini(&texts->schema);
    *texts = (struct texts){ 0 };
}

static size_t place_of(uint64_t number)
{
    return dice_mix(number) % TEXTS_KEPT;
}

enum status texts_system(struct texts *texts, const struct style *style, struct span *ret_text)
{
    enum status st = STATUS_OK;
    uint64_t number = dice_hash(style->system, style->system_bytes) | 1;
    struct kept_system *kept = &texts->systems[place_of(number)];
    if (kept->number != number) {
        kept->number = 0;
        buffer_reset(&kept->text);
        TRY(corpus_system(texts->corpus, style->system, style->system_bytes, &kept->text));
        kept->number = number;
    }
    *ret_text = buffer_span(&kept->text);
fail:
    return st;
}

static struct span put_copy(struct buffer *text, const struct buffer *from, size_t *at)
{
    *at = text->n;
    buffer_put(text, buffer_span(from));
    return (struct span){ NULL, from->n };
}

static enum status fill_tools(struct texts *texts, uint64_t toolset, struct kept_tools *kept)
{
    enum status st = STATUS_OK;
    size_t at[TOOLS_MAX][3];
    unsigned n = corpus_tool_count(texts->corpus, toolset);
    n = n < TOOLS_MAX ? n : TOOLS_MAX;
    buffer_reset(&kept->text);
    for (unsigned i = 0; i < n; i++) {
        buffer_reset(&texts->name);
        buffer_reset(&texts->description);
        buffer_reset(&texts->schema);
        TRY(corpus_tool(texts->corpus, toolset, i, &texts->name, &texts->description, &texts->schema));
        kept->tools[i] = (struct tool){
            .name = put_copy(&kept->text, &texts->name, &at[i][0]),
            .description = put_copy(&kept->text, &texts->description, &at[i][1]),
            .schema = put_copy(&kept->text, &texts->schema, &at[i][2]),
        };
    }
    TRY(kept->text.status);
    for (unsigned i = 0; i < n; i++) {
        kept->tools[i].name.data = kept->text.data + at[i][0];
        kept->tools[i].description.data = kept->text.data + at[i][1];
        kept->tools[i].schema.data = kept->text.data + at[i][2];
    }
    kept->n = n;
fail:
    return st;
}

enum status texts_tools(struct texts *texts, uint64_t toolset, const struct tool **ret_tools, uint32_t *ret_n)
{
    enum status st = STATUS_OK;
    struct kept_tools *kept = &texts->tools[place_of(toolset + 1)];
    if (kept->number != toolset + 1) {
        kept->number = 0;
        TRY(fill_tools(texts, toolset, kept));
        kept->number = toolset + 1;
    }
    *ret_tools = kept->tools;
    *ret_n = kept->n;
fail:
    return st;
}

enum status texts_frame(struct texts *texts, const struct talk *talk, const struct kept_frame **ret_frame)
{
    enum status st = STATUS_OK;
    uint64_t number = dice_hash(dice_hash(talk->frame, talk->variant), talk->frame_kind) | 1;
    struct kept_frame *kept = &texts->frames[place_of(number)];
    if (kept->number != number) {
        kept->number = 0;
        buffer_reset(&kept->before);
        buffer_reset(&kept->after);
        TRY(corpus_frame(
            texts->corpus, talk->frame_kind, talk->frame, talk->variant, &kept->before, &kept->after));
        kept->number = number;
    }
    *ret_frame = kept;
fail:
    return st;
}
