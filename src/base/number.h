/*
 * number.h: fractions as text, the same in every locale and every run.
 *
 * Model: whole numbers below 1e15 in full; else six significant digits without trailing zeros, plain
 *   between 1e-5 and 1e15, else with an exponent ("1.5e-07"). Valid JSON. NaN and infinities are "null".
 */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

enum { NUMBER_TEXT_BYTES = 32 };
void number_format(double value, char ret_text[static NUMBER_TEXT_BYTES]);
/* A fixed number of decimals (0 to 9), for people; |value| < 1e9, else as number_format. NaN is "n/a". */
void number_format_fixed(double value, unsigned decimals, char ret_text[static NUMBER_TEXT_BYTES]);

#endif
