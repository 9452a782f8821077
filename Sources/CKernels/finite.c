#include "dispatch.h"
#include <string.h>

// By the bits of the exponent, so that no compiler option has a say.
KERNEL_BODY void finite_floats_body(const float *x, ptrdiff_t count, int *result) {
    uint32_t found = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, x + i, 4);
        found |= (bits & 0x7f800000u) == 0x7f800000u;
    }
    *result = !found;
}
DEFINE_KERNEL(finite_floats, (const float *x, ptrdiff_t count, int *result), (x, count, result))

KERNEL_BODY void finite_halves_body(const uint16_t *x, uint16_t exponent, ptrdiff_t count, int *result) {
    uint16_t found = 0;
    for (ptrdiff_t i = 0; i < count; i++) found |= (x[i] & exponent) == exponent;
    *result = !found;
}
DEFINE_KERNEL(finite_halves, (const uint16_t *x, uint16_t exponent, ptrdiff_t count, int *result),
              (x, exponent, count, result))
