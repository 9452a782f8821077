// Matrix products of 16-bit integers (AVX512-VNNI's VPDPWSSD: two products and two sums a lane). Each line of an operand
// is rounded to 13 bits within blocks of 128 along the inner dimension, relative to the block's largest value; integer
// sums of a block are exact, blocks are summed in float32. Twice the rate of float32, about the accuracy of TF32.
//
// Operands are packed as panels of some lines: pairs of neighbours along the inner dimension, which is padded with zeros
// to whole blocks, as [pair][line], and scales as [block][line].
#include "dispatch.h"
#include "bits.h"

enum { BLOCK = INT16_BLOCK, BLOCK_PAIRS = BLOCK / 2, ROWS = INT16_ROWS, COLUMNS = INT16_COLUMNS };
// 128 products of two such numbers stay below 2^31.
static const float LARGEST = 4095;

static inline uint32_t magnitude(float x) { return bits_of(x) & 0x7fffffffu; }
static inline float reciprocal_scale(float largest) { return largest > 0 ? LARGEST / largest : 0; }

void int16_pack_portable(const float *x, ptrdiff_t lines, ptrdiff_t inner, uint32_t *y, float *scales,
                         ptrdiff_t width) {
    for (ptrdiff_t line = 0; line < lines; line++)
        for (ptrdiff_t start = 0; start < inner; start += BLOCK) {
            const float *at = x + line * inner + start;
            ptrdiff_t count = inner - start < BLOCK ? inner - start : BLOCK;
            uint32_t bits = 0;
            for (ptrdiff_t k = 0; k < count; k++) {
                uint32_t next = magnitude(at[k]);
                bits = next > bits ? next : bits;
            }
            // Infinity and NaN reach the product through the scale.
            float largest = float_of(bits), inverse = reciprocal_scale(largest);
            scales[start / BLOCK * width + line] = largest / LARGEST;
            for (ptrdiff_t k = 0; k < BLOCK; k += 2) {
                uint32_t pair = 0;
                for (int i = 0; i < 2 && k + i < count && bits < 0x7f800000u; i++) {
                    int32_t value = (int32_t)__builtin_rintf(at[k + i] * inverse);
                    pair |= ((uint32_t)value & 0xffffu) << 16 * i;
                }
                y[(start + k) / 2 * width + line] = pair;
            }
        }
}

void int16_product_portable(const uint32_t *left, const float *left_scales, const uint32_t *right,
                            const float *right_scales, ptrdiff_t blocks, float beta, float *c, ptrdiff_t c_stride,
                            ptrdiff_t rows, ptrdiff_t columns) {
    for (ptrdiff_t row = 0; row < rows; row++)
        for (ptrdiff_t column = 0; column < columns; column++) {
            float *target = c + row * c_stride + column, total = beta == 0 ? 0 : beta * *target;
            for (ptrdiff_t block = 0; block < blocks; block++) {
                int32_t sum = 0;
                for (ptrdiff_t pair = block * BLOCK_PAIRS; pair < (block + 1) * BLOCK_PAIRS; pair++) {
                    uint32_t a = left[pair * ROWS + row], b = right[pair * COLUMNS + column];
                    sum += (int16_t)a * (int16_t)b + (int16_t)(a >> 16) * (int16_t)(b >> 16);
                }
                float scale = left_scales[block * ROWS + row] * right_scales[block * COLUMNS + column];
                total = __builtin_fmaf((float)sum, scale, total);
            }
            *target = total;
        }
}

#if defined(__x86_64__)
#include "transpose.h"
#define VNNI __attribute__((target("arch=x86-64-v4,avx512vnni")))
#define VNNI_BODY static inline __attribute__((always_inline)) VNNI

int int16_products_are_native(void) {
    return kernel_level() == KERNEL_AVX512 && __builtin_cpu_supports("avx512vnni");
}

VNNI_BODY __m512i larger(__m512i bits, __m512 x) {
    return _mm512_max_epu32(bits, _mm512_and_si512(_mm512_castps_si512(x), _mm512_set1_epi32(0x7fffffff)));
}

// Integers of 32 bits, of which the low halves count.
VNNI_BODY __m512i rounded(__m512 x, __m512 inverse) { return _mm512_cvtps_epi32(_mm512_mul_ps(x, inverse)); }

// A block of one line as vectors of 16 pairs, 16 of which lie apart.
VNNI_BODY void line_block(const float *x, ptrdiff_t count, __m512i *pairs, float *scale) {
    __m512 v[BLOCK / 16];
    __m512i bits = _mm512_setzero_si512();
    for (int i = 0; i < BLOCK / 16; i++)
        bits = larger(bits, v[i] = _mm512_maskz_loadu_ps(first(count - 16 * i), x + 16 * i));
    float largest = float_of(_mm512_reduce_max_epu32(bits));
    __m512 inverse = _mm512_set1_ps(reciprocal_scale(largest));
    for (int i = 0; i < BLOCK / 16; i += 2)
        pairs[8 * i] = _mm512_inserti64x4(
            _mm512_castsi256_si512(_mm512_cvtepi32_epi16(rounded(v[i], inverse))),
            _mm512_cvtepi32_epi16(rounded(v[i + 1], inverse)), 1);
    *scale = largest / LARGEST;
}

