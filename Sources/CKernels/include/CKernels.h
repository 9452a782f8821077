// SIMD loops that BLAS lacks. Each kernel picks AVX-512, AVX2 with FMA or the baseline at run time; its portable twin
// `<kernel>_portable` is the same loop compiled for the baseline, the oracle of the tests (`<kernel>_avx2` is there for
// them too, and needs kernel_level() to allow it). No kernel allocates,
// locks or reads global state other than the CPU's features. Matrices are row-major; `count`, `rows`, `columns` are
// in elements. Accuracy, tested over the domain: exp 2 ulp; gelu and quick_gelu 8 ulp of max(|y|, 1e-3), their slopes
// 16 ulp of max(|dy/dx|, 1/4).
#pragma once
#include <stddef.h>
#include <stdint.h>

enum kernel_level { KERNEL_PORTABLE, KERNEL_AVX2, KERNEL_AVX512 };
/// The machine this process runs on.
enum kernel_level kernel_level(void);
/// OpenBLAS's name for the best of its cores that this machine runs; null for its oldest.
const char *openblas_core(void);

#define DECLARE_KERNEL(name, ...) \
    void name(__VA_ARGS__); \
    void name##_avx2(__VA_ARGS__); \
    void name##_portable(__VA_ARGS__);

// elementwise.c
DECLARE_KERNEL(vector_add, const float *a, const float *b, float *sum, ptrdiff_t count)
DECLARE_KERNEL(vector_multiply, const float *a, const float *b, float *product, ptrdiff_t count)
/// y = alpha * x
DECLARE_KERNEL(vector_scale, float alpha, const float *x, float *y, ptrdiff_t count)
/// y += alpha * x
DECLARE_KERNEL(vector_axpy, float alpha, const float *x, float *y, ptrdiff_t count)
DECLARE_KERNEL(vector_exp, const float *x, float *y, ptrdiff_t count)
/// sum_i a_i b_i, in single precision lanes, into *result
DECLARE_KERNEL(vector_dot, const float *a, const float *b, ptrdiff_t count, float *result)
DECLARE_KERNEL(vector_sum, const float *x, ptrdiff_t count, float *result)
/// How many elements are `bound` or more, below 2^31 of them
DECLARE_KERNEL(count_at_least, const float *x, float bound, ptrdiff_t count, int *result)
/// y[row] = x[row] + vector for each row
DECLARE_KERNEL(rows_add, const float *x, const float *vector, float *y, ptrdiff_t rows, ptrdiff_t columns)
/// sums[column] += the sum of that column, rows in order
DECLARE_KERNEL(columns_accumulate, const float *x, float *sums, ptrdiff_t rows, ptrdiff_t columns)
/// y = x^2/2 where |x| < beta (over beta), |x| - beta/2 elsewhere; slope = dy/dx
DECLARE_KERNEL(smooth_l1, const float *x, float beta, float *y, float *slope, ptrdiff_t count)

// gelu.c: x * Phi(x), Phi the normal distribution function (through erf)
DECLARE_KERNEL(gelu_forward, const float *x, float *y, ptrdiff_t count)
DECLARE_KERNEL(gelu_backward, const float *x, const float *dy, float *dx, ptrdiff_t count)

// sigmoid_units.c: x * sigmoid(1.702 x); x * sigmoid(x); GELU's approximation by tanh
DECLARE_KERNEL(quick_gelu_forward, const float *x, float *y, ptrdiff_t count)
DECLARE_KERNEL(quick_gelu_backward, const float *x, const float *dy, float *dx, ptrdiff_t count)
DECLARE_KERNEL(silu_forward, const float *x, float *y, ptrdiff_t count)
DECLARE_KERNEL(silu_backward, const float *x, const float *dy, float *dx, ptrdiff_t count)
DECLARE_KERNEL(gelu_tanh_forward, const float *x, float *y, ptrdiff_t count)
DECLARE_KERNEL(gelu_tanh_backward, const float *x, const float *dy, float *dx, ptrdiff_t count)

// layernorm.c: mean and inverse deviation of each row are kept for the way back
DECLARE_KERNEL(layernorm_forward, const float *x, const float *weight, const float *bias, float epsilon, float *y,
               float *mean, float *inverse, ptrdiff_t rows, ptrdiff_t columns)
