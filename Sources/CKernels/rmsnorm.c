#include "dispatch.h"

KERNEL_BODY void rmsnorm_forward_body(const float *x, const float *weight, float epsilon, float *y, float *inverse,
                                      ptrdiff_t rows, ptrdiff_t columns) {
    REASSOCIATE
    for (ptrdiff_t r = 0; r < rows; r++, x += columns, y += columns) {
        float squares = 0;
        for (ptrdiff_t i = 0; i < columns; i++) squares += x[i] * x[i];
        float scale = 1.0f / __builtin_sqrtf(squares / (float)columns + epsilon);
        for (ptrdiff_t i = 0; i < columns; i++) y[i] = x[i] * scale * weight[i];
        inverse[r] = scale;
    }
}
DEFINE_KERNEL(rmsnorm_forward,
              (const float *x, const float *weight, float epsilon, float *y, float *inverse, ptrdiff_t rows,
               ptrdiff_t columns),
              (x, weight, epsilon, y, inverse, rows, columns))

KERNEL_BODY void rmsnorm_backward_body(const float *x, const float *weight, const float *inverse, const float *dy,
                                       float *dx, float *dweight, ptrdiff_t rows, ptrdiff_t columns) {
    REASSOCIATE
    for (ptrdiff_t r = 0; r < rows; r++, x += columns, dy += columns) {
        float scale = inverse[r];
        if (dx) {
            float product = 0;
            for (ptrdiff_t i = 0; i < columns; i++) product += dy[i] * weight[i] * x[i];
            float slope = product * scale * scale / (float)columns;
            for (ptrdiff_t i = 0; i < columns; i++) dx[i] = scale * (dy[i] * weight[i] - x[i] * slope);
            dx += columns;
        }
        if (dweight)
            for (ptrdiff_t i = 0; i < columns; i++) dweight[i] += dy[i] * x[i] * scale;
    }
}
DEFINE_KERNEL(rmsnorm_backward,
              (const float *x, const float *weight, const float *inverse, const float *dy, float *dx, float *dweight,
               ptrdiff_t rows, ptrdiff_t columns),
              (x, weight, inverse, dy, dx, dweight, rows, columns))
