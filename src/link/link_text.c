#include "link/link_text.h"

#include "base/clock.h"
#include "base/number.h"

enum { SHOWN = 12 };

static void put_decades(struct buffer *text, float value)
{
    char digits[NUMBER_TEXT_BYTES];
    number_format_fixed((double)value, 1, digits);
    buffer_print(text, "%9s", digits);
}

static void put_crew(struct buffer *text, const struct link_output *output, size_t number)
{
    const struct crew *crew = &output->crews->items[number];
    char first[CLOCK_TEXT_BYTES];
    char last[CLOCK_TEXT_BYTES];
    clock_format(crew->first_ms, first);
    clock_format(crew->last_ms, last);
    buffer_print(
        text, "%7zu%10u%9u  %.16s  %.16s", number + 1, crew->n_accounts, crew->n_objects, first, last);
    put_decades(text, crew->novices);
    put_decades(text, crew->partners);
    put_decades(text, crew->log_odds);
    buffer_put_char(text, '\n');
}

void link_text(struct buffer *text, const struct link_output *output)
{
    const struct acts *acts = output->link->acts;
    const size_t n = output->crews->n;
    size_t in_clusters = 0;
    for (size_t i = 0; i < n; i++)
        in_clusters += output->crews->items[i].n_accounts;
    buffer_print(text, "%zu acts of %zu accounts on %zu objects; %llu repeats", acts->n, acts->accounts.n,
        acts->objects.n, (unsigned long long)acts->repeats);
    if (output->counts.bad)
        buffer_print(text, "; %llu bad lines", (unsigned long long)output->counts.bad);
    if (acts->left_out)
        buffer_print(text, "; %llu rows LEFT OUT, beyond the limits", (unsigned long long)acts->left_out);
    buffer_print(text, "\n%zu accounts in %zu clusters\n", in_clusters, n);
    if (n > 0)
        buffer_put_text(text,
            "\ncluster  accounts  objects  first             last              novices partners"
            " log10 odds\n");
    for (size_t i = 0; i < n && i < SHOWN; i++)
        put_crew(text, output, i);
    if (n > SHOWN)
        buffer_print(text, "    ... and %zu more\n", n - SHOWN);
}
