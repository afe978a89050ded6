#include "corpus/grammar_ops.h"

#include <stdlib.h>

enum { LITERAL_MAX = 60000, DEPTH_MAX = 40, WEIGHT_MAX = 1000 };

/* Where the reader stands, and what of the rules around it is not yet finished. */
struct reader {
    struct grammar *grammar;
    struct diag *diag;
    const char *at, *end; /* of a line */
    struct grammar_op *ops;
    struct grammar_branch *branches;
    size_t n_ops, n_branches, ops_room, branches_room;
    size_t literal; /* where in the text the literal began that is being read */
    unsigned depth;
};

/* items: the address of a pointer to items. */
static enum status grow(void *items, size_t *room, size_t n, size_t size)
{
    void *now;
    if (n <= *room)
        return STATUS_OK;
    size_t more = *room ? *room * 2 : 256;
    while (more < n)
        more *= 2;
    memcpy(&now, items, sizeof now);
    void *bigger = realloc(now, more * size);
    if (!bigger)
        return STATUS_NOMEM;
    memcpy(items, &bigger, sizeof bigger);
    *room = more;
    return STATUS_OK;
}

static enum status bad(struct reader *reader, const char *reason)
{
    diag_set(reader->diag, "grammar", "%s", reason);
    return STATUS_BAD;
}

static enum status put_op(struct reader *reader, struct grammar_op op)
{
    enum status st = grow(&reader->ops, &reader->ops_room, reader->n_ops + 1, sizeof op);
    if (st == STATUS_OK)
        reader->ops[reader->n_ops++] = op;
    return st;
}

static enum status put_byte(struct reader *reader, char c)
{
    struct grammar *grammar = reader->grammar;
    enum status st = grow(&grammar->text, &grammar->text_room, grammar->n_text + 1, 1);
    if (st == STATUS_OK)
        grammar->text[grammar->n_text++] = c;
    return st;
}

static enum status end_literal(struct reader *reader)
{
    size_t n = reader->grammar->n_text - reader->literal;
    enum status st = STATUS_OK;
    if (n > LITERAL_MAX)
        return bad(reader, "a text without slots is too long");
    if (n > 0)
        st = put_op(reader, (struct grammar_op){ (uint32_t)reader->literal, (uint16_t)n, OP_TEXT, 0 });
    reader->literal = reader->grammar->n_text;
    return st;
}

/* The ops since first become a branch; so many of it. */
static enum status put_branch(struct reader *reader, size_t first, unsigned weight)
{
    struct grammar *grammar = reader->grammar;
    size_t n = reader->n_ops - first;
    struct grammar_branch branch = { (uint32_t)grammar->n_ops, (uint32_t)n };
    enum status st = grow(&grammar->ops, &grammar->ops_room, grammar->n_ops + n, sizeof *grammar->ops);
    if (st == STATUS_OK)
        st = grow(&reader->branches, &reader->branches_room, reader->n_branches + weight, sizeof branch);
    if (st != STATUS_OK)
        return st;
    if (n > 0)
        memcpy(grammar->ops + grammar->n_ops, reader->ops + first, n * sizeof *reader->ops);
    grammar->n_ops += n;
    reader->n_ops = first;
    for (unsigned i = 0; i < weight; i++)
        reader->branches[reader->n_branches++] = branch;
    return STATUS_OK;
}

/* The branches since first become the rule's. */
static enum status end_rule(struct reader *reader, size_t first, uint32_t rule)
{
    struct grammar *grammar = reader->grammar;
    size_t n = reader->n_branches - first;
    if (n == 0)
        return bad(reader, "a rule has no alternative");
    enum status st =
        grow(&grammar->branches, &grammar->branches_room, grammar->n_branches + n, sizeof *grammar->branches);
    if (st != STATUS_OK)
        return st;
    memcpy(grammar->branches + grammar->n_branches, reader->branches + first, n * sizeof *reader->branches);
    grammar->rules[rule] = (struct grammar_rule){ (uint32_t)grammar->n_branches, (uint32_t)n };
    grammar->n_branches += n;
    reader->n_branches = first;
    return STATUS_OK;
}

