// HDF5: the native file format. Imported by Archive only. Macros do not reach Swift, so they are functions here.
#pragma once
#include <errno.h>
#include <hdf5.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static inline unsigned proclip_H5F_ACC_RDONLY(void) { return H5F_ACC_RDONLY; }
static inline unsigned proclip_H5F_ACC_TRUNC(void) { return H5F_ACC_TRUNC; }

static inline hid_t proclip_H5P_FILE_ACCESS(void) { return H5P_FILE_ACCESS; }
static inline hid_t proclip_H5P_FILE_CREATE(void) { return H5P_FILE_CREATE; }
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

// A group without times, whose links and attributes stay in its header, where they have a checksum.
static inline void proclip_hdf5_plain_group(hid_t creation) {
    H5Pset_obj_track_times(creation, 0);
    H5Pset_link_phase_change(creation, 65535, 65535);
    H5Pset_attr_phase_change(creation, 65535, 65535);
}

// Between texts of variable length as they lie in a file and an opaque type of the same size nothing is to be done: so
// the library hands over the references, and its reader of what they lead to, which crashes over damage, is not asked.
static herr_t proclip_hdf5_keep_reference(hid_t source, hid_t target, H5T_cdata_t *data, size_t count, size_t stride,
                                          size_t background_stride, void *buffer, void *background, hid_t properties) {
    (void)count, (void)stride, (void)background_stride, (void)buffer, (void)background, (void)properties;
    if (data->command != H5T_CONV_INIT) return 0;
    data->need_bkg = H5T_BKG_NO;
    return H5Tget_size(source) == H5Tget_size(target) ? 0 : -1;
}

// Once a process, before the first use of proclip_hdf5_references.
static inline herr_t proclip_hdf5_register_references(void) {
    hid_t text = H5Tcopy(H5T_C_S1), references = H5Tcreate(H5T_OPAQUE, 16);
    herr_t status = H5Tset_size(text, H5T_VARIABLE);
    if (status >= 0)
        status = H5Tregister(H5T_PERS_SOFT, "keep references", text, references, proclip_hdf5_keep_reference);
    H5Tclose(references);
    H5Tclose(text);
    return status;
}

// A memory type for the references of variable-length texts, each of `size` bytes; the caller closes it.
static inline hid_t proclip_hdf5_references(size_t size) { return H5Tcreate(H5T_OPAQUE, size); }

// What follows tries out, in a process of its own, whether the library survives a file.

static herr_t proclip_hdf5_try_attribute(hid_t object, const char *name, const H5A_info_t *info, void *context) {
    (void)info, (void)context;
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (attribute < 0) return 0;
    H5Tclose(H5Aget_type(attribute));
    H5Sclose(H5Aget_space(attribute));
    H5Aclose(attribute);
    return 0;
}

static void proclip_hdf5_try_chunks(hid_t dataset) {
    hid_t stored = H5Dget_type(dataset), space = H5Dget_space(dataset);
    int is_text = H5Tis_variable_str(stored) > 0;
    hid_t type = is_text ? proclip_hdf5_references(16) : stored;
    hssize_t count = H5Sget_simple_extent_npoints(space);
    size_t size = 0;
    if (count > 0 && !__builtin_mul_overflow((size_t)count, H5Tget_size(type), &size)) {
        void *values = malloc(size);
        if (values) H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
        free(values);
    }
    if (is_text) H5Tclose(type);
    H5Sclose(space);
    H5Tclose(stored);
}

// `context` tells whether the blocks of datasets have checksums.
static herr_t proclip_hdf5_try_object(hid_t file, const char *name, const H5O_info_t *info, void *context) {
    hid_t object = H5Oopen(file, name, H5P_DEFAULT);
    if (object < 0) return 0;
    hsize_t position = 0;
    H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &position, proclip_hdf5_try_attribute, NULL);
    if (info->type == H5O_TYPE_DATASET) {
        H5Tclose(H5Dget_type(object));
        H5Sclose(H5Dget_space(object));
        H5Pclose(H5Dget_create_plist(object));
        // Goes through the whole index of the chunks.
        H5Dget_storage_size(object);
        if (H5Dget_offset(object) == HADDR_UNDEF && !*(int *)context) proclip_hdf5_try_chunks(object);
    }
    H5Oclose(object);
    return 0;
}

// Seconds of computing that going through a file may take: references that lead in a circle have no end.
static inline rlim_t proclip_hdf5_patience(const char *path) {
    struct stat file = {0};
    stat(path, &file);
    return 20 + (rlim_t)(file.st_size / (20 << 20));
}

// Whether going through everything that describes a file's content crashes the library, or never ends: where it has no
// checksum it believes what it reads. Where no process can be made the answer is no.
static inline int proclip_hdf5_crashes(const char *path) {
    pid_t child = fork();
    if (child == 0) {
        struct rlimit none = {0, 0};
        setrlimit(RLIMIT_CORE, &none);
        for (int number = SIGILL; number <= SIGSEGV; number++)
            if (number != SIGKILL) signal(number, SIG_DFL);
        signal(SIGXCPU, SIG_DFL);
        struct rlimit patience;
        getrlimit(RLIMIT_CPU, &patience);
        rlim_t enough = proclip_hdf5_patience(path);
        if (patience.rlim_cur > enough) patience.rlim_cur = enough;
        setrlimit(RLIMIT_CPU, &patience);
        hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
        H5F_info2_t info = {0};
        if (file >= 0 && H5Fget_info2(file, &info) >= 0) {
            int has_checksums = info.super.version >= 2;
            H5Ovisit(file, H5_INDEX_NAME, H5_ITER_INC, proclip_hdf5_try_object, &has_checksums);
        }
        _exit(0);
    }
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    return child > 0 && WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL;
}
