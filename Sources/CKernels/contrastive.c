#include "dispatch.h"
#include "exponential.h"
#include "largest.h"
#include <math.h>

KERNEL_BODY float shifted_sum(const float *x, float largest, ptrdiff_t count) {
    REASSOCIATE
    float sum = 0;
    for (ptrdiff_t i = 0; i < count; i++) sum += exponential(x[i] - largest);
    return sum;
}

KERNEL_BODY void rows_log_sum_exp_body(const float *x, float *logs, ptrdiff_t rows, ptrdiff_t columns) {
    for (ptrdiff_t r = 0; r < rows; r++, x += columns) {
        float largest = largest_of(x, columns);
        logs[r] = largest + logf(shifted_sum(x, largest, columns));
    }
}
DEFINE_KERNEL(rows_log_sum_exp, (const float *x, float *logs, ptrdiff_t rows, ptrdiff_t columns),
              (x, logs, rows, columns))

KERNEL_BODY void columns_exponential_sums_body(const float *x, ptrdiff_t stride, float *maxima, float *sums,
                                               ptrdiff_t rows, ptrdiff_t columns) {
    enum { STRIP = 256 };
    float largest[STRIP];
    for (ptrdiff_t start = 0; start < columns; start += STRIP) {
        ptrdiff_t count = columns - start < STRIP ? columns - start : STRIP;
        float *before = maxima + start, *sum = sums + start;
        for (ptrdiff_t i = 0; i < count; i++) largest[i] = before[i];
        for (ptrdiff_t r = 0; r < rows; r++) {
            const float *row = x + r * stride + start;
            for (ptrdiff_t i = 0; i < count; i++) largest[i] = row[i] > largest[i] ? row[i] : largest[i];
        }
        for (ptrdiff_t i = 0; i < count; i++) {
            sum[i] *= exponential(before[i] - largest[i]);
            before[i] = largest[i];
        }
        for (ptrdiff_t r = 0; r < rows; r++) {
            const float *row = x + r * stride + start;
            for (ptrdiff_t i = 0; i < count; i++) sum[i] += exponential(row[i] - largest[i]);
        }
    }
}
DEFINE_KERNEL(columns_exponential_sums,
              (const float *x, ptrdiff_t stride, float *maxima, float *sums, ptrdiff_t rows, ptrdiff_t columns),
              (x, stride, maxima, sums, rows, columns))

KERNEL_BODY float contrastive_row(const float *x, float own, const float *column_logs, float scale, float *gradient,
                                  ptrdiff_t columns, ptrdiff_t right) {
    REASSOCIATE
    float correct = x[right], dot = 0;
    IN_PLACE
    for (ptrdiff_t j = 0; j < columns; j++) {
        float at = x[j], slope = scale * (exponential(at - own) + exponential(at - column_logs[j]));
        gradient[j] = slope;
        dot += slope * at;
    }
    gradient[right] -= 2.0f * scale;
    return dot - 2.0f * scale * correct;
}

KERNEL_BODY void contrastive_gradient_body(const float *x, const float *row_logs, const float *column_logs, float scale,
                                           float *gradient, float *dots, ptrdiff_t rows, ptrdiff_t columns,
                                           ptrdiff_t first) {
    for (ptrdiff_t r = 0; r < rows; r++)
        dots[r] = contrastive_row(x + r * columns, row_logs[r], column_logs, scale, gradient + r * columns, columns,
                                  first + r);
}
DEFINE_KERNEL(contrastive_gradient,
              (const float *x, const float *row_logs, const float *column_logs, float scale, float *gradient,
               float *dots, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t first),
              (x, row_logs, column_logs, scale, gradient, dots, rows, columns, first))
