#include "dispatch.h"

KERNEL_BODY void normalize_forward_body(const float *x, float epsilon, float *y, float *inverse, ptrdiff_t rows,
                                        ptrdiff_t columns) {
    REASSOCIATE
    for (ptrdiff_t r = 0; r < rows; r++, x += columns, y += columns) {
        float squares = 0;
        for (ptrdiff_t i = 0; i < columns; i++) squares += x[i] * x[i];
        float norm = __builtin_sqrtf(squares);
        float scale = 1.0f / (norm < epsilon ? epsilon : norm);
        for (ptrdiff_t i = 0; i < columns; i++) y[i] = x[i] * scale;
        inverse[r] = scale;
    }
}
DEFINE_KERNEL(normalize_forward,
              (const float *x, float epsilon, float *y, float *inverse, ptrdiff_t rows, ptrdiff_t columns),
              (x, epsilon, y, inverse, rows, columns))

KERNEL_BODY void normalize_backward_body(const float *y, const float *inverse, float epsilon, const float *dy,
                                         float *dx, ptrdiff_t rows, ptrdiff_t columns) {
    REASSOCIATE
    for (ptrdiff_t r = 0; r < rows; r++, y += columns, dy += columns, dx += columns) {
        float along = 0;
        for (ptrdiff_t i = 0; i < columns; i++) along += dy[i] * y[i];
        if (inverse[r] >= 1.0f / epsilon) along = 0;
        for (ptrdiff_t i = 0; i < columns; i++) dx[i] = inverse[r] * (dy[i] - along * y[i]);
    }
}
DEFINE_KERNEL(normalize_backward,
              (const float *y, const float *inverse, float epsilon, const float *dy, float *dx, ptrdiff_t rows,
               ptrdiff_t columns),
              (y, inverse, epsilon, dy, dx, rows, columns))
