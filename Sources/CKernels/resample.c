#include "dispatch.h"
#include <string.h>

enum { FRACTION_BITS = 22 };

KERNEL_BODY uint8_t rounded_sample(int32_t sum) {
    int32_t value = sum >> FRACTION_BITS;
    return (uint8_t)(value < 0 ? 0 : (value > 255 ? 255 : value));
}

KERNEL_BODY void resample_lines_body(const uint8_t *lines, ptrdiff_t length, const int32_t *weights, ptrdiff_t taps,
                                     uint8_t *y) {
    enum { STRIP = 128 };
    int32_t sums[STRIP];
    for (ptrdiff_t start = 0; start < length; start += STRIP) {
        ptrdiff_t count = length - start < STRIP ? length - start : STRIP;
        for (ptrdiff_t i = 0; i < count; i++) sums[i] = 1 << (FRACTION_BITS - 1);
        for (ptrdiff_t tap = 0; tap < taps; tap++) {
            const uint8_t *x = lines + tap * length + start;
            for (ptrdiff_t i = 0; i < count; i++) sums[i] += x[i] * weights[tap];
        }
        for (ptrdiff_t i = 0; i < count; i++) y[start + i] = rounded_sample(sums[i]);
    }
}
DEFINE_KERNEL(resample_lines,
              (const uint8_t *lines, ptrdiff_t length, const int32_t *weights, ptrdiff_t taps, uint8_t *y),
              (lines, length, weights, taps, y))

typedef int32_t pixel __attribute__((vector_size(16)));

KERNEL_BODY void resample_pixels_body(const uint8_t *line, ptrdiff_t width, const int32_t *first, const int32_t *counts,
                                      const int32_t *weights, ptrdiff_t most, int32_t *wide, uint8_t *y,
                                      ptrdiff_t outputs) {
    for (ptrdiff_t i = 0; i < width; i++)
        for (int channel = 0; channel < 3; channel++) wide[4 * i + channel] = line[3 * i + channel];
    for (ptrdiff_t i = 0; i < outputs; i++, y += 3) {
        const int32_t *x = wide + 4 * (ptrdiff_t)first[i], *w = weights + i * most;
        pixel sum = {1 << (FRACTION_BITS - 1), 1 << (FRACTION_BITS - 1), 1 << (FRACTION_BITS - 1), 0};
        for (ptrdiff_t tap = 0; tap < counts[i]; tap++) {
            pixel sample;
            memcpy(&sample, x + 4 * tap, sizeof sample);
            sum += sample * w[tap];
        }
        for (int channel = 0; channel < 3; channel++) y[channel] = rounded_sample(sum[channel]);
    }
}
DEFINE_KERNEL(resample_pixels,
              (const uint8_t *line, ptrdiff_t width, const int32_t *first, const int32_t *counts,
               const int32_t *weights, ptrdiff_t most, int32_t *wide, uint8_t *y, ptrdiff_t outputs),
              (line, width, first, counts, weights, most, wide, y, outputs))
