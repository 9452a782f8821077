#include "dispatch.h"

KERNEL_BODY float squared_difference(const float *a, const float *b, ptrdiff_t count) {
    REASSOCIATE
    float sum = 0;
    for (ptrdiff_t i = 0; i < count; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

// Below a hundredth of the norms' sum the subtraction keeps fewer than 17 bits.
static const float NEAR = 0.01f;

KERNEL_BODY void pairwise_distance_forward_body(const float *x, const float *gram, const float *norms, float *distances,
                                                ptrdiff_t first, ptrdiff_t rows, ptrdiff_t count, ptrdiff_t columns) {
    for (ptrdiff_t r = 0; r < rows; r++) {
        const float *row = gram + r * count;
        float *out = distances + r * count, own = norms[first + r];
        int near = 0;
        IN_PLACE
        for (ptrdiff_t j = 0; j < count; j++) {
            float both = own + norms[j], squared = both - 2.0f * row[j];
            near += squared < NEAR * both;
            // A negative value is a near one.
            out[j] = squared < NEAR * both ? -1.0f : __builtin_sqrtf(squared);
        }
        out[first + r] = 0;
        for (ptrdiff_t j = 0; near > 0 && j < count; j++)
            if (out[j] < 0)
                out[j] = __builtin_sqrtf(squared_difference(x + (first + r) * columns, x + j * columns, columns));
    }
}
DEFINE_KERNEL(pairwise_distance_forward,
              (const float *x, const float *gram, const float *norms, float *distances, ptrdiff_t first, ptrdiff_t rows,
               ptrdiff_t count, ptrdiff_t columns),
              (x, gram, norms, distances, first, rows, count, columns))

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
