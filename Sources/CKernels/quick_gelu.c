#include "dispatch.h"
#include "exponential.h"

KERNEL_BODY void quick_gelu_forward_body(const float *x, float *y, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) y[i] = x[i] / (1.0f + exponential(-1.702f * x[i]));
}
DEFINE_KERNEL(quick_gelu_forward, (const float *x, float *y, ptrdiff_t count), (x, y, count))

KERNEL_BODY void quick_gelu_backward_body(const float *x, const float *dy, float *dx, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) {
        float sigmoid = 1.0f / (1.0f + exponential(-1.702f * x[i]));
        dx[i] = dy[i] * sigmoid * (1.0f + 1.702f * x[i] * (1.0f - sigmoid));
    }
}
DEFINE_KERNEL(quick_gelu_backward, (const float *x, const float *dy, float *dx, ptrdiff_t count), (x, dy, dx, count))
