// FreeType and HarfBuzz: emoji sequences to colour bitmaps. Imported by Inputs only.
#pragma once
#include <ft2build.h>
#include FT_FREETYPE_H
#include <hb-ft.h>
#include <hb.h>
