// Matrix products of bfloat16 with sums in float32. An operand is the sum of `parts` bfloat16 numbers a value: one part is
// bfloat16; three hold all 24 bits of a float32, and the six products of parts that count give a float32's product with
// its accuracy (Henry, Tang and Heinecke 2019, arXiv 1904.06376). AMX multiplies bfloat16 at sixteen times the rate of
// float32, so six products are still faster than one.
//
// Operands are packed as panels of 32 lines: [block of 32 along the inner dimension][part][2 tiles of 16 lines], a tile of
// the left operand as [line][inner], of the right one as [pair of neighbours along the inner dimension][line][2]. Zeros
// fill what lacks. A number below 2^-110 loses parts; infinity becomes NaN where there are several.
#include "dispatch.h"
#include "bits.h"

enum { LINES = BFLOAT_LINES, BLOCK = BFLOAT_BLOCK, TILE = 16 * BLOCK, PANEL = 2 * TILE };

static inline uint16_t rounded(float x) {
    uint16_t y;
    float_to_bfloat_portable(&x, &y, 1);
    return y;
}

static inline ptrdiff_t place(ptrdiff_t line, ptrdiff_t inner, int right) {
    ptrdiff_t tile = line / 16 * TILE;
    return tile + (right ? inner / 2 * 32 + line % 16 * 2 + inner % 2 : line % 16 * BLOCK + inner);
}

void bfloat_pack_portable(const float *x, ptrdiff_t line_step, ptrdiff_t inner_step, ptrdiff_t lines, ptrdiff_t inner,
                          float scale, int parts, int right, uint16_t *y) {
    for (ptrdiff_t start = 0; start < inner; start += BLOCK, y += parts * PANEL)
        for (ptrdiff_t line = 0; line < LINES; line++)
            for (ptrdiff_t k = 0; k < BLOCK; k++) {
                int is_inside = line < lines && start + k < inner;
                float rest = is_inside ? scale * x[line * line_step + (start + k) * inner_step] : 0;
                for (int part = 0; part < parts; part++) {
                    uint16_t bits = rounded(rest);
                    y[part * PANEL + place(line, k, right)] = bits;
                    rest -= float_of((uint32_t)bits << 16);
                }
            }
}

static float sum_of_products(const uint16_t *left, const uint16_t *right, ptrdiff_t row, ptrdiff_t column) {
    float sum = 0;
    for (ptrdiff_t k = 0; k < BLOCK; k++)
        sum += float_of((uint32_t)left[place(row, k, 0)] << 16) * float_of((uint32_t)right[place(column, k, 1)] << 16);
    return sum;
}

static void panel_portable(const uint16_t *left, const uint16_t *right, ptrdiff_t blocks, int parts, const float *rest,
                           ptrdiff_t rest_stride, float *c, ptrdiff_t c_stride, ptrdiff_t rows, ptrdiff_t columns) {
    for (ptrdiff_t row = 0; row < rows; row++)
        for (ptrdiff_t column = 0; column < columns; column++) {
            float total = 0;
            for (ptrdiff_t block = 0; block < blocks; block++)
                for (int i = 0; i < parts; i++)
                    for (int j = 0; i + j < parts; j++)
                        total += sum_of_products(left + (block * parts + i) * PANEL, right + (block * parts + j) * PANEL,
                                                 row, column);
            c[row * c_stride + column] = (rest ? rest[row * rest_stride + column] : 0) + total;
        }
}

// Every panel of one operand with every one of the other; `body` multiplies two of them. The outer panel stays in the
// first cache.
#define EACH_PANEL(body) \
    ptrdiff_t size = blocks * parts * PANEL, outer = outer_right ? columns : rows, inner = outer_right ? rows : columns; \
    for (ptrdiff_t i = 0; i < outer; i += LINES) \
        for (ptrdiff_t j = 0; j < inner; j += LINES) { \
            ptrdiff_t row = outer_right ? j : i, column = outer_right ? i : j; \
            body(left + row / LINES * size, right + column / LINES * size, blocks, parts, \
                 rest ? rest + row * rest_stride + column : rest, rest_stride, c + row * c_stride + column, c_stride, \
                 rows - row < LINES ? rows - row : LINES, columns - column < LINES ? columns - column : LINES); \
        }

void bfloat_product_portable(const uint16_t *left, const uint16_t *right, ptrdiff_t blocks, int parts, const float *rest,
                             ptrdiff_t rest_stride, float *c, ptrdiff_t c_stride, ptrdiff_t rows, ptrdiff_t columns,
                             int outer_right) {
    EACH_PANEL(panel_portable)
}

#if defined(__x86_64__) && defined(__linux__)
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "transpose.h"
#define BFLOAT __attribute__((target("arch=x86-64-v4,avx512bf16")))
#define BFLOAT_BODY static inline __attribute__((always_inline)) BFLOAT
#define AMX __attribute__((target("arch=x86-64-v4,avx512bf16,amx-tile,amx-bf16")))
#define AMX_BODY static inline __attribute__((always_inline)) AMX

static int packs_natively(void) { return kernel_level() == KERNEL_AVX512 && __builtin_cpu_supports("avx512bf16"); }

