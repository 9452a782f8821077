// SIMD loops that BLAS lacks. Each kernel has a portable twin named `<kernel>_portable`, its test oracle.
#pragma once
#include <stddef.h>
#include <stdint.h>
