internal import Inputs

/// What configurations in files from before it existed lack is read as its default. The decoding that the compiler writes
/// for a configuration calls these.
extension KeyedDecodingContainer {
    func decode(_ type: VisionTransformer.Style.Type, forKey key: Key) throws -> VisionTransformer.Style {
        try decodeIfPresent(type, forKey: key) ?? VisionTransformer.Style()
    }

    func decode(_ type: CLIPTextTransformer.Style.Type, forKey key: Key) throws -> CLIPTextTransformer.Style {
        try decodeIfPresent(type, forKey: key) ?? CLIPTextTransformer.Style()
    }

    func decode(_ type: PictureFitting.Type, forKey key: Key) throws -> PictureFitting {
        try decodeIfPresent(type, forKey: key) ?? .whiteSquare
    }
}
