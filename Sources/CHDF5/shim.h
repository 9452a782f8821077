// HDF5: the native file format. Imported by Archive only. Macros do not reach Swift, so they are functions here.
#pragma once
#include <hdf5.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline unsigned proclip_H5F_ACC_RDONLY(void) { return H5F_ACC_RDONLY; }
static inline unsigned proclip_H5F_ACC_TRUNC(void) { return H5F_ACC_TRUNC; }

static inline hid_t proclip_H5P_FILE_ACCESS(void) { return H5P_FILE_ACCESS; }
static inline hid_t proclip_H5P_DATASET_CREATE(void) { return H5P_DATASET_CREATE; }
static inline hid_t proclip_H5P_LINK_CREATE(void) { return H5P_LINK_CREATE; }
static inline hid_t proclip_H5P_GROUP_CREATE(void) { return H5P_GROUP_CREATE; }
static inline hid_t proclip_H5P_DEFAULT(void) { return H5P_DEFAULT; }
static inline hid_t proclip_H5S_ALL(void) { return H5S_ALL; }

static inline hid_t proclip_H5T_C_S1(void) { return H5T_C_S1; }
static inline size_t proclip_H5T_VARIABLE(void) { return H5T_VARIABLE; }
static inline hid_t proclip_H5T_NATIVE_DOUBLE(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t proclip_H5T_IEEE_F32LE(void) { return H5T_IEEE_F32LE; }
static inline hid_t proclip_H5T_STD_U8LE(void) { return H5T_STD_U8LE; }
static inline hid_t proclip_H5T_STD_I32LE(void) { return H5T_STD_I32LE; }
static inline hid_t proclip_H5T_STD_I64LE(void) { return H5T_STD_I64LE; }

static inline haddr_t proclip_HADDR_UNDEF(void) { return HADDR_UNDEF; }

// Errors are returned, never printed. The setting belongs to the calling thread. To be called before anything else: then
// nothing is left to the end of the process, where the library crashes over files that it could not close.
static inline void proclip_hdf5_silence(void) {
    H5dont_atexit();
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

static herr_t proclip_hdf5_first_error(unsigned depth, const H5E_error2_t *error, void *text) {
    if (depth == 0) snprintf((char *)text, 512, "%s", error->desc ? error->desc : "");
    return 0;
}

// The innermost entry of the calling thread's error stack, into a buffer of 512 bytes.
static inline void proclip_hdf5_reason(char *text) {
    text[0] = 0;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, proclip_hdf5_first_error, text);
}

// Gives up a file that cannot be written: whatever the library still has to write goes into memory and is forgotten.
// A file whose closing fails would stay half open in the library.
static inline void proclip_hdf5_give_up(hid_t file) {
    void *descriptor = NULL;
    if (H5Fget_vfd_handle(file, H5P_DEFAULT, &descriptor) < 0 || !descriptor) return;
    int memory = (int)syscall(SYS_memfd_create, "given-up", 0);
    if (memory < 0) return;
    dup2(memory, *(int *)descriptor);
    close(memory);
}
