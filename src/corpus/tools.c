#include "corpus/parts.h"
#include "corpus/sets.h"

enum { TOOLS_MIN = 3, TOOLS_SPREAD = 10, SECTION_LINES = 7 };
enum { ABOUT_SYSTEM = POOL_COUNT * 5, ABOUT_TOOLS, ABOUT_TOOL, ABOUT_CALL };

/* A public one out of the sets, as many lines of it as begin within the length. */
static void put_published(const struct sets *sets, uint64_t index, size_t n_bytes, struct buffer *out)
{
    struct span text = sets_system(sets, index % sets_systems(sets));
    text.n = span_find(text, '\n', n_bytes);
    buffer_put(out, text);
}

enum status corpus_system(const struct corpus *corpus, uint64_t index, unsigned n_bytes, struct buffer *out)
{
    unsigned own = index >= CORPUS_PUBLIC_SYSTEMS;
    uint64_t about = corpus_about(ABOUT_SYSTEM, index);
    size_t start = out->n;
    if (!own && sets_systems(corpus->sets) > 0)
        put_published(corpus->sets, index, n_bytes, out);
    else
        corpus_put(corpus, corpus->rules.system_opening[own], about, 0, out);
    for (uint64_t line = 1; out->status == STATUS_OK && out->n - start < n_bytes; line++) {
        buffer_put_text(out, line % SECTION_LINES ? "\n" : "\n\n");
        skeletons_expand(
            corpus->system_lines[own], &(struct grammar_draw){ .bound = about, .free = line }, out);
    }
    return out->status;
}

unsigned corpus_tool_count(const struct corpus *corpus, uint64_t index)
{
    (void)corpus;
    return TOOLS_MIN + (unsigned)(corpus_about(ABOUT_TOOLS, index) >> 32) % TOOLS_SPREAD;
}

static uint64_t tool_about(uint64_t index, unsigned n)
{
    return corpus_about(ABOUT_TOOL + n * UINT64_C(0x9e3779b97f4a7c15), index);
}

static unsigned form_of(uint64_t about)
{
    return (unsigned)(about >> 33) % TOOL_FORMS;
}

/* The verbs of a set are neighbours in the list, so that no two tools have one name. */
static void put_name(const struct corpus *corpus, uint64_t index, unsigned n, struct buffer *out)
{
    uint32_t verbs = corpus->rules.tool_verb[index >= CORPUS_PUBLIC_TOOLSETS];
    uint32_t first = (uint32_t)(corpus_about(ABOUT_TOOLS, index) & 0xffff);
    struct grammar_draw draw = { .bound = tool_about(index, n) };
    grammar_expand_at(
        corpus->grammar, verbs, (first + n) % grammar_alternatives(corpus->grammar, verbs), &draw, out);
    grammar_expand(corpus->grammar, corpus->rules.tool_name, &draw, out);
}

enum status corpus_tool(const struct corpus *corpus, uint64_t index, unsigned n, struct buffer *name,
    struct buffer *description, struct buffer *schema)
{
    uint64_t about = tool_about(index, n);
    put_name(corpus, index, n, name);
    corpus_put(corpus, corpus->rules.tool_description, about, 0, description);
    corpus_put(corpus, corpus->rules.tool_schema[form_of(about)], about, 0, schema);
    if (name->status != STATUS_OK)
        return name->status;
    return description->status != STATUS_OK ? description->status : schema->status;
}

enum status corpus_tool_call(const struct corpus *corpus, uint64_t index, uint64_t conversation,
    unsigned turn, struct buffer *name, struct buffer *arguments)
{
    uint64_t seed = corpus_about(ABOUT_CALL + turn * UINT64_C(0x9e3779b97f4a7c15), conversation);
    unsigned n = (unsigned)(seed >> 32) % corpus_tool_count(corpus, index);
    uint64_t about = tool_about(index, n);
    put_name(corpus, index, n, name);
    corpus_put(corpus, corpus->rules.tool_arguments[form_of(about)], about, seed, arguments);
    return name->status != STATUS_OK ? name->status : arguments->status;
}
