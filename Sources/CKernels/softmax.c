#include "dispatch.h"
#include "exponential.h"
#include "largest.h"

KERNEL_BODY float exponentials(const float *x, float scale, float largest, float *y, ptrdiff_t count) {
    REASSOCIATE
    float sum = 0;
    IN_PLACE
    for (ptrdiff_t i = 0; i < count; i++) {
        y[i] = exponential((x[i] - largest) * scale);
        sum += y[i];
    }
    return sum;
}

KERNEL_BODY void softmax_forward_body(const float *scores, float scale, float *probabilities, ptrdiff_t rows,
                                      ptrdiff_t columns, ptrdiff_t visible, int causal) {
    for (ptrdiff_t r = 0; r < rows; r++, scores += columns, probabilities += columns) {
        ptrdiff_t end = causal && r + 1 < visible ? r + 1 : visible;
        if (end > columns) end = columns;
        float largest = largest_of(scores, end);
        float factor = 1.0f / exponentials(scores, scale, largest, probabilities, end);
        for (ptrdiff_t i = 0; i < end; i++) probabilities[i] *= factor;
        for (ptrdiff_t i = end; i < columns; i++) probabilities[i] = 0;
    }
}
DEFINE_KERNEL(softmax_forward,
              (const float *scores, float scale, float *probabilities, ptrdiff_t rows, ptrdiff_t columns,
               ptrdiff_t visible, int causal),
              (scores, scale, probabilities, rows, columns, visible, causal))

KERNEL_BODY void softmax_backward_body(const float *probabilities, const float *dprobabilities, float scale,
                                       float *dscores, ptrdiff_t rows, ptrdiff_t columns) {
    REASSOCIATE
    for (ptrdiff_t r = 0; r < rows; r++) {
        const float *p = probabilities + r * columns, *dp = dprobabilities + r * columns;
        float *ds = dscores + r * columns, sum = 0;
        for (ptrdiff_t i = 0; i < columns; i++) sum += p[i] * dp[i];
        IN_PLACE
        for (ptrdiff_t i = 0; i < columns; i++) ds[i] = scale * p[i] * (dp[i] - sum);
    }
}
DEFINE_KERNEL(softmax_backward,
              (const float *probabilities, const float *dprobabilities, float scale, float *dscores, ptrdiff_t rows,
               ptrdiff_t columns),
              (probabilities, dprobabilities, scale, dscores, rows, columns))