int bfloat_products_are_native(void) {
    // The system keeps the tiles of a process that has asked for them: ARCH_REQ_XCOMP_PERM of XTILEDATA.
    static atomic_int known = 0;
    if (known == 0) {
        int has = packs_natively() && __builtin_cpu_supports("amx-tile") && __builtin_cpu_supports("amx-bf16");
        known = has && syscall(SYS_arch_prctl, 0x1023, 18) == 0 ? 1 : 2;
    }
    return known == 1;
}

BFLOAT_BODY __m512 widened(__m256i x) {
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(x), 16));
}

// The next part of 32 numbers, the sixteen of `a` first; what it leaves stays in them.
BFLOAT_BODY __m512i part_of(__m512 *a, __m512 *b) {
    __m512i part = (__m512i)_mm512_cvtne2ps_pbh(*b, *a);
    *a = _mm512_sub_ps(*a, widened(_mm512_castsi512_si256(part)));
    *b = _mm512_sub_ps(*b, widened(_mm512_extracti64x4_epi64(part, 1)));
    return part;
}

// A block of 32 along the inner dimension of 16 lines: where it runs along the lines a vector is 16 pairs of one line,
// else one pair of 16 lines.
BFLOAT_BODY void pack_tile(const float *x, ptrdiff_t line_step, ptrdiff_t inner_step, ptrdiff_t lines, ptrdiff_t inner,
                           __m512 scale, const int parts, int right, uint16_t *y) {
    __m512i r[3][16];
    int is_along = inner_step == 1;
    const __m512i order = _mm512_add_epi16(
        _mm512_srli_epi32(_mm512_set_epi32(31, 29, 27, 25, 23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 3, 1), 1),
        _mm512_slli_epi32(_mm512_set_epi32(31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16), 16));
    for (int i = 0; i < 16; i++) {
        __m512 a, b;
        if (is_along) {
            ptrdiff_t count = i < lines ? inner : 0;
            const float *at = x + (i < lines ? i : 0) * line_step;
            a = _mm512_maskz_loadu_ps(first(count), at), b = _mm512_maskz_loadu_ps(first(count - 16), at + 16);
        } else {
            const float *at = x + 2 * i * inner_step;
            a = _mm512_maskz_loadu_ps(2 * i < inner ? first(lines) : 0, at);
            b = _mm512_maskz_loadu_ps(2 * i + 1 < inner ? first(lines) : 0, at + inner_step);
        }
        a = _mm512_mul_ps(a, scale), b = _mm512_mul_ps(b, scale);
#pragma clang loop unroll(full)
        for (int part = 0; part < parts; part++) {
            __m512i found = part_of(&a, &b);
            r[part][i] = is_along ? found : _mm512_permutexvar_epi16(order, found);
        }
    }
#pragma clang loop unroll(full)
    for (int part = 0; part < parts; part++) {
        if (is_along == right) transpose(r[part]);
        for (int i = 0; i < 16; i++) _mm512_storeu_si512(y + part * PANEL + 32 * i, r[part][i]);
    }
}

BFLOAT static void pack_native(const float *x, ptrdiff_t line_step, ptrdiff_t inner_step, ptrdiff_t lines, ptrdiff_t inner,
                               float scale, int parts, int right, uint16_t *y) {
    __m512 factor = _mm512_set1_ps(scale);
    for (ptrdiff_t start = 0; start < inner; start += BLOCK, y += parts * PANEL)
        for (int tile = 0; tile < 2; tile++) {
            const float *at = x + start * inner_step + 16 * tile * line_step;
            ptrdiff_t some = lines - 16 * tile < 0 ? 0 : lines - 16 * tile, length = inner - start;
            uint16_t *to = y + tile * TILE;
            switch (parts) {
            case 1: pack_tile(at, line_step, inner_step, some, length, factor, 1, right, to); break;
            case 2: pack_tile(at, line_step, inner_step, some, length, factor, 2, right, to); break;
            default: pack_tile(at, line_step, inner_step, some, length, factor, 3, right, to);
            }
        }
}

// Tiles 0 to 3 are sums, 4 and 5 of the left operand, 6 and 7 of the right one.
AMX_BODY void load_left(const uint16_t *at, const int tall) {
    _tile_loadd(4, at, 64);
    if (tall) _tile_loadd(5, at + TILE, 64);
}

AMX_BODY void load_right(const uint16_t *at, const int wide) {
    _tile_loadd(6, at, 64);
    if (wide) _tile_loadd(7, at + TILE, 64);
}

AMX_BODY void multiply(const int tall, const int wide) {
    _tile_dpbf16ps(0, 4, 6);
    if (wide) _tile_dpbf16ps(1, 4, 7);
    if (tall) _tile_dpbf16ps(2, 5, 6);
    if (tall && wide) _tile_dpbf16ps(3, 5, 7);
}

