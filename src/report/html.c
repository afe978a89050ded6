#include "report/html.h"

void html_page(struct buffer *page, const struct report_input *input)
{
    (void)input;
    buffer_put_text(page, "<!doctype html>\n<title>Stillwatch report</title>\n");
}
