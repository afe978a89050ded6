#include "sketch/linear_count.h"

/* By the number of bits set: 64 * ln(64 / zeros), the last with half a zero. */
static const uint16_t estimates[65] = { 0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 15, 16, 17, 18, 20, 21, 23,
    24, 25, 27, 28, 30, 32, 33, 35, 37, 39, 40, 42, 44, 46, 48, 51, 53, 55, 58, 60, 63, 65, 68, 71, 74, 78,
    81, 85, 89, 93, 97, 102, 107, 113, 119, 126, 133, 142, 151, 163, 177, 196, 222, 266, 311 };

uint16_t linear_count_estimate(uint64_t bits)
{
    return estimates[__builtin_popcountll(bits)];
}
