#include "dispatch.h"

KERNEL_BODY void rotary_body(const float *x, const float *cosines, const float *sines, float direction, float *y,
                             ptrdiff_t tokens, ptrdiff_t heads, ptrdiff_t half, ptrdiff_t step, ptrdiff_t distance) {
    for (ptrdiff_t t = 0; t < tokens; t++, cosines += half, sines += half)
        for (ptrdiff_t h = 0; h < heads; h++, x += 2 * half, y += 2 * half)
            for (ptrdiff_t i = 0; i < half; i++) {
                float a = x[i * step], b = x[i * step + distance], s = direction * sines[i];
                y[i * step] = a * cosines[i] - b * s;
                y[i * step + distance] = b * cosines[i] + a * s;
            }
}
DEFINE_KERNEL(rotary,
              (const float *x, const float *cosines, const float *sines, float direction, float *y, ptrdiff_t tokens,
               ptrdiff_t heads, ptrdiff_t half, ptrdiff_t step, ptrdiff_t distance),
              (x, cosines, sines, direction, y, tokens, heads, half, step, distance))
