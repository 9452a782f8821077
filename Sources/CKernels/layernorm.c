#include "dispatch.h"

KERNEL_BODY void layernorm_forward_body(const float *x, const float *weight, const float *bias, float epsilon, float *y,
                                        float *mean, float *inverse, ptrdiff_t rows, ptrdiff_t columns) {
    REASSOCIATE
    for (ptrdiff_t r = 0; r < rows; r++, x += columns, y += columns) {
        float sum = 0, squares = 0;
        for (ptrdiff_t i = 0; i < columns; i++) sum += x[i];
        float center = sum / (float)columns;
        for (ptrdiff_t i = 0; i < columns; i++) squares += (x[i] - center) * (x[i] - center);
        float scale = 1.0f / __builtin_sqrtf(squares / (float)columns + epsilon);
        for (ptrdiff_t i = 0; i < columns; i++) y[i] = (x[i] - center) * scale * weight[i] + bias[i];
        mean[r] = center;
        inverse[r] = scale;
    }
}
DEFINE_KERNEL(layernorm_forward,
              (const float *x, const float *weight, const float *bias, float epsilon, float *y, float *mean,
               float *inverse, ptrdiff_t rows, ptrdiff_t columns),
              (x, weight, bias, epsilon, y, mean, inverse, rows, columns))

KERNEL_BODY void layernorm_backward_body(const float *x, const float *weight, const float *mean, const float *inverse,
                                         const float *dy, float *dx, float *dweight, float *dbias, ptrdiff_t rows,
                                         ptrdiff_t columns) {
    REASSOCIATE
    for (ptrdiff_t r = 0; r < rows; r++, x += columns, dy += columns) {
        float center = mean[r], scale = inverse[r];
        if (dx) {
            float sum = 0, product = 0;
            for (ptrdiff_t i = 0; i < columns; i++) {
                float g = dy[i] * weight[i];
                sum += g;
                product += g * (x[i] - center);
            }
            float offset = sum / (float)columns, slope = product * scale * scale / (float)columns;
            for (ptrdiff_t i = 0; i < columns; i++)
                dx[i] = scale * (dy[i] * weight[i] - offset - (x[i] - center) * slope);
            dx += columns;
        }
        if (dweight)
            for (ptrdiff_t i = 0; i < columns; i++) {
                dweight[i] += dy[i] * (x[i] - center) * scale;
                dbias[i] += dy[i];
            }
    }
}
DEFINE_KERNEL(layernorm_backward,
              (const float *x, const float *weight, const float *mean, const float *inverse, const float *dy, float *dx,
               float *dweight, float *dbias, ptrdiff_t rows, ptrdiff_t columns),
              (x, weight, mean, inverse, dy, dx, dweight, dbias, rows, columns))
