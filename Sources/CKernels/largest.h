// The largest of some values, in lanes; NaN is passed over. -infinity where there is none.
#pragma once
#include <stddef.h>

static inline __attribute__((always_inline)) float largest_of(const float *x, ptrdiff_t count) {
    enum { LANES = 32 };
    float lanes[LANES], largest = -__builtin_inff();
    for (int k = 0; k < LANES; k++) lanes[k] = largest;
    ptrdiff_t i = 0;
    for (; i + LANES <= count; i += LANES)
        for (int k = 0; k < LANES; k++) lanes[k] = x[i + k] > lanes[k] ? x[i + k] : lanes[k];
    for (; i < count; i++) largest = x[i] > largest ? x[i] : largest;
    for (int width = LANES / 2; width > 0; width /= 2)
        for (int k = 0; k < width; k++) lanes[k] = lanes[k + width] > lanes[k] ? lanes[k + width] : lanes[k];
    return lanes[0] > largest ? lanes[0] : largest;
}
