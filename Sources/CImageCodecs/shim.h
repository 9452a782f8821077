// libpng, libdeflate, libjpeg-turbo and libwebp: picture decoding. Imported by Inputs only.
#pragma once
#include <libdeflate.h>
#include <png.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <turbojpeg.h>
#include <webp/decode.h>
#include <webp/demux.h>

// A PNG that is being read. libpng leaves an error by a long jump, which must not cross Swift: these functions catch it,
// return 0 and leave its words in `message`.
typedef struct {
    png_structp png;
    png_infop info;
    const uint8_t *bytes;
    size_t left;
    uint32_t width, height;
    uint8_t depth, colours;
    // Of a row as it is handed out.
    size_t row_bytes;
    char message[128];
} proclip_png;

static void proclip_png_fail(png_structp png, const char *message) {
    proclip_png *self = png_get_error_ptr(png);
    snprintf(self->message, sizeof self->message, "%s", message);
    png_longjmp(png, 1);
}

static void proclip_png_ignore(png_structp png, const char *message) {
    (void)png;
    (void)message;
}

static void proclip_png_take(png_structp png, png_bytep target, size_t count) {
    proclip_png *self = png_get_io_ptr(png);
    if (count > self->left) png_error(png, "the file ends too early");
    memcpy(target, self->bytes, count);
    self->bytes += count;
    self->left -= count;
}

// Reads everything before the pixels. `self` must stay where it is until `proclip_png_close`. Where `is_checked`, checksums
// are not compared.
static inline int proclip_png_open(proclip_png *self, const uint8_t *bytes, size_t count, int is_checked) {
    memset(self, 0, sizeof *self);
    self->bytes = bytes;
    self->left = count;
    self->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, self, proclip_png_fail, proclip_png_ignore);
    self->info = self->png ? png_create_info_struct(self->png) : NULL;
    if (!self->info) return 0;
    if (setjmp(png_jmpbuf(self->png))) return 0;
    png_set_read_fn(self->png, self, proclip_png_take);
    if (is_checked) {
        png_set_crc_action(self->png, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
        png_set_option(self->png, PNG_IGNORE_ADLER32, PNG_OPTION_ON);
    }
    png_read_info(self->png, self->info);
    self->width = png_get_image_width(self->png, self->info);
    self->height = png_get_image_height(self->png, self->info);
    self->depth = png_get_bit_depth(self->png, self->info);
    self->colours = png_get_color_type(self->png, self->info);
    return 1;
}

// Chooses the samples: 8 bits, RGB or with transparency RGBA, of 16 bits the upper ones; 16-bit grey without alpha stays
// as it is, two bytes a pixel, the upper one first. Gamma and profiles are not applied.
static inline int proclip_png_start(proclip_png *self) {
    if (setjmp(png_jmpbuf(self->png))) return 0;
    if (self->depth == 16 && self->colours == PNG_COLOR_TYPE_GRAY) {
        png_set_interlace_handling(self->png);
    } else {
        png_set_expand(self->png);
        png_set_strip_16(self->png);
        png_set_gray_to_rgb(self->png);
        png_set_interlace_handling(self->png);
    }
    png_read_update_info(self->png, self->info);
    self->row_bytes = png_get_rowbytes(self->png, self->info);
    return 1;
}

// All rows, the ends of the file included, into `row_bytes` x `height` bytes.
static inline int proclip_png_read(proclip_png *self, uint8_t *samples) {
    if (setjmp(png_jmpbuf(self->png))) return 0;
    int passes = png_get_interlace_type(self->png, self->info) == PNG_INTERLACE_NONE ? 1 : PNG_INTERLACE_ADAM7_PASSES;
    for (int pass = 0; pass < passes; pass++) {
        for (uint32_t row = 0; row < self->height; row++) {
            png_read_row(self->png, samples + row * self->row_bytes, NULL);
        }
    }
    png_read_end(self->png, NULL);
    return 1;
}

static inline void proclip_png_close(proclip_png *self) {
    png_destroy_read_struct(&self->png, &self->info, NULL);
}
