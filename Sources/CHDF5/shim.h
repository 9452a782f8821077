// HDF5: the native file format. Imported by Archive only. Macros do not reach Swift, so they are functions here.
#pragma once
#include <hdf5.h>

static inline unsigned proclip_H5F_ACC_RDONLY(void) { return H5F_ACC_RDONLY; }
static inline unsigned proclip_H5F_ACC_EXCL(void) { return H5F_ACC_EXCL; }
