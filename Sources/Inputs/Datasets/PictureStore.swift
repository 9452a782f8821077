internal import Tensors

/// The pictures of a dataset by number, wherever they lie.
protocol PictureStore: Sendable {
    /// Height and width in pixels, where every picture has the same; nil where each has its own.
    var size: (height: Int, width: Int)? { get }
    /// Throws `PictureError` or `ArchiveError` where a picture can no longer be read.
    func picture(_ index: Int) throws -> Picture
    /// A picture as a file, and how its name ends. Throws the same.
    func encoded(_ index: Int) throws -> (bytes: [UInt8], ending: String)
}

/// Pictures of one size, decoded, in a mapped file: `[count, height, width, 3]`.
struct MappedPictures: PictureStore, @unchecked Sendable {
    let images: Storage
    let (height, width): (Int, Int)

    var size: (height: Int, width: Int)? { (height, width) }

    /// The samples of a picture, for as long as the storage is held.
    func samples(_ index: Int) -> UnsafePointer<UInt8> {
        UnsafePointer(images.bytes.assumingMemoryBound(to: UInt8.self)) + index * height * width * 3
    }

    func picture(_ index: Int) -> Picture {
        let samples = withExtendedLifetime(images) {
            Array(UnsafeBufferPointer(start: self.samples(index), count: height * width * 3))
        }
        return Picture(width: width, height: height, channels: 3, samples: samples)
    }

    func encoded(_ index: Int) throws -> (bytes: [UInt8], ending: String) { (try picture(index).png(), "png") }
}

/// Pictures as they came, each decoded whenever it is asked for.
struct EncodedPictures: PictureStore {
    let sources: [PictureSource]

    var size: (height: Int, width: Int)? { nil }

    func picture(_ index: Int) throws -> Picture { try sources[index].picture() }

    func encoded(_ index: Int) throws -> (bytes: [UInt8], ending: String) {
        (try sources[index].bytes(), sources[index].ending)
    }
}
