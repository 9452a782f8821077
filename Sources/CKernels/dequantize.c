// Blocks of small integers with common scales, as GGUF stores them, to float32. The products and sums are rounded one by
// one, as the reference does (ggml's quants.c, and the Python package gguf): the same bits on every machine.
#include "dispatch.h"
#include "bits.h"

#define ROUND_EACH _Pragma("clang fp contract(off)")

KERNEL_BODY float half_at(const uint8_t *p) { return half_value((uint16_t)(p[0] | p[1] << 8)); }

// 32 values: a scale, 16 bytes with value i in the low and value i + 16 in the high half
KERNEL_BODY void dequantize_q4_0_body(const uint8_t *block, float *y, ptrdiff_t count) {
    ROUND_EACH
    for (ptrdiff_t b = 0; b < count; b++, block += 18, y += 32) {
        float d = half_at(block);
        for (int i = 0; i < 16; i++) {
            y[i] = d * (float)((block[2 + i] & 15) - 8);
            y[i + 16] = d * (float)((block[2 + i] >> 4) - 8);
        }
    }
}
DEFINE_KERNEL(dequantize_q4_0, (const uint8_t *blocks, float *y, ptrdiff_t count), (blocks, y, count))

// the same with a minimum in place of the fixed offset
KERNEL_BODY void dequantize_q4_1_body(const uint8_t *block, float *y, ptrdiff_t count) {
    ROUND_EACH
    for (ptrdiff_t b = 0; b < count; b++, block += 20, y += 32) {
        float d = half_at(block), m = half_at(block + 2);
        for (int i = 0; i < 16; i++) {
            y[i] = d * (float)(block[4 + i] & 15) + m;
            y[i + 16] = d * (float)(block[4 + i] >> 4) + m;
        }
    }
}
DEFINE_KERNEL(dequantize_q4_1, (const uint8_t *blocks, float *y, ptrdiff_t count), (blocks, y, count))

// the fifth bits of the 32 values lie in 4 bytes of their own
KERNEL_BODY void dequantize_q5_0_body(const uint8_t *block, float *y, ptrdiff_t count) {
    ROUND_EACH
    for (ptrdiff_t b = 0; b < count; b++, block += 22, y += 32) {
        float d = half_at(block);
        uint32_t high;
        memcpy(&high, block + 2, 4);
        for (int i = 0; i < 16; i++) {
            y[i] = d * (float)((int)((block[6 + i] & 15u) | (high >> i & 1u) << 4) - 16);
            y[i + 16] = d * (float)((int)((uint32_t)(block[6 + i] >> 4) | (high >> (i + 16) & 1u) << 4) - 16);
        }
    }
}
DEFINE_KERNEL(dequantize_q5_0, (const uint8_t *blocks, float *y, ptrdiff_t count), (blocks, y, count))

KERNEL_BODY void dequantize_q5_1_body(const uint8_t *block, float *y, ptrdiff_t count) {
    ROUND_EACH
    for (ptrdiff_t b = 0; b < count; b++, block += 24, y += 32) {
        float d = half_at(block), m = half_at(block + 2);
        uint32_t high;
        memcpy(&high, block + 4, 4);
        for (int i = 0; i < 16; i++) {
            y[i] = d * (float)(int)((block[8 + i] & 15u) | (high >> i & 1u) << 4) + m;
            y[i + 16] = d * (float)(int)((uint32_t)(block[8 + i] >> 4) | (high >> (i + 16) & 1u) << 4) + m;
        }
    }
}
DEFINE_KERNEL(dequantize_q5_1, (const uint8_t *blocks, float *y, ptrdiff_t count), (blocks, y, count))

KERNEL_BODY void dequantize_q8_0_body(const uint8_t *block, float *y, ptrdiff_t count) {
    ROUND_EACH
    for (ptrdiff_t b = 0; b < count; b++, block += 34, y += 32) {
        float d = half_at(block);
        for (int i = 0; i < 32; i++) y[i] = d * (float)(int8_t)block[2 + i];
    }
}
DEFINE_KERNEL(dequantize_q8_0, (const uint8_t *blocks, float *y, ptrdiff_t count), (blocks, y, count))

// K formats: 256 values a block, scales for each 16 or 32 of them.

// scales and minima (4 bits each) for each 16, 2 bits a value, scale of the scales, scale of the minima
KERNEL_BODY void dequantize_q2_k_body(const uint8_t *block, float *y, ptrdiff_t count) {
    ROUND_EACH
    for (ptrdiff_t b = 0; b < count; b++, block += 84) {
        float d = half_at(block + 80), dmin = half_at(block + 82);
        for (int part = 0; part < 16; part++, y += 16) {
            const uint8_t *q = block + 16 + part / 8 * 32 + part % 2 * 16;
            float scale = d * (float)(block[part] & 15), minimum = dmin * (float)(block[part] >> 4);
            for (int i = 0; i < 16; i++) y[i] = scale * (float)(q[i] >> (part % 8 / 2 * 2) & 3) - minimum;
        }
    }
}
DEFINE_KERNEL(dequantize_q2_k, (const uint8_t *blocks, float *y, ptrdiff_t count), (blocks, y, count))

