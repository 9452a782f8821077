// One loop, three machines: each kernel's body is written once and compiled for AVX-512, for AVX2 with FMA and for the
// baseline; the compiler vectorises it. The branch is taken at each call: ifuncs break under ThreadSanitizer.
#pragma once
#include "CKernels.h"

#define KERNEL_BODY static inline __attribute__((always_inline))
// Lets the compiler split a sum over lanes. The order is fixed at compile time, so results repeat bit for bit.
#define REASSOCIATE _Pragma("clang fp reassociate(on) contract(fast)")

// For loops whose result may lie in the place of an operand: elements meet at equal positions only, which the compiler
// cannot know and would otherwise leave in scalars.
#define IN_PLACE _Pragma("clang loop vectorize(assume_safety)")

#if defined(__x86_64__)
#define DEFINE_KERNEL(name, parameters, arguments) \
    void name##_portable parameters { name##_body arguments; } \
    __attribute__((target("arch=x86-64-v3"))) void name##_avx2 parameters { name##_body arguments; } \
    __attribute__((target("arch=x86-64-v4"))) static void name##_v4 parameters { name##_body arguments; } \
    void name parameters { \
        switch (kernel_level()) { \
        case KERNEL_AVX512: name##_v4 arguments; break; \
        case KERNEL_AVX2: name##_avx2 arguments; break; \
        default: name##_portable arguments; \
        } \
    }
#else
#define DEFINE_KERNEL(name, parameters, arguments) \
    void name##_portable parameters { name##_body arguments; } \
    void name##_avx2 parameters { name##_body arguments; } \
    void name parameters { name##_body arguments; }
#endif
