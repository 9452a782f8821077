#include "dispatch.h"
#include "exponential.h"

// x sigmoid(slope x)
KERNEL_BODY void sigmoid_unit(const float *x, float slope, float *y, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) y[i] = x[i] / (1.0f + exponential(-slope * x[i]));
}

KERNEL_BODY void sigmoid_unit_slope(const float *x, float slope, const float *dy, float *dx, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) {
        float sigmoid = 1.0f / (1.0f + exponential(-slope * x[i]));
        dx[i] = dy[i] * sigmoid * (1.0f + slope * x[i] * (1.0f - sigmoid));
    }
}

KERNEL_BODY void quick_gelu_forward_body(const float *x, float *y, ptrdiff_t count) {
    sigmoid_unit(x, 1.702f, y, count);
}
DEFINE_KERNEL(quick_gelu_forward, (const float *x, float *y, ptrdiff_t count), (x, y, count))

KERNEL_BODY void quick_gelu_backward_body(const float *x, const float *dy, float *dx, ptrdiff_t count) {
    sigmoid_unit_slope(x, 1.702f, dy, dx, count);
}
DEFINE_KERNEL(quick_gelu_backward, (const float *x, const float *dy, float *dx, ptrdiff_t count), (x, dy, dx, count))

KERNEL_BODY void silu_forward_body(const float *x, float *y, ptrdiff_t count) { sigmoid_unit(x, 1.0f, y, count); }
DEFINE_KERNEL(silu_forward, (const float *x, float *y, ptrdiff_t count), (x, y, count))

KERNEL_BODY void silu_backward_body(const float *x, const float *dy, float *dx, ptrdiff_t count) {
    sigmoid_unit_slope(x, 1.0f, dy, dx, count);
}
DEFINE_KERNEL(silu_backward, (const float *x, const float *dy, float *dx, ptrdiff_t count), (x, dy, dx, count))

// 0.5 x (1 + tanh u) = x sigmoid(2 u) with 2 u = x (c + 0.044715 c x^2), c = 2 sqrt(2 / pi)
KERNEL_BODY void gelu_tanh_forward_body(const float *x, float *y, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) {
        float u = x[i] * (1.5957691216f + 0.0713548162726f * x[i] * x[i]);
        y[i] = x[i] / (1.0f + exponential(-u));
    }
}
DEFINE_KERNEL(gelu_tanh_forward, (const float *x, float *y, ptrdiff_t count), (x, y, count))

KERNEL_BODY void gelu_tanh_backward_body(const float *x, const float *dy, float *dx, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) {
        float square = x[i] * x[i];
        float sigmoid = 1.0f / (1.0f + exponential(-x[i] * (1.5957691216f + 0.0713548162726f * square)));
        float slope = 1.5957691216f + 0.2140644488178f * square;
        dx[i] = dy[i] * sigmoid * (1.0f + x[i] * slope * (1.0f - sigmoid));
    }
}
DEFINE_KERNEL(gelu_tanh_backward, (const float *x, const float *dy, float *dx, ptrdiff_t count), (x, dy, dx, count))
