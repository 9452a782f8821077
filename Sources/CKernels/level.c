#include "CKernels.h"

enum kernel_level kernel_level(void) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return KERNEL_AVX512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2")
        && __builtin_cpu_supports("f16c"))
        return KERNEL_AVX2;
#endif
    return KERNEL_PORTABLE;
}

const char *openblas_core(void) {
#if defined(__x86_64__)
    if (kernel_level() == KERNEL_AVX512) return __builtin_cpu_supports("avx512bf16") ? "COOPERLAKE" : "SKYLAKEX";
    if (kernel_level() == KERNEL_AVX2) return "HASWELL";
#endif
    return NULL;
}