static enum status add_rule(struct grammar *grammar, uint32_t *ret_rule)
{
    enum status st =
        grow(&grammar->rules, &grammar->rules_room, grammar->n_rules + 1, sizeof *grammar->rules);
    if (st != STATUS_OK)
        return st;
    *ret_rule = (uint32_t)grammar->n_rules;
    grammar->rules[grammar->n_rules++] = (struct grammar_rule){ 0 };
    return STATUS_OK;
}

static enum status read_escape(struct reader *reader)
{
    static const char from[] = "nst{}|\\#", to[] = "\n \t{}|\\#";
    const char *hit = reader->at < reader->end ? strchr(from, *reader->at) : NULL;
    if (!hit || !*hit)
        return bad(reader, "unknown escape");
    reader->at++;
    return put_byte(reader, to[hit - from]);
}

static bool read_whole(const char **at, const char *end, uint32_t *ret_number)
{
    const char *start = *at;
    uint32_t number = 0;
    while (*at < end && **at >= '0' && **at <= '9' && *at - start < 8)
        number = number * 10 + (uint32_t)(*(*at)++ - '0');
    *ret_number = number;
    return *at > start;
}

static enum status read_number(struct reader *reader, struct span inside)
{
    const char *at = inside.data + 1, *end = inside.data + inside.n;
    uint32_t least, most;
    if (span_is(inside, "#sum"))
        return put_op(reader, (struct grammar_op){ .kind = OP_SUM });
    if (span_is(inside, "#product"))
        return put_op(reader, (struct grammar_op){ .kind = OP_PRODUCT });
    if (!read_whole(&at, end, &least) || at == end || *at++ != '-' || !read_whole(&at, end, &most) ||
        at != end || most < least || most - least >= UINT16_MAX)
        return bad(reader, "a number slot is {#LEAST-MOST}, {#sum} or {#product}");
    return put_op(reader, (struct grammar_op){ least, (uint16_t)(most - least + 1), OP_NUMBER, 0 });
}

static enum status read_reference(struct reader *reader, struct span inside)
{
    char name[64];
    struct grammar_op op = { .kind = OP_RULE };
    for (; inside.n > 0 && memchr("=^@", *inside.data, 3); inside.data++, inside.n--)
        op.flags |= *inside.data == '=' ? SLOT_BOUND : *inside.data == '^' ? SLOT_CAPITAL : SLOT_ARTICLE;
    if (inside.n == 0 || inside.n >= sizeof name)
        return bad(reader, "a slot without a rule's name");
    memcpy(name, inside.data, inside.n);
    name[inside.n] = '\0';
    if (grammar_find(reader->grammar, name, &op.value) != STATUS_OK) {
        diag_set(reader->diag, "grammar", "no rule is called %s", name);
        return STATUS_BAD;
    }
    return put_op(reader, op);
}

static enum status read_sequence(struct reader *reader, bool inside);

static enum status read_choice(struct reader *reader)
{
    size_t first = reader->n_branches;
    struct grammar_op op = { .kind = OP_RULE };
    enum status st;
    REQUIRE(reader->depth++ < DEPTH_MAX, bad(reader, "choices nest too deep"));
    for (char stop = '|'; stop == '|'; stop = *reader->at++) {
        size_t ops = reader->n_ops;
        TRY(read_sequence(reader, true));
        REQUIRE(reader->at < reader->end, bad(reader, "a choice is not closed"));
        TRY(put_branch(reader, ops, 1));
    }
    TRY(add_rule(reader->grammar, &op.value));
    TRY(end_rule(reader, first, op.value));
    reader->depth--;
    reader->literal = reader->grammar->n_text;
    return put_op(reader, op);
fail:
    return st;
}