/// dx for each row; dweight and dbias accumulate over the rows. dx may be null; dweight and dbias together too.
DECLARE_KERNEL(layernorm_backward, const float *x, const float *weight, const float *mean, const float *inverse,
               const float *dy, float *dx, float *dweight, float *dbias, ptrdiff_t rows, ptrdiff_t columns)

// rmsnorm.c: y = x * weight / sqrt(mean(x^2) + epsilon); the inverse of each row's root is kept for the way back
DECLARE_KERNEL(rmsnorm_forward, const float *x, const float *weight, float epsilon, float *y, float *inverse,
               ptrdiff_t rows, ptrdiff_t columns)
/// dx for each row; dweight accumulates over the rows. Either may be null.
DECLARE_KERNEL(rmsnorm_backward, const float *x, const float *weight, const float *inverse, const float *dy, float *dx,
               float *dweight, ptrdiff_t rows, ptrdiff_t columns)

// rotary.c: turns the pairs (i * step, i * step + distance) of each head of each token by the token's angles, whose
// cosines and sines are [tokens, half]; direction -1 turns back. x is [tokens, heads, 2 * half].
DECLARE_KERNEL(rotary, const float *x, const float *cosines, const float *sines, float direction, float *y,
               ptrdiff_t tokens, ptrdiff_t heads, ptrdiff_t half, ptrdiff_t step, ptrdiff_t distance)

// soft_cap.c: y = cap * tanh(scale * x / cap); y may be x
DECLARE_KERNEL(soft_cap_forward, const float *x, float scale, float cap, float *y, ptrdiff_t count)
/// dx from the capped y; dx may be dy
DECLARE_KERNEL(soft_cap_backward, const float *y, float scale, float cap, const float *dy, float *dx, ptrdiff_t count)

// softmax.c: row r sees its first min(visible, causal ? r + 1 : columns) columns, the others become 0; a row that sees
// nothing becomes 0. `scores` are scaled by `scale` first and may be `probabilities`.
DECLARE_KERNEL(softmax_forward, const float *scores, float scale, float *probabilities, ptrdiff_t rows,
               ptrdiff_t columns, ptrdiff_t visible, int causal)
/// dscores = scale * p * (dp - sum(dp * p)); dscores may be dprobabilities
DECLARE_KERNEL(softmax_backward, const float *probabilities, const float *dprobabilities, float scale, float *dscores,
               ptrdiff_t rows, ptrdiff_t columns)

// normalize.c: y = x / max(|x|, epsilon); inverse norms are kept for the way back
DECLARE_KERNEL(normalize_forward, const float *x, float epsilon, float *y, float *inverse, ptrdiff_t rows,
               ptrdiff_t columns)
/// A row shorter than epsilon was only scaled, so only scales its gradient.
DECLARE_KERNEL(normalize_backward, const float *y, const float *inverse, float epsilon, const float *dy, float *dx,
               ptrdiff_t rows, ptrdiff_t columns)

// pairwise_distance.c: some rows of the distances between the rows of x [count, columns], from theirs of the Gram matrix
// and all squared norms. Where the Gram matrix loses digits (near duplicates) the distance is summed from differences.
DECLARE_KERNEL(pairwise_distance_forward, const float *x, const float *gram, const float *norms, float *distances,
               ptrdiff_t first, ptrdiff_t rows, ptrdiff_t count, ptrdiff_t columns)
/// ratios[i][j] = (dd[i][j] + dd[j][i]) / d[i][j], 0 where d^2 < 1e-12; row_sums[i] = sum_j ratios[i][j]
DECLARE_KERNEL(pairwise_distance_backward, const float *distances, const float *ddistances, float *ratios,
               float *row_sums, ptrdiff_t first, ptrdiff_t end, ptrdiff_t count)

// structure_alignment.c: some rows of a loss of distances beside their targets, both [rows, count]. A difference x costs
// curvature x^2 below the limit, |x| - limit / 2 from there on. Slopes, which may be the targets, become those of the cost
// over the distance, each row's sum on the diagonal negated; pairs closer than `close` are left out of them and added to
// `gradient` [rows, columns] from differences. sums[row] is the row's cost.
DECLARE_KERNEL(structure_alignment, const float *x, const float *distances, const float *targets, float limit,
               float curvature, float close, float *slopes, float *sums, float *gradient, ptrdiff_t first,
               ptrdiff_t rows, ptrdiff_t count, ptrdiff_t columns)

