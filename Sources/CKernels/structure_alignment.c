#include "dispatch.h"

KERNEL_BODY float penalty_slope(float difference, float limit, float curvature) {
    float bent = 2.0f * curvature * difference, straight = difference < 0.0f ? -1.0f : 1.0f;
    return __builtin_fabsf(difference) < limit ? bent : straight;
}

// The share of close pairs in the gradient of row i, from differences.
KERNEL_BODY void close_pairs(const float *x, const float *d, const float *e, float limit, float curvature, float close,
                             float *gradient, ptrdiff_t i, ptrdiff_t count, ptrdiff_t columns) {
    for (ptrdiff_t j = 0; j < count; j++) {
        if (j == i || d[j] >= close || d[j] * d[j] < 1e-12f) continue;
        float slope = penalty_slope(d[j] - e[j], limit, curvature) / d[j];
        for (ptrdiff_t k = 0; k < columns; k++) gradient[k] += slope * (x[i * columns + k] - x[j * columns + k]);
    }
}

KERNEL_BODY ptrdiff_t count_below(const float *d, float bound, ptrdiff_t count) {
    int found = 0;
    for (ptrdiff_t j = 0; j < count; j++) found += d[j] < bound;
    return found;
}

KERNEL_BODY void structure_alignment_body(const float *x, const float *distances, const float *targets, float limit,
                                          float curvature, float close, float *slopes, float *sums, float *gradient,
                                          ptrdiff_t first, ptrdiff_t rows, ptrdiff_t count, ptrdiff_t columns) {
    REASSOCIATE
    for (ptrdiff_t r = 0; r < rows; r++) {
        const float *d = distances + r * count, *e = targets + r * count;
        float *out = slopes + r * count, sum = 0, diagonal = 0;
        if (count_below(d, close, count) > 1)
            close_pairs(x, d, e, limit, curvature, close, gradient + r * columns, first + r, count, columns);
        IN_PLACE
        for (ptrdiff_t j = 0; j < count; j++) {
            float difference = d[j] - e[j], size = __builtin_fabsf(difference);
            sum += size < limit ? curvature * difference * difference : size - 0.5f * limit;
            float slope = penalty_slope(difference, limit, curvature) / d[j];
            slope = d[j] < close ? 0.0f : slope;
            diagonal -= slope;
            out[j] = slope;
        }
        out[first + r] = diagonal;
        sums[r] = sum;
    }
}
DEFINE_KERNEL(structure_alignment,
              (const float *x, const float *distances, const float *targets, float limit, float curvature, float close,
               float *slopes, float *sums, float *gradient, ptrdiff_t first, ptrdiff_t rows, ptrdiff_t count,
               ptrdiff_t columns),
              (x, distances, targets, limit, curvature, close, slopes, sums, gradient, first, rows, count, columns))