// third bits, 2 low bits a value, 16 scales of 6 bits, their scale; a value without its third bit is 4 less
KERNEL_BODY void dequantize_q3_k_body(const uint8_t *block, float *y, ptrdiff_t count) {
    ROUND_EACH
    for (ptrdiff_t b = 0; b < count; b++, block += 110) {
        const uint8_t *scales = block + 96;
        float d = half_at(block + 108);
        for (int part = 0; part < 16; part++, y += 16) {
            int low = part < 8 ? scales[part] & 15 : scales[part - 8] >> 4;
            int high = scales[8 + part % 4] >> (part / 4 * 2) & 3;
            float scale = d * (float)((low | high << 4) - 32);
            const uint8_t *q = block + 32 + part / 8 * 32 + part % 2 * 16, *third = block + part % 2 * 16;
            for (int i = 0; i < 16; i++) {
                int value = (q[i] >> (part % 8 / 2 * 2) & 3) - (third[i] >> (part / 2) & 1 ? 0 : 4);
                y[i] = scale * (float)value;
            }
        }
    }
}
DEFINE_KERNEL(dequantize_q3_k, (const uint8_t *blocks, float *y, ptrdiff_t count), (blocks, y, count))

// 8 scales and 8 minima of 6 bits in 12 bytes
KERNEL_BODY int packed_scale(const uint8_t *s, int j) { return j < 4 ? s[j] & 63 : (s[j + 4] & 15) | (s[j - 4] >> 2 & 48); }
KERNEL_BODY int packed_minimum(const uint8_t *s, int j) { return j < 4 ? s[j + 4] & 63 : s[j + 4] >> 4 | (s[j] >> 2 & 48); }

KERNEL_BODY void dequantize_q4_k_body(const uint8_t *block, float *y, ptrdiff_t count) {
    ROUND_EACH
    for (ptrdiff_t b = 0; b < count; b++, block += 144) {
        float d = half_at(block), dmin = half_at(block + 2);
        for (int part = 0; part < 8; part++, y += 32) {
            float scale = d * (float)packed_scale(block + 4, part);
            float minimum = dmin * (float)packed_minimum(block + 4, part);
            const uint8_t *q = block + 16 + part / 2 * 32;
            for (int i = 0; i < 32; i++) y[i] = scale * (float)(q[i] >> (part % 2 * 4) & 15) - minimum;
        }
    }
}
DEFINE_KERNEL(dequantize_q4_k, (const uint8_t *blocks, float *y, ptrdiff_t count), (blocks, y, count))

KERNEL_BODY void dequantize_q5_k_body(const uint8_t *block, float *y, ptrdiff_t count) {
    ROUND_EACH
    for (ptrdiff_t b = 0; b < count; b++, block += 176) {
        float d = half_at(block), dmin = half_at(block + 2);
        for (int part = 0; part < 8; part++, y += 32) {
            float scale = d * (float)packed_scale(block + 4, part);
            float minimum = dmin * (float)packed_minimum(block + 4, part);
            const uint8_t *q = block + 48 + part / 2 * 32, *fifth = block + 16;
            for (int i = 0; i < 32; i++) {
                int value = (q[i] >> (part % 2 * 4) & 15) | (fifth[i] >> part & 1) << 4;
                y[i] = scale * (float)value - minimum;
            }
        }
    }
}
DEFINE_KERNEL(dequantize_q5_k, (const uint8_t *blocks, float *y, ptrdiff_t count), (blocks, y, count))

// 4 low bits, 2 high bits, a signed scale for each 16 values, their scale
KERNEL_BODY void dequantize_q6_k_body(const uint8_t *block, float *y, ptrdiff_t count) {
    ROUND_EACH
    for (ptrdiff_t b = 0; b < count; b++, block += 210) {
        float d = half_at(block + 208);
        for (int part = 0; part < 16; part++, y += 16) {
            int half = part / 8, place = part % 8;
            float scale = d * (float)(int8_t)block[192 + part];
            const uint8_t *low = block + half * 64 + place % 4 * 16, *high = block + 128 + half * 32 + place % 2 * 16;
            for (int i = 0; i < 16; i++) {
                int value = (low[i] >> (place / 4 * 4) & 15) | (high[i] >> (place / 2 * 2) & 3) << 4;
                y[i] = scale * (float)(value - 32);
            }
        }
    }
}
DEFINE_KERNEL(dequantize_q6_k, (const uint8_t *blocks, float *y, ptrdiff_t count), (blocks, y, count))
