internal import CGlyphs

/// Colour bitmaps of emoji from a CBDT font such as Noto Color Emoji: HarfBuzz shapes a sequence of code points to its
/// glyph, FreeType loads the glyph's bitmap (136x128 in Noto).
public final class EmojiFont {
    private let path: String
    private let library: FT_Library
    private let face: FT_Face
    private let shaper: OpaquePointer

    /// Opens a font file with colour bitmaps. Throws `PictureError.unreadableFont`.
    public init(path: String) throws {
        self.path = path
        var library: FT_Library?
        guard FT_Init_FreeType(&library) == 0, let library else {
            throw PictureError.unreadableFont(path, reason: "FreeType cannot start")
        }
        var face: FT_Face?
        guard FT_New_Face(library, path, 0, &face) == 0, let face else {
            FT_Done_FreeType(library)
            throw PictureError.unreadableFont(path, reason: "it is missing or no font")
        }
        guard face.pointee.num_fixed_sizes > 0, FT_Select_Size(face, 0) == 0,
            let shaper = hb_ft_font_create_referenced(face)
        else {
            FT_Done_Face(face)
            FT_Done_FreeType(library)
            throw PictureError.unreadableFont(path, reason: "it holds no colour bitmaps")
        }
        self.library = library
        self.face = face
        self.shaper = shaper
    }

    deinit {
        hb_font_destroy(shaper)
        FT_Done_Face(face)
        FT_Done_FreeType(library)
    }

    /// The glyph that stands for the whole sequence of code points; nil where the font has none of its own for it.
    public func glyph(of codePoints: [UInt32]) -> Int? {
        let buffer = hb_buffer_create()
        defer { hb_buffer_destroy(buffer) }
        hb_buffer_add_utf32(buffer, codePoints, Int32(codePoints.count), 0, Int32(codePoints.count))
        hb_buffer_guess_segment_properties(buffer)
        hb_shape(shaper, buffer, nil, 0)
        var count: UInt32 = 0
        guard let glyphs = hb_buffer_get_glyph_infos(buffer, &count), count == 1, glyphs[0].codepoint != 0 else {
            return nil
        }
        return Int(glyphs[0].codepoint)
    }

    /// The glyph's colour bitmap over white: RGB.
    public func picture(ofGlyph glyph: Int) throws -> Picture {
        let loadColor = FT_Int32(1 << 20)
        guard FT_Load_Glyph(face, FT_UInt(glyph), loadColor) == 0 else {
            throw PictureError.unreadableFont(path, reason: "glyph \(glyph) cannot be loaded")
        }
        let bitmap = face.pointee.glyph.pointee.bitmap
        let (width, height) = (Int(bitmap.width), Int(bitmap.rows))
        guard UInt32(bitmap.pixel_mode) == FT_PIXEL_MODE_BGRA.rawValue, width > 0, height > 0,
            let source = bitmap.buffer
        else {
            throw PictureError.unreadableFont(path, reason: "glyph \(glyph) is no colour bitmap")
        }
        var samples: [UInt8] = []
        samples.reserveCapacity(width * height * 3)
        for row in 0..<height {
            for column in 0..<width {
                // Premultiplied blue, green, red, alpha: over white, the white that is left is 255 - alpha.
                let pixel = source + row * Int(bitmap.pitch) + column * 4
                let white = 255 - Int(pixel[3])
                for channel in [2, 1, 0] { samples.append(UInt8(min(255, Int(pixel[channel]) + white))) }
            }
        }
        return Picture(width: width, height: height, channels: 3, samples: samples)
    }
}