/* Behind an opening brace. What holds no brace or bar before the closing one is a slot, else a choice. */
static enum status read_slot(struct reader *reader)
{
    const char *at = reader->at;
    while (at < reader->end && *at != '}' && *at != '|' && *at != '{' && *at != '\\')
        at++;
    if (at == reader->end || *at != '}')
        return read_choice(reader);
    struct span inside = { reader->at, (size_t)(at - reader->at) };
    reader->at = at + 1;
    return inside.n > 0 && *inside.data == '#' ? read_number(reader, inside) : read_reference(reader, inside);
}

static bool ends_alternative(const struct reader *reader)
{
    const char *at = reader->at;
    while (at < reader->end && *at == ' ')
        at++;
    return at == reader->end || *at == '|';
}

/* Up to the bar or brace that ends it, which is not taken, or the end of the line. */
static enum status read_sequence(struct reader *reader, bool inside)
{
    enum status st;
    reader->literal = reader->grammar->n_text;
    while (reader->at < reader->end && *reader->at != '|' && *reader->at != '}') {
        char c = *reader->at++;
        if (c == '\\') {
            TRY(read_escape(reader));
        } else if (c == '{') {
            TRY(end_literal(reader));
            TRY(read_slot(reader));
        } else if (inside || c != ' ' || !ends_alternative(reader)) {
            TRY(put_byte(reader, c));
        }
    }
    REQUIRE(inside || reader->at == reader->end || *reader->at == '|', bad(reader, "a brace too many"));
    return end_literal(reader);
fail:
    return st;
}

static unsigned read_weight(struct reader *reader)
{
    const char *at = reader->at;
    uint32_t weight;
    if (!read_whole(&at, reader->end, &weight) || at + 1 >= reader->end || at[0] != '*' || at[1] != ' ' ||
        weight == 0 || weight > WEIGHT_MAX)
        return 1;
    reader->at = at + 2;
    return weight;
}

static enum status read_alternatives(struct reader *reader, struct span line)
{
    enum status st;
    reader->at = line.data + 2;
    reader->end = line.data + line.n;
    for (bool more = true; more;) {
        unsigned weight = read_weight(reader);
        TRY(read_sequence(reader, false));
        TRY(put_branch(reader, 0, weight));
        more = reader->at < reader->end;
        if (more)
            for (reader->at++; reader->at < reader->end && *reader->at == ' ';)
                reader->at++;
    }
    return STATUS_OK;
fail:
    return st;
}

static bool is_heading(struct span line)
{
    return line.n > 1 && line.data[0] != ' ' && line.data[0] != '#' && line.data[line.n - 1] == ':';
}

static struct span line_at(struct span text, size_t from)
{
    return (struct span){ text.data + from, span_find(text, '\n', from) - from };
}

static enum status read_rules(struct reader *reader, struct span text, uint32_t *rule)
{
    bool open = false;
    enum status st;
    for (size_t at = 0; at < text.n;) {
        struct span line = line_at(text, at);
        if (reader->diag)
            reader->diag->line++;
        at += line.n + 1;
        if (is_heading(line)) {
            if (open)
                TRY(end_rule(reader, 0, (*rule)++));
            open = true;
        } else if (line.n > 2 && line.data[0] == ' ' && line.data[1] == ' ' && open) {
            TRY(read_alternatives(reader, line));
        } else {
            REQUIRE(line.n == 0 || line.data[0] == '#', bad(reader, "neither a rule nor an alternative"));
        }
    }
    if (open)
        TRY(end_rule(reader, 0, (*rule)++));
    return STATUS_OK;
fail:
    return st;
}

static enum status read_names(struct grammar *grammar, struct span text)
{
    enum status st;
    for (size_t at = 0; at < text.n;) {
        struct span line = line_at(text, at);
        at += line.n + 1;
        if (!is_heading(line))
            continue;
        size_t n = line.n - 1;
        struct grammar_name name = { .name = { NULL, n } };
        TRY(grow(&grammar->names_text, &grammar->names_text_room, grammar->n_names_text + n, 1));
        TRY(grow(&grammar->names, &grammar->names_room, grammar->n_names + 1, sizeof name));
        TRY(add_rule(grammar, &name.rule));
        memcpy(grammar->names_text + grammar->n_names_text, line.data, n);
        grammar->n_names_text += n;
        grammar->names[grammar->n_names++] = name;
    }
    return STATUS_OK;
fail:
    return st;
}

