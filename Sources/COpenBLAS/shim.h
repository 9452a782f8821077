// OpenBLAS: matrix products. Imported by Tensors only.
#pragma once
#include <cblas.h>
#include <stdlib.h>
#include <string.h>

// Exported by builds that choose their kernels at run time; absent elsewhere.
extern void gotoblas_dynamic_init(void) __attribute__((weak));
extern void gotoblas_dynamic_quit(void) __attribute__((weak));

// OpenBLAS takes processors newer than itself for a "Prescott" of 2004, ten times slower than it need be. Then `core`,
// which the caller knows this machine can run, is put in its place. A choice by OPENBLAS_CORETYPE stands.
// Call it before the first product, from one thread.
static inline void openblas_correct_core(const char *core) {
    if (!core || !gotoblas_dynamic_init || !gotoblas_dynamic_quit) return;
    if (getenv("OPENBLAS_CORETYPE") || strcmp(openblas_get_corename(), "Prescott") != 0) return;
    setenv("OPENBLAS_CORETYPE", core, 1);
    gotoblas_dynamic_quit();
    gotoblas_dynamic_init();
    unsetenv("OPENBLAS_CORETYPE");
}
