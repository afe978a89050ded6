#include "base/clock.h"

#include <stdbool.h>

enum { MS_PER_DAY = 86400000 };

/* Days from 1970-01-01, counted in years that begin in March, so that the leap day is the last. */
static int64_t days_of(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void date_of(int64_t days, int *ret_year, int *ret_month, int *ret_day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    *ret_day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
    *ret_month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    *ret_year = (int)(year_of_era + era * 400 + (*ret_month <= 2));
}

static int days_in(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

/* Exactly n digits as a number, or -1. */
static int digits(const char *at, int n)
{
    int value = 0;
    for (int i = 0; i < n; i++) {
        if (at[i] < '0' || at[i] > '9')
            return -1;
        value = value * 10 + (at[i] - '0');
    }
    return value;
}

/* The fraction after the seconds, if any: milliseconds, and where the text goes on. */
static bool parse_fraction(struct span text, size_t *at, int *ret_ms)
{
    *ret_ms = 0;
    if (text.data[*at] != '.')
        return true;
    size_t first = ++*at;
    int scale = 100;
    for (; *at < text.n && text.data[*at] >= '0' && text.data[*at] <= '9'; ++*at, scale /= 10)
        *ret_ms += (text.data[*at] - '0') * scale;
    return *at > first && *at < text.n;
}

static bool parse_zone(struct span zone, int64_t *ret_ms)
{
    *ret_ms = 0;
    if (zone.n == 1)
        return zone.data[0] == 'Z' || zone.data[0] == 'z';
    if (zone.n != 6 || (zone.data[0] != '+' && zone.data[0] != '-') || zone.data[3] != ':')
        return false;
    int hour = digits(zone.data + 1, 2);
    int minute = digits(zone.data + 4, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59)
        return false;
    *ret_ms = (hour * 60 + minute) * (zone.data[0] == '-' ? -60000 : 60000);
    return true;
}

enum status clock_parse(struct span text, int64_t *ret_ms)
{
    const char *t = text.data;
    enum { SHORTEST = sizeof("2026-05-05T08:00:00Z") - 1 };
    if (text.n < SHORTEST || t[4] != '-' || t[7] != '-' || (t[10] != 'T' && t[10] != 't') || t[13] != ':' ||
        t[16] != ':')
        return STATUS_BAD;
    int year = digits(t, 4);
    int month = digits(t + 5, 2);
    int day = digits(t + 8, 2);
    int hour = digits(t + 11, 2);
    int minute = digits(t + 14, 2);
    int second = digits(t + 17, 2);
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in(year, month))
        return STATUS_BAD;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return STATUS_BAD;
    size_t at = 19;
    int ms;
    int64_t zone_ms;
    if (!parse_fraction(text, &at, &ms) || !parse_zone((struct span){ t + at, text.n - at }, &zone_ms))
        return STATUS_BAD;
    int64_t local =
        days_of(year, month, day) * MS_PER_DAY + ((hour * 60 + minute) * 60 + second) * INT64_C(1000) + ms;
    if (local - zone_ms < CLOCK_MIN_MS || local - zone_ms > CLOCK_MAX_MS)
        return STATUS_BAD;
    *ret_ms = local - zone_ms;
    return STATUS_OK;
}

static char *put(char *at, int value, int n)
{
    for (int i = n - 1; i >= 0; i--, value /= 10)
        at[i] = (char)('0' + value % 10);
    return at + n;
}

void clock_format(int64_t ms, char ret_text[static CLOCK_TEXT_BYTES])
{
    ms = ms < CLOCK_MIN_MS ? CLOCK_MIN_MS : ms > CLOCK_MAX_MS ? CLOCK_MAX_MS : ms;
    int64_t of_day = ms % MS_PER_DAY;
    of_day += of_day < 0 ? MS_PER_DAY : 0;
    int year, month, day;
    date_of((ms - of_day) / MS_PER_DAY, &year, &month, &day);
    int rest = (int)of_day;
    char *at = put(ret_text, year, 4);
    *at++ = '-';
    at = put(at, month, 2);
    *at++ = '-';
    at = put(at, day, 2);
    *at++ = 'T';
    at = put(at, rest / 3600000, 2);
    *at++ = ':';
    at = put(at, rest / 60000 % 60, 2);
    *at++ = ':';
    at = put(at, rest / 1000 % 60, 2);
    *at++ = '.';
    at = put(at, rest % 1000, 3);
    *at++ = 'Z';
    *at = 0;
}