static int names_in_order(const void *a, const void *b)
{
    const struct span *x = &((const struct grammar_name *)a)->name,
                      *y = &((const struct grammar_name *)b)->name;
    int order = memcmp(x->data, y->data, x->n < y->n ? x->n : y->n);
    return order ? order : (x->n > y->n) - (x->n < y->n);
}

static enum status sort_names(struct reader *reader)
{
    struct grammar *grammar = reader->grammar;
    size_t at = 0;
    for (size_t i = 0; i < grammar->n_names; at += grammar->names[i++].name.n)
        grammar->names[i].name.data = grammar->names_text + at;
    if (grammar->n_names > 0)
        qsort(grammar->names, grammar->n_names, sizeof *grammar->names, names_in_order);
    for (size_t i = 1; i < grammar->n_names; i++)
        if (span_eq(grammar->names[i - 1].name, grammar->names[i].name)) {
            diag_set(reader->diag, "grammar", "two rules are called %.*s", (int)grammar->names[i].name.n,
                grammar->names[i].name.data);
            return STATUS_BAD;
        }
    return STATUS_OK;
}

/* How deep rules nest; a rule that contains itself goes beyond any depth. done: 0 not known, else depth + 1. */
static enum status check_depth(struct reader *reader, uint32_t rule, unsigned depth, uint8_t *done)
{
    const struct grammar *grammar = reader->grammar;
    if (depth > DEPTH_MAX)
        return bad(reader, "a rule contains itself, or rules nest too deep");
    if (done[rule] > depth)
        return STATUS_OK;
    const struct grammar_rule *at = grammar->rules + rule;
    for (uint32_t i = at->first; i < at->first + at->n; i++)
        for (uint32_t k = 0; k < grammar->branches[i].n; k++) {
            const struct grammar_op *op = grammar->ops + grammar->branches[i].first + k;
            enum status st =
                op->kind == OP_RULE ? check_depth(reader, op->value, depth + 1, done) : STATUS_OK;
            if (st != STATUS_OK)
                return st;
        }
    done[rule] = (uint8_t)(depth + 1);
    return STATUS_OK;
}

static enum status check_rules(struct reader *reader)
{
    uint8_t *done = calloc(reader->grammar->n_rules + 1, 1);
    enum status st = done ? STATUS_OK : STATUS_NOMEM;
    for (uint32_t rule = 0; st == STATUS_OK && rule < reader->grammar->n_rules; rule++)
        st = check_depth(reader, rule, 0, done);
    free(done);
    return st;
}

static enum status read_sources(struct reader *reader, const struct grammar_source *sources, size_t n)
{
    struct grammar *grammar = reader->grammar;
    uint32_t rule = 0;
    enum status st;
    for (size_t i = 0; i < n; i++)
        TRY(read_names(grammar, sources[i].text));
    TRY(sort_names(reader));
    for (size_t i = 0; i < n; i++) {
        if (reader->diag) {
            reader->diag->file = sources[i].name;
            reader->diag->line = 0;
        }
        TRY(read_rules(reader, sources[i].text, &rule));
    }
    TRY(check_rules(reader));
    TRY(grow(&grammar->text, &grammar->text_room, grammar->n_text + GRAMMAR_PAD, 1));
    memset(grammar->text + grammar->n_text, 0, GRAMMAR_PAD);
    return STATUS_OK;
fail:
    return st;
}

enum status grammar_new(
    const struct grammar_source *sources, size_t n, struct grammar **ret_grammar, struct diag *diag)
{
    struct reader reader = { .grammar = calloc(1, sizeof *reader.grammar), .diag = diag };
    enum status st;
    REQUIRE(reader.grammar, STATUS_NOMEM);
    TRY(read_sources(&reader, sources, n));
    *ret_grammar = reader.grammar;
    reader.grammar = NULL;
fail:
    free(reader.ops);
    free(reader.branches);
    grammar_free(reader.grammar);
    return st;
}
