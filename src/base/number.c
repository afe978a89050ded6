#include "base/number.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 6 };

/* The rounded decimal digits and the exponent of the first; skips whatever the locale's radix mark is. */
static int digits_of(double value, char ret_digits[static DIGITS + 1])
{
    char text[NUMBER_TEXT_BYTES];
    snprintf(text, sizeof text, "%.*e", DIGITS - 1, value);
    size_t n = 0;
    const char *at = text;
    for (; *at && *at != 'e'; at++) {
        if (isdigit((unsigned char)*at) && n < DIGITS)
            ret_digits[n++] = *at;
    }
    while (n > 1 && ret_digits[n - 1] == '0')
        n--;
    ret_digits[n] = '\0';
    return *at ? (int)strtol(at + 1, NULL, 10) : 0;
}

static void put_plain(char *to, const char *digits, int exponent)
{
    int n = (int)strlen(digits);
    if (exponent < 0) {
        memcpy(to, "0.", 2);
        memset(to + 2, '0', (size_t)(-exponent - 1));
        memcpy(to + 2 + (-exponent - 1), digits, (size_t)n + 1);
        return;
    }
    for (int i = 0; i <= exponent || i < n; i++) {
        if (i == exponent + 1)
            *to++ = '.';
        *to++ = i < n ? digits[i] : '0';
    }
    *to = '\0';
}

static void put_scaled(char *to, const char *digits, int exponent)
{
    *to++ = digits[0];
    if (digits[1]) {
        *to++ = '.';
        to = stpcpy(to, digits + 1);
    }
    snprintf(to, 14, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
}

void number_format(double value, char ret_text[static NUMBER_TEXT_BYTES])
{
    char digits[DIGITS + 1] = "";
    if (!isfinite(value)) {
        strcpy(ret_text, "null");
        return;
    }
    if (value == trunc(value) && fabs(value) < 1e15) {
        snprintf(ret_text, NUMBER_TEXT_BYTES, "%" PRId64, (int64_t)value);
        return;
    }
    if (value < 0)
        *ret_text++ = '-';
    int exponent = digits_of(fabs(value), digits);
    if (exponent >= -5 && exponent < 15)
        put_plain(ret_text, digits, exponent);
    else
        put_scaled(ret_text, digits, exponent);
}

void number_format_fixed(double value, unsigned decimals, char ret_text[static NUMBER_TEXT_BYTES])
{
    if (isnan(value)) {
        strcpy(ret_text, "n/a");
        return;
    }
    if (!(fabs(value) < 1e9) || decimals > 9) {
        number_format(value, ret_text);
        return;
    }
    int64_t scale = 1;
    for (unsigned i = 0; i < decimals; i++)
        scale *= 10;
    int64_t scaled = llround(fabs(value) * (double)scale);
    const char *sign = value < 0 && scaled > 0 ? "-" : "";
    unsigned whole = (unsigned)(scaled / scale), rest = (unsigned)(scaled % scale);
    if (decimals == 0)
        snprintf(ret_text, NUMBER_TEXT_BYTES, "%s%u", sign, whole);
    else
        snprintf(ret_text, NUMBER_TEXT_BYTES, "%s%u.%0*u", sign, whole, (int)decimals, rest);
}
