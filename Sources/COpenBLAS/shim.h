// OpenBLAS: matrix products. Imported by Tensors only.
#pragma once
#include <cblas.h>
