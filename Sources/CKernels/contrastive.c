#include "dispatch.h"
#include "exponential.h"
#include <math.h>

KERNEL_BODY float shifted_sum(const float *x, float largest, ptrdiff_t count) {
    REASSOCIATE
    float sum = 0;
    for (ptrdiff_t i = 0; i < count; i++) sum += exponential(x[i] - largest);
    return sum;
}

KERNEL_BODY void rows_log_sum_exp_body(const float *x, float *logs, ptrdiff_t rows, ptrdiff_t columns) {
    for (ptrdiff_t r = 0; r < rows; r++, x += columns) {
        float largest = x[0];
        for (ptrdiff_t i = 1; i < columns; i++) largest = x[i] > largest ? x[i] : largest;
        logs[r] = largest + logf(shifted_sum(x, largest, columns));
    }
}
DEFINE_KERNEL(rows_log_sum_exp, (const float *x, float *logs, ptrdiff_t rows, ptrdiff_t columns),
              (x, logs, rows, columns))

KERNEL_BODY void columns_log_sum_exp_body(const float *x, float *maxima, float *logs, ptrdiff_t rows,
                                          ptrdiff_t columns) {
    for (ptrdiff_t i = 0; i < columns; i++) maxima[i] = x[i], logs[i] = 0;
    for (ptrdiff_t r = 1; r < rows; r++)
        for (ptrdiff_t i = 0; i < columns; i++)
            maxima[i] = x[r * columns + i] > maxima[i] ? x[r * columns + i] : maxima[i];
    for (ptrdiff_t r = 0; r < rows; r++)
        for (ptrdiff_t i = 0; i < columns; i++) logs[i] += exponential(x[r * columns + i] - maxima[i]);
    for (ptrdiff_t i = 0; i < columns; i++) logs[i] = maxima[i] + logf(logs[i]);
}
DEFINE_KERNEL(columns_log_sum_exp, (const float *x, float *maxima, float *logs, ptrdiff_t rows, ptrdiff_t columns),
              (x, maxima, logs, rows, columns))

KERNEL_BODY void contrastive_gradient_body(const float *x, const float *row_logs, const float *column_logs, float scale,
                                           float *gradient, ptrdiff_t first, ptrdiff_t end, ptrdiff_t columns) {
    for (ptrdiff_t i = first; i < end; i++) {
        const float *row = x + i * columns;
        float *out = gradient + i * columns;
        for (ptrdiff_t j = 0; j < columns; j++)
            out[j] = scale * (exponential(row[j] - row_logs[i]) + exponential(row[j] - column_logs[j]));
        out[i] -= 2.0f * scale;
    }
}
DEFINE_KERNEL(contrastive_gradient,
              (const float *x, const float *row_logs, const float *column_logs, float scale, float *gradient,
               ptrdiff_t first, ptrdiff_t end, ptrdiff_t columns),
              (x, row_logs, column_logs, scale, gradient, first, end, columns))