VNNI static void pack_native(const float *x, ptrdiff_t lines, ptrdiff_t inner, uint32_t *y, float *scales,
                             ptrdiff_t width) {
    for (ptrdiff_t line = 0; line < lines; line += 16)
        for (ptrdiff_t start = 0; start < inner; start += BLOCK) {
            const float *at = x + line * inner + start;
            ptrdiff_t some = lines - line < 16 ? lines - line : 16, count = inner - start < BLOCK ? inner - start : BLOCK;
            // Four times 16 pairs of 16 lines.
            __m512i r[BLOCK / 2];
            for (int i = 0; i < 16; i++) {
                if (i < some) line_block(at + i * inner, count, &r[i], &scales[start / BLOCK * width + line + i]);
                else for (int j = 0; j < BLOCK / 2; j += 16) r[j + i] = _mm512_setzero_si512();
            }
            for (int j = 0; j < BLOCK / 2; j += 16) {
                transpose(r + j);
                for (int i = 0; i < 16; i++)
                    _mm512_mask_storeu_epi32(y + (start / 2 + j + i) * width + line, first(some), r[j + i]);
            }
        }
}

// Two products and two sums a lane. As an intrinsic, the compiler takes it apart again into two instructions.
VNNI_BODY void accumulate(__m512i *sums, __m512i a, __m512i b) {
    __asm__("vpdpwssd %2, %1, %0" : "+v"(*sums) : "v"(a), "v"(b));
}

// `rows` is a constant at each use: the sums of rows by 32 columns stay in registers.
VNNI_BODY void product_rows(const int rows, const uint32_t *left, const float *left_scales, const uint32_t *right,
                            const float *right_scales, ptrdiff_t blocks, float beta, float *c, ptrdiff_t c_stride,
                            ptrdiff_t columns) {
    __mmask16 masks[2] = {first(columns), first(columns - 16)};
    for (ptrdiff_t block = 0; block < blocks; block++) {
        __m512i sums[ROWS][2];
#pragma clang loop unroll(full)
        for (int row = 0; row < rows; row++) sums[row][0] = sums[row][1] = _mm512_setzero_si512();
        const uint32_t *a = left + block * BLOCK_PAIRS * ROWS, *b = right + block * BLOCK_PAIRS * COLUMNS;
#pragma clang loop unroll_count(4)
        for (ptrdiff_t pair = 0; pair < BLOCK_PAIRS; pair++) {
            __m512i b0 = _mm512_loadu_si512(b + pair * COLUMNS), b1 = _mm512_loadu_si512(b + pair * COLUMNS + 16);
#pragma clang loop unroll(full)
            for (int row = 0; row < rows; row++) {
                __m512i both = _mm512_set1_epi32((int)a[pair * ROWS + row]);
                accumulate(&sums[row][0], both, b0);
                accumulate(&sums[row][1], both, b1);
            }
        }
        const float *s = right_scales + block * COLUMNS;
        __m512 kept = _mm512_set1_ps(block > 0 ? 1 : beta);
#pragma clang loop unroll(full)
        for (int row = 0; row < rows; row++) {
            __m512 own = _mm512_set1_ps(left_scales[block * ROWS + row]);
            for (int half = 0; half < 2; half++) {
                float *target = c + row * c_stride + 16 * half;
                __m512 total = _mm512_setzero_ps();
                if (block > 0 || beta != 0)
                    total = _mm512_mul_ps(kept, _mm512_maskz_loadu_ps(masks[half], target));
                total = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sums[row][half]),
                                        _mm512_mul_ps(own, _mm512_loadu_ps(s + 16 * half)), total);
                _mm512_mask_storeu_ps(target, masks[half], total);
            }
        }
    }
}

VNNI static void product_native(const uint32_t *left, const float *left_scales, const uint32_t *right,
                                const float *right_scales, ptrdiff_t blocks, float beta, float *c, ptrdiff_t c_stride,
                                ptrdiff_t rows, ptrdiff_t columns) {
#define CASE(count) \
    case count: \
        return product_rows(count, left, left_scales, right, right_scales, blocks, beta, c, c_stride, columns);
    switch (rows) {
        CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7)
        CASE(8) CASE(9) CASE(10) CASE(11) CASE(12) CASE(13) CASE(14)
    }
#undef CASE
}
#else
int int16_products_are_native(void) { return 0; }
#define pack_native int16_pack_portable
#define product_native int16_product_portable
#endif

void int16_pack(const float *x, ptrdiff_t lines, ptrdiff_t inner, uint32_t *y, float *scales, ptrdiff_t width) {
    (int16_products_are_native() ? pack_native : int16_pack_portable)(x, lines, inner, y, scales, width);
}

void int16_product(const uint32_t *left, const float *left_scales, const uint32_t *right, const float *right_scales,
                   ptrdiff_t blocks, float beta, float *c, ptrdiff_t c_stride, ptrdiff_t rows, ptrdiff_t columns) {
    (int16_products_are_native() ? product_native : int16_product_portable)(
        left, left_scales, right, right_scales, blocks, beta, c, c_stride, rows, columns);
}
