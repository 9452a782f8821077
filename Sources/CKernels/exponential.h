// exp for vectorised loops: 2 ulp over [-87.3, 88.3], 0 below, infinity above, NaN for NaN.
#pragma once
#include <stdint.h>
#include <string.h>

static inline __attribute__((always_inline)) float exponential(float x) {
    float bounded = x < -87.33f ? -87.33f : (x > 88.3f ? 88.3f : x);
    // Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits.
    float shifted = bounded * 1.44269504f + 12582912.0f;
    float whole = shifted - 12582912.0f;
    float r = bounded - whole * 0.693359375f;
    r = r + whole * 2.12194440e-4f;
    float p = 0.001390153425745666f;
    p = p * r + 0.008363739587366581f;
    p = p * r + 0.04166686162352562f;
    p = p * r + 0.16666573286056519f;
    p = p * r + 0.5f;
    p = p * (r * r) + r + 1.0f;
    uint32_t bits;
    memcpy(&bits, &shifted, 4);
    bits = (bits + 127u) << 23;
    float power;
    memcpy(&power, &bits, 4);
    float result = p * power;
    result = x < -87.33f ? 0.0f : result;
    return x > 88.3f ? __builtin_inff() : result;
}
