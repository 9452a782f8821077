// The bits of a float, and float16 to float32, for vectorised loops. Integer arithmetic only, so that every machine
// rounds alike.
#pragma once
#include <stdint.h>
#include <string.h>

static inline __attribute__((always_inline)) uint32_t bits_of(float x) {
    uint32_t bits;
    memcpy(&bits, &x, 4);
    return bits;
}

static inline __attribute__((always_inline)) float float_of(uint32_t bits) {
    float x;
    memcpy(&x, &bits, 4);
    return x;
}

static inline __attribute__((always_inline)) float half_value(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000u) << 16, size = half & 0x7fffu;
    // A subnormal is size * 2^-24 exactly.
    uint32_t tiny = bits_of((float)(int32_t)size * 0x1p-24f);
    uint32_t normal = (size << 13) + (size >= 0x7c00u ? 0x70000000u : 0x38000000u);
    return float_of(sign | (size < 0x400u ? tiny : normal));
}
