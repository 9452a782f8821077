#include "dispatch.h"
#include "exponential.h"

KERNEL_BODY void soft_cap_forward_body(const float *x, float scale, float cap, float *y, ptrdiff_t count) {
    // tanh u = 2 / (1 + exp(-2u)) - 1
    float factor = -2.0f * scale / cap;
    IN_PLACE
    for (ptrdiff_t i = 0; i < count; i++) y[i] = cap * (2.0f / (1.0f + exponential(factor * x[i])) - 1.0f);
}
DEFINE_KERNEL(soft_cap_forward, (const float *x, float scale, float cap, float *y, ptrdiff_t count),
              (x, scale, cap, y, count))

KERNEL_BODY void soft_cap_backward_body(const float *y, float scale, float cap, const float *dy, float *dx,
                                        ptrdiff_t count) {
    IN_PLACE
    for (ptrdiff_t i = 0; i < count; i++) dx[i] = dy[i] * scale * (1.0f - y[i] / cap * (y[i] / cap));
}
DEFINE_KERNEL(soft_cap_backward, (const float *y, float scale, float cap, const float *dy, float *dx, ptrdiff_t count),
              (y, scale, cap, dy, dx, count))
