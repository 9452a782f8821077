/// A small picture in a reply.
public struct Thumbnail: Sendable, Hashable {
    public var caption: String
    /// Where the picture itself is; nil for one that has no file.
    public var path: String?
    public var width: Int
    public var height: Int
    /// RGB, row-major: `width` x `height` x 3
    public var samples: [UInt8]
    /// The same as a JPEG file.
    public var jpeg: [UInt8]

    public init(caption: String, path: String?, width: Int, height: Int, samples: [UInt8], jpeg: [UInt8]) {
        self.caption = caption
        self.path = path
        self.width = width
        self.height = height
        self.samples = samples
        self.jpeg = jpeg
    }
}