// contrastive.c: cross-entropy of a square matrix of logits, diagonal correct, in both directions, some rows at a time
/// logs[row] = log sum_j exp(x[row][j])
DECLARE_KERNEL(rows_log_sum_exp, const float *x, float *logs, ptrdiff_t rows, ptrdiff_t columns)
/// Goes on with each column's largest value and sum_i exp(x[i][column] - largest); they begin at -infinity and 0.
DECLARE_KERNEL(columns_exponential_sums, const float *x, ptrdiff_t stride, float *maxima, float *sums, ptrdiff_t rows,
               ptrdiff_t columns)
/// g[i][j] = scale * (exp(x - row_logs[i]) + exp(x - column_logs[j]) - 2 [first + i = j]), dots[i] = sum_j g x; the
/// gradient may be x
DECLARE_KERNEL(contrastive_gradient, const float *x, const float *row_logs, const float *column_logs, float scale,
               float *gradient, float *dots, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t first)

// adamw.c: Loshchilov and Hutter 2019, decoupled decay; step sizes are corrected for bias by the caller
struct adamw_step {
    float rate, beta1, beta2, epsilon, decay;
    /// 1 - beta1^t and 1 - beta2^t
    float correction1, correction2;
    /// every gradient is multiplied by it first (clipping)
    float gradient_scale;
    /// of the moving average, where there is one
    float average_decay;
};
/// One pass over everything. `average`, a moving average of the parameters, may be null.
DECLARE_KERNEL(adamw_update, float *parameters, const float *gradients, float *first_moments, float *second_moments,
               float *average, const struct adamw_step *step, ptrdiff_t count)
/// average = decay * average + (1 - decay) * parameters
DECLARE_KERNEL(moving_average_update, float *average, const float *parameters, float decay, ptrdiff_t count)

// convert.c: round to nearest even; float16 overflows to infinity, NaN stays NaN
DECLARE_KERNEL(float_to_half, const float *x, uint16_t *y, ptrdiff_t count)
DECLARE_KERNEL(half_to_float, const uint16_t *x, float *y, ptrdiff_t count)
DECLARE_KERNEL(float_to_bfloat, const float *x, uint16_t *y, ptrdiff_t count)
DECLARE_KERNEL(bfloat_to_float, const uint16_t *x, float *y, ptrdiff_t count)

// finite.c: *result = 1 where no element is infinite or NaN
DECLARE_KERNEL(finite_floats, const float *x, ptrdiff_t count, int *result)
/// Elements of 16 bits whose exponent lies in the bits `exponent`: 0x7c00 for float16, 0x7f80 for bfloat16.
DECLARE_KERNEL(finite_halves, const uint16_t *x, uint16_t exponent, ptrdiff_t count, int *result)

// dequantize.c: `count` blocks of a GGUF format, of 32 values (Qn_0, Qn_1) or 256 (Qn_K), to float32
DECLARE_KERNEL(dequantize_q4_0, const uint8_t *blocks, float *y, ptrdiff_t count)
DECLARE_KERNEL(dequantize_q4_1, const uint8_t *blocks, float *y, ptrdiff_t count)
DECLARE_KERNEL(dequantize_q5_0, const uint8_t *blocks, float *y, ptrdiff_t count)
DECLARE_KERNEL(dequantize_q5_1, const uint8_t *blocks, float *y, ptrdiff_t count)
DECLARE_KERNEL(dequantize_q8_0, const uint8_t *blocks, float *y, ptrdiff_t count)
DECLARE_KERNEL(dequantize_q2_k, const uint8_t *blocks, float *y, ptrdiff_t count)
DECLARE_KERNEL(dequantize_q3_k, const uint8_t *blocks, float *y, ptrdiff_t count)
DECLARE_KERNEL(dequantize_q4_k, const uint8_t *blocks, float *y, ptrdiff_t count)
DECLARE_KERNEL(dequantize_q5_k, const uint8_t *blocks, float *y, ptrdiff_t count)
DECLARE_KERNEL(dequantize_q6_k, const uint8_t *blocks, float *y, ptrdiff_t count)

// resample.c: weighted sums of samples of 8 bits, weights of 22 fractional bits, rounded and cut to 0...255
/// One line from `taps` lines of `length` samples that lie one after the other.
DECLARE_KERNEL(resample_lines, const uint8_t *lines, ptrdiff_t length, const int32_t *weights, ptrdiff_t taps,
               uint8_t *y)
