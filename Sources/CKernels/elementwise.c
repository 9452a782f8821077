#include "dispatch.h"
#include "exponential.h"

KERNEL_BODY void vector_add_body(const float *a, const float *b, float *sum, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) sum[i] = a[i] + b[i];
}
DEFINE_KERNEL(vector_add, (const float *a, const float *b, float *sum, ptrdiff_t count), (a, b, sum, count))

KERNEL_BODY void vector_multiply_body(const float *a, const float *b, float *product, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) product[i] = a[i] * b[i];
}
DEFINE_KERNEL(vector_multiply, (const float *a, const float *b, float *product, ptrdiff_t count),
              (a, b, product, count))

KERNEL_BODY void vector_scale_body(float alpha, const float *x, float *y, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) y[i] = alpha * x[i];
}
DEFINE_KERNEL(vector_scale, (float alpha, const float *x, float *y, ptrdiff_t count), (alpha, x, y, count))

KERNEL_BODY void vector_axpy_body(float alpha, const float *x, float *y, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) y[i] += alpha * x[i];
}
DEFINE_KERNEL(vector_axpy, (float alpha, const float *x, float *y, ptrdiff_t count), (alpha, x, y, count))

KERNEL_BODY void vector_exp_body(const float *x, float *y, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) y[i] = exponential(x[i]);
}
DEFINE_KERNEL(vector_exp, (const float *x, float *y, ptrdiff_t count), (x, y, count))

KERNEL_BODY void vector_dot_body(const float *a, const float *b, ptrdiff_t count, float *result) {
    REASSOCIATE
    float sum = 0;
    for (ptrdiff_t i = 0; i < count; i++) sum += a[i] * b[i];
    *result = sum;
}
DEFINE_KERNEL(vector_dot, (const float *a, const float *b, ptrdiff_t count, float *result), (a, b, count, result))

KERNEL_BODY void vector_sum_body(const float *x, ptrdiff_t count, float *result) {
    REASSOCIATE
    float sum = 0;
    for (ptrdiff_t i = 0; i < count; i++) sum += x[i];
    *result = sum;
}
DEFINE_KERNEL(vector_sum, (const float *x, ptrdiff_t count, float *result), (x, count, result))

KERNEL_BODY void rows_add_body(const float *x, const float *vector, float *y, ptrdiff_t rows, ptrdiff_t columns) {
    for (ptrdiff_t r = 0; r < rows; r++, x += columns, y += columns)
        for (ptrdiff_t i = 0; i < columns; i++) y[i] = x[i] + vector[i];
}
DEFINE_KERNEL(rows_add, (const float *x, const float *vector, float *y, ptrdiff_t rows, ptrdiff_t columns),
              (x, vector, y, rows, columns))

KERNEL_BODY void columns_accumulate_body(const float *x, float *sums, ptrdiff_t rows, ptrdiff_t columns) {
    for (ptrdiff_t r = 0; r < rows; r++, x += columns)
        for (ptrdiff_t i = 0; i < columns; i++) sums[i] += x[i];
}
DEFINE_KERNEL(columns_accumulate, (const float *x, float *sums, ptrdiff_t rows, ptrdiff_t columns),
              (x, sums, rows, columns))

KERNEL_BODY void smooth_l1_body(const float *x, float beta, float *y, float *slope, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) {
        float size = __builtin_fabsf(x[i]);
        int inside = size < beta;
        y[i] = inside ? 0.5f * x[i] * x[i] / beta : size - 0.5f * beta;
        slope[i] = inside ? x[i] / beta : __builtin_copysignf(1.0f, x[i]);
    }
}
DEFINE_KERNEL(smooth_l1, (const float *x, float beta, float *y, float *slope, ptrdiff_t count),
              (x, beta, y, slope, count))

KERNEL_BODY void count_at_least_body(const float *x, float bound, ptrdiff_t count, int *result) {
    int found = 0;
    for (ptrdiff_t i = 0; i < count; i++) found += x[i] >= bound;
    *result = found;
}
DEFINE_KERNEL(count_at_least, (const float *x, float bound, ptrdiff_t count, int *result), (x, bound, count, result))
