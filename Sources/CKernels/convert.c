#include "dispatch.h"
#include "bits.h"

// Integer arithmetic only, so that every machine rounds alike.
KERNEL_BODY uint16_t half_bits(float x) {
    uint32_t bits = bits_of(x), sign = (bits >> 16) & 0x8000u, size = bits & 0x7fffffffu;
    // Adding 0.5 makes the addition itself round a subnormal half to nearest even.
    uint32_t tiny = bits_of(float_of(size) + 0.5f) - 0x3f000000u;
    uint32_t normal = (size - 0x38000000u + 0xfffu + ((size >> 13) & 1)) >> 13;
    uint32_t nan = 0x7e00u | (size >> 13 & 0x3ffu);
    uint32_t half = size < 0x38800000u ? tiny : normal;
    half = size >= 0x477ff000u ? 0x7c00u : half;
    half = size > 0x7f800000u ? nan : half;
    return (uint16_t)(sign | half);
}

KERNEL_BODY void float_to_half_body(const float *x, uint16_t *y, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) y[i] = half_bits(x[i]);
}
DEFINE_KERNEL(float_to_half, (const float *x, uint16_t *y, ptrdiff_t count), (x, y, count))

KERNEL_BODY void half_to_float_body(const uint16_t *x, float *y, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) y[i] = half_value(x[i]);
}
DEFINE_KERNEL(half_to_float, (const uint16_t *x, float *y, ptrdiff_t count), (x, y, count))

KERNEL_BODY void float_to_bfloat_body(const float *x, uint16_t *y, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) {
        uint32_t bits = bits_of(x[i]);
        uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1)) >> 16;
        y[i] = (uint16_t)((bits & 0x7fffffffu) > 0x7f800000u ? (bits >> 16) | 0x40u : rounded);
    }
}
DEFINE_KERNEL(float_to_bfloat, (const float *x, uint16_t *y, ptrdiff_t count), (x, y, count))

KERNEL_BODY void bfloat_to_float_body(const uint16_t *x, float *y, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) y[i] = float_of((uint32_t)x[i] << 16);
}
DEFINE_KERNEL(bfloat_to_float, (const uint16_t *x, float *y, ptrdiff_t count), (x, y, count))
