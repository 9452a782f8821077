#include "dispatch.h"

KERNEL_BODY float squared_difference(const float *a, const float *b, ptrdiff_t count) {
    REASSOCIATE
    float sum = 0;
    for (ptrdiff_t i = 0; i < count; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

KERNEL_BODY void pairwise_distance_forward_body(const float *x, const float *gram, float *distances, ptrdiff_t first,
                                                ptrdiff_t end, ptrdiff_t count, ptrdiff_t columns) {
    for (ptrdiff_t i = first; i < end; i++) {
        const float *row = gram + i * count;
        float *out = distances + i * count, own = row[i];
        for (ptrdiff_t j = 0; j < count; j++) {
            float squared = own + gram[j * count + j] - 2.0f * row[j];
            // Below a hundredth of the norms' sum the subtraction keeps fewer than 17 bits.
            if (squared < 0.01f * (own + gram[j * count + j]))
                squared = i == j ? 0.0f : squared_difference(x + i * columns, x + j * columns, columns);
            out[j] = __builtin_sqrtf(squared);
        }
    }
}
DEFINE_KERNEL(pairwise_distance_forward,
              (const float *x, const float *gram, float *distances, ptrdiff_t first, ptrdiff_t end, ptrdiff_t count,
               ptrdiff_t columns),
              (x, gram, distances, first, end, count, columns))

KERNEL_BODY void pairwise_distance_backward_body(const float *distances, const float *ddistances, float *ratios,
                                                 float *row_sums, ptrdiff_t first, ptrdiff_t end, ptrdiff_t count) {
    REASSOCIATE
    for (ptrdiff_t i = first; i < end; i++) {
        const float *d = distances + i * count, *g = ddistances + i * count;
        float *ratio = ratios + i * count, sum = 0;
        for (ptrdiff_t j = 0; j < count; j++) {
            float both = g[j] + ddistances[j * count + i];
            ratio[j] = d[j] * d[j] < 1e-12f ? 0.0f : both / d[j];
            sum += ratio[j];
        }
        row_sums[i] = sum;
    }
}
DEFINE_KERNEL(pairwise_distance_backward,
              (const float *distances, const float *ddistances, float *ratios, float *row_sums, ptrdiff_t first,
               ptrdiff_t end, ptrdiff_t count),
              (distances, ddistances, ratios, row_sums, first, end, count))
