internal import CImageCodecs

extension Picture {
    static func decodeWebP(_ bytes: [UInt8], _ name: String) throws -> Picture {
        let failure = PictureError.unreadable(name, reason: "WebP: it is damaged or cut short")
        var features = WebPBitstreamFeatures()
        guard WebPGetFeatures(bytes, bytes.count, &features) == VP8_STATUS_OK else { throw failure }
        let (width, height) = (Int(features.width), Int(features.height))
        try checkSize(width, height, name)
        return try bytes.withUnsafeBufferPointer { buffer in
            var data = WebPData(bytes: buffer.baseAddress, size: buffer.count)
            var options = WebPAnimDecoderOptions()
            guard WebPAnimDecoderOptionsInit(&options) != 0, let decoder = WebPAnimDecoderNew(&data, &options) else {
                throw failure
            }
            defer { WebPAnimDecoderDelete(decoder) }
            var (pixels, time): (UnsafeMutablePointer<UInt8>?, Int32) = (nil, 0)
            guard WebPAnimDecoderGetNext(decoder, &pixels, &time) != 0, let pixels else { throw failure }
            let canvas = Picture(
                width: width, height: height, channels: 4,
                samples: Array(UnsafeBufferPointer(start: pixels, count: width * height * 4)))
            var picture = features.has_alpha != 0 ? canvas : canvas.withoutAlpha()
            picture.orientation = EXIFOrientation.ofWebP(bytes)
            return picture
        }
    }
}
