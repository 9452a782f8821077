// Products of matrices of some dozens of rows, as in attention, where packing operands would cost more than it gains: six
// rows by 64 columns of the result stay in registers, the left operand is read element by element, so it may lie any way.
#include "dispatch.h"

KERNEL_BODY void small_product_body(const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b, ptrdiff_t b_row,
                                    float *c, ptrdiff_t c_row, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, int adds) {
    for (ptrdiff_t i = 0; i < m; i++) {
        for (ptrdiff_t j = 0; j < n; j++) c[i * c_row + j] = adds ? c[i * c_row + j] : 0;
        for (ptrdiff_t l = 0; l < k; l++) {
            float x = a[i * a_row + l * a_column];
            for (ptrdiff_t j = 0; j < n; j++) c[i * c_row + j] += x * b[l * b_row + j];
        }
    }
}

void small_product_portable(const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b, ptrdiff_t b_row,
                            float *c, ptrdiff_t c_row, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, int adds) {
    small_product_body(a, a_row, a_column, b, b_row, c, c_row, m, n, k, adds);
}

#if defined(__x86_64__)
#include <immintrin.h>
#define V4 __attribute__((target("arch=x86-64-v4")))
#define V4_BODY static inline __attribute__((always_inline)) V4

int small_products_are_native(void) { return kernel_level() == KERNEL_AVX512; }

// `rows` and `vectors` are constants at each use; `last` masks the last vector.
V4_BODY void tile(const int rows, const int vectors, __mmask16 last, const float *a, ptrdiff_t a_row,
                  ptrdiff_t a_column, const float *b, ptrdiff_t b_row, float *c, ptrdiff_t c_row, ptrdiff_t k,
                  int adds) {
    __m512 sums[6][4];
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++)
            sums[i][v] = adds ? _mm512_maskz_loadu_ps(v + 1 < vectors ? 0xffff : last, c + i * c_row + 16 * v)
                              : _mm512_setzero_ps();
    for (ptrdiff_t l = 0; l < k; l++) {
        __m512 right[4];
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++)
            right[v] = _mm512_maskz_loadu_ps(v + 1 < vectors ? 0xffff : last, b + l * b_row + 16 * v);
#pragma clang loop unroll(full)
        for (int i = 0; i < rows; i++) {
            __m512 left = _mm512_set1_ps(a[i * a_row + l * a_column]);
#pragma clang loop unroll(full)
            for (int v = 0; v < vectors; v++) sums[i][v] = _mm512_fmadd_ps(left, right[v], sums[i][v]);
        }
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++)
            _mm512_mask_storeu_ps(c + i * c_row + 16 * v, v + 1 < vectors ? 0xffff : last, sums[i][v]);
}

V4_BODY void strip(const int vectors, __mmask16 last, const float *a, ptrdiff_t a_row, ptrdiff_t a_column,
                   const float *b, ptrdiff_t b_row, float *c, ptrdiff_t c_row, ptrdiff_t m, ptrdiff_t k, int adds) {
    for (; m > 0; m -= 6, a += 6 * a_row, c += 6 * c_row) {
#define TILE(rows) tile(rows, vectors, last, a, a_row, a_column, b, b_row, c, c_row, k, adds)
        switch (m) {
            case 1: TILE(1); break;
            case 2: TILE(2); break;
            case 3: TILE(3); break;
            case 4: TILE(4); break;
            case 5: TILE(5); break;
            default: TILE(6);
        }
#undef TILE
    }
}

V4 static void small_product_native(const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b,
                                    ptrdiff_t b_row, float *c, ptrdiff_t c_row, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
                                    int adds) {
    for (; n > 0; n -= 64, b += 64, c += 64) {
        ptrdiff_t count = n < 64 ? n : 64;
        __mmask16 last = (__mmask16)(0xffff >> (15 - (count - 1) % 16));
#define STRIP(vectors) strip(vectors, last, a, a_row, a_column, b, b_row, c, c_row, m, k, adds)
        switch ((count + 15) / 16) {
            case 1: STRIP(1); break;
            case 2: STRIP(2); break;
            case 3: STRIP(3); break;
            default: STRIP(4);
        }
#undef STRIP
    }
}
#else
int small_products_are_native(void) { return 0; }
#define small_product_native small_product_portable
#endif

void small_product(const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b, ptrdiff_t b_row, float *c,
                   ptrdiff_t c_row, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, int adds) {
    (small_products_are_native() ? small_product_native : small_product_portable)(
        a, a_row, a_column, b, b_row, c, c_row, m, n, k, adds);
}

KERNEL_BODY void transposed_body(const float *x, ptrdiff_t x_row, float *y, ptrdiff_t y_row, ptrdiff_t rows,
                                 ptrdiff_t columns) {
    // Squares of 16, so that both sides are read and written in whole lines.
    for (ptrdiff_t i = 0; i < rows; i += 16)
        for (ptrdiff_t j = 0; j < columns; j += 16)
            for (ptrdiff_t k = j; k < j + 16 && k < columns; k++)
                for (ptrdiff_t l = i; l < i + 16 && l < rows; l++) y[k * y_row + l] = x[l * x_row + k];
}
DEFINE_KERNEL(transposed,
              (const float *x, ptrdiff_t x_row, float *y, ptrdiff_t y_row, ptrdiff_t rows, ptrdiff_t columns),
              (x, x_row, y, y_row, rows, columns))
