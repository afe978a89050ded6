#include "sketch/bottom_k.h"

#include <stdbool.h>
#include <string.h>

size_t bottom_k_add(uint32_t *kept, size_t n, size_t k, uint32_t hash)
{
    size_t low = 0, high = n;
    if (n == k && (k == 0 || hash >= kept[k - 1]))
        return n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (kept[middle] < hash)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < n && kept[low] == hash)
        return n;
    n -= n == k;
    memmove(kept + low + 1, kept + low, (n - low) * sizeof *kept);
    kept[low] = hash;
    return n + 1;
}

double bottom_k_jaccard(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b, size_t k)
{
    size_t i = 0, j = 0, common = 0, all = 0;
    size_t most =
        n_a == k || n_b == k ? k : SIZE_MAX; /* beyond that one of them may have left something out */
    while ((i < n_a || j < n_b) && all < most) {
        bool left = j == n_b || (i < n_a && a[i] <= b[j]);
        bool right = i == n_a || (j < n_b && b[j] <= a[i]);
        common += left && right;
        i += left;
        j += right;
        all++;
    }
    return all ? (double)common / (double)all : 0;
}