/// One line of RGB pixels from another of `width`: output i sums counts[i] pixels from first[i] on by the weights from
/// i * most on; `wide` is scratch of 4 * width elements.
DECLARE_KERNEL(resample_pixels, const uint8_t *line, ptrdiff_t width, const int32_t *first, const int32_t *counts,
               const int32_t *weights, ptrdiff_t most, int32_t *wide, uint8_t *y, ptrdiff_t outputs)

// small_product.c
/// Whether it is faster than a packed product here, at some dozens of rows.
int small_products_are_native(void);
/// c [m, n] = a b, or + a b where it adds; element (i, l) of a lies at i * a_row + l * a_column
void small_product(const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b, ptrdiff_t b_row, float *c,
                   ptrdiff_t c_row, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, int adds);
void small_product_portable(const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b, ptrdiff_t b_row,
                            float *c, ptrdiff_t c_row, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, int adds);
/// y [columns, rows] = x [rows, columns], turned over
DECLARE_KERNEL(transposed, const float *x, ptrdiff_t x_row, float *y, ptrdiff_t y_row, ptrdiff_t rows,
               ptrdiff_t columns)

// gemm_int16.c: products of 16-bit integers; the inner dimension is cut into blocks with a scale each
enum { INT16_BLOCK = 128, INT16_ROWS = 14, INT16_COLUMNS = 32 };
/// Whether they are faster than those of floats here.
int int16_products_are_native(void);
/// Rounds the lines of x [lines, inner], `width` at most, and pairs neighbours: pair p of a line goes to
/// y[p * width + line], its block's scale to scales[block * width + line]; zeros fill the last block. The width is
/// INT16_ROWS for the left operand and INT16_COLUMNS for the right one, whose lines are the product's columns.
void int16_pack(const float *x, ptrdiff_t lines, ptrdiff_t inner, uint32_t *y, float *scales, ptrdiff_t width);
void int16_pack_portable(const float *x, ptrdiff_t lines, ptrdiff_t inner, uint32_t *y, float *scales, ptrdiff_t width);
/// c = left * right + beta * c for a panel of either operand, over `blocks` of the inner dimension
void int16_product(const uint32_t *left, const float *left_scales, const uint32_t *right, const float *right_scales,
                   ptrdiff_t blocks, float beta, float *c, ptrdiff_t c_stride, ptrdiff_t rows, ptrdiff_t columns);
void int16_product_portable(const uint32_t *left, const float *left_scales, const uint32_t *right,
                            const float *right_scales, ptrdiff_t blocks, float beta, float *c, ptrdiff_t c_stride,
                            ptrdiff_t rows, ptrdiff_t columns);

// gemm_bf16.c: products of sums of bfloat16 numbers, of which one (bfloat16) to three (float32) stand for a value
enum { BFLOAT_LINES = 32, BFLOAT_BLOCK = 32 };
/// Whether they are far faster than those of floats here (AMX), and the system lets this process use them.
int bfloat_products_are_native(void);
/// Takes scale * x apart into `parts` numbers a value for BFLOAT_LINES lines or fewer; element (line, i) lies at line *
/// line_step + i * inner_step, and one of the steps is 1. `right` is 0 for the left operand's layout, 1 for the right one's;
/// y takes 2 * BFLOAT_LINES * parts bytes for each element along the inner dimension, which is filled up to whole blocks.
void bfloat_pack(const float *x, ptrdiff_t line_step, ptrdiff_t inner_step, ptrdiff_t lines, ptrdiff_t inner, float scale,
                 int parts, int right, uint16_t *y);
void bfloat_pack_portable(const float *x, ptrdiff_t line_step, ptrdiff_t inner_step, ptrdiff_t lines, ptrdiff_t inner,
                          float scale, int parts, int right, uint16_t *y);
/// c = left * right, + rest where that is not null (c itself, or a vector whose stride is 0), for panels one after the
/// other that hold `rows` and `columns` lines and as many blocks of the inner dimension. Each panel of one operand, the
/// right one if told so, meets all of the other.
void bfloat_product(const uint16_t *left, const uint16_t *right, ptrdiff_t blocks, int parts, const float *rest,
                    ptrdiff_t rest_stride, float *c, ptrdiff_t c_stride, ptrdiff_t rows, ptrdiff_t columns,
                    int outer_right);
void bfloat_product_portable(const uint16_t *left, const uint16_t *right, ptrdiff_t blocks, int parts, const float *rest,
                             ptrdiff_t rest_stride, float *c, ptrdiff_t c_stride, ptrdiff_t rows, ptrdiff_t columns,
                             int outer_right);