// The sums of a panel of either operand from zero on, 32 by 32. Constants at each use: a second tile of rows or columns,
// the parts. Between two products of parts one operand's tiles stay: seven pairs of loads for six products.
AMX_BODY void panel_tiles(const int tall, const int wide, const int parts, const uint16_t *left, const uint16_t *right,
                          ptrdiff_t blocks, float *sums) {
    _tile_zero(0), _tile_zero(1), _tile_zero(2), _tile_zero(3);
    for (ptrdiff_t block = 0; block < blocks; block++, left += parts * PANEL, right += parts * PANEL) {
        load_left(left, tall), load_right(right + (parts - 1) * PANEL, wide), multiply(tall, wide);
        if (parts == 1) continue;
        if (parts == 3) load_right(right + PANEL, wide), multiply(tall, wide);
        load_left(left + PANEL, tall);
        if (parts == 3) multiply(tall, wide);
        load_right(right, wide), multiply(tall, wide);
        if (parts == 3) load_left(left + 2 * PANEL, tall), multiply(tall, wide);
        load_left(left, tall), multiply(tall, wide);
    }
    _tile_stored(0, sums, 4 * LINES);
    if (wide) _tile_stored(1, sums + 16, 4 * LINES);
    if (tall) _tile_stored(2, sums + 16 * LINES, 4 * LINES);
    if (tall && wide) _tile_stored(3, sums + 16 * LINES + 16, 4 * LINES);
}

AMX_BODY void panel_parts(const int parts, const uint16_t *left, const uint16_t *right, ptrdiff_t blocks, ptrdiff_t rows,
                          ptrdiff_t columns, float *sums) {
    if (rows > 16 && columns > 16) panel_tiles(1, 1, parts, left, right, blocks, sums);
    else if (rows > 16) panel_tiles(1, 0, parts, left, right, blocks, sums);
    else if (columns > 16) panel_tiles(0, 1, parts, left, right, blocks, sums);
    else panel_tiles(0, 0, parts, left, right, blocks, sums);
}

// Sums of a stretch of the inner dimension begin at zero and are added as a whole: that keeps chains of roundings short. The
// rows of `c` lie far apart, where no stream is seen ahead: they are asked for before the tiles are multiplied.
AMX_BODY void panel_native(const uint16_t *left, const uint16_t *right, ptrdiff_t blocks, int parts, const float *rest,
                           ptrdiff_t rest_stride, float *c, ptrdiff_t c_stride, ptrdiff_t rows, ptrdiff_t columns) {
    float sums[LINES * LINES] __attribute__((aligned(64)));
    for (ptrdiff_t row = 0; row < rows; row++)
        for (ptrdiff_t column = 0; column < columns; column += 16) __builtin_prefetch(c + row * c_stride + column, 1, 2);
    switch (parts) {
    case 1: panel_parts(1, left, right, blocks, rows, columns, sums); break;
    case 2: panel_parts(2, left, right, blocks, rows, columns, sums); break;
    default: panel_parts(3, left, right, blocks, rows, columns, sums);
    }
    __mmask16 masks[2] = {first(columns), first(columns - 16)};
    for (ptrdiff_t row = 0; row < rows; row++)
        for (int half = 0; half < 2; half++) {
            __m512 sum = _mm512_load_ps(sums + row * LINES + 16 * half);
            if (rest) sum = _mm512_add_ps(sum, _mm512_maskz_loadu_ps(masks[half], rest + row * rest_stride + 16 * half));
            _mm512_mask_storeu_ps(c + row * c_stride + 16 * half, masks[half], sum);
        }
}

AMX static void product_native(const uint16_t *left, const uint16_t *right, ptrdiff_t blocks, int parts,
                               const float *rest, ptrdiff_t rest_stride, float *c, ptrdiff_t c_stride, ptrdiff_t rows,
                               ptrdiff_t columns, int outer_right) {
    // Palette 1: eight tiles of 16 rows of 64 bytes.
    struct { uint8_t palette, start, none[14]; uint16_t bytes[16]; uint8_t rows[16]; } shape = {.palette = 1};
    for (int tile = 0; tile < 8; tile++) shape.bytes[tile] = 64, shape.rows[tile] = 16;
    _tile_loadconfig(&shape);
    EACH_PANEL(panel_native)
    _tile_release();
}
#else
static int packs_natively(void) { return 0; }
int bfloat_products_are_native(void) { return 0; }
#define pack_native bfloat_pack_portable
#define product_native bfloat_product_portable
#endif

void bfloat_pack(const float *x, ptrdiff_t line_step, ptrdiff_t inner_step, ptrdiff_t lines, ptrdiff_t inner, float scale,
                 int parts, int right, uint16_t *y) {
    (packs_natively() ? pack_native : bfloat_pack_portable)(x, line_step, inner_step, lines, inner, scale, parts, right, y);
}

void bfloat_product(const uint16_t *left, const uint16_t *right, ptrdiff_t blocks, int parts, const float *rest,
                    ptrdiff_t rest_stride, float *c, ptrdiff_t c_stride, ptrdiff_t rows, ptrdiff_t columns,
                    int outer_right) {
    (bfloat_products_are_native() ? product_native : bfloat_product_portable)(
        left, right, blocks, parts, rest, rest_stride, c, c_stride, rows, columns, outer_right);
}
