internal import Archive
internal import Foundation
public import Inputs

/// How the pictures of a published image tower are prepared, and where that is written.
public struct PicturePreprocessing: Equatable, Sendable {
    /// The side of the squares that come out.
    public var size: Int
    public var fitting: PictureFitting
    public var mean: [Float]
    public var deviation: [Float]
    /// Such as "preprocessor_config.json".
    public var source: String

    /// The known ways of preparing pictures by the names that users write.
    public static let names = ["openai", "imagenet", "siglip"]

    /// - `size`: of the tower's pictures.
    public static func named(_ name: String, size: Int) -> PicturePreprocessing? {
        let (imagenetMean, imagenetDeviation): ([Float], [Float]) = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
        let half = [Float](repeating: 0.5, count: 3)
        return switch name {
        case "openai":
            PicturePreprocessing(
                size: size, fitting: PictureFitting(.shortestSide), mean: PairDataset.clipMean,
                deviation: PairDataset.clipDeviation, source: "preprocess=openai")
        case "imagenet":
            PicturePreprocessing(
                size: size, fitting: PictureFitting(.shortestSide, resizedSide: size * 8 / 7), mean: imagenetMean,
                deviation: imagenetDeviation, source: "preprocess=imagenet")
        case "siglip":
            PicturePreprocessing(
                size: size, fitting: PictureFitting(.squash), mean: half, deviation: half, source: "preprocess=siglip")
        default: nil
        }
    }

    /// In words, for who loads the model.
    public var description: String { "pictures: \(text { String(format: "%g", $0) }) (\(source))" }

    /// The same without the source, to the last digit: what features depend on besides the tower's parameters.
    public var content: String { text { "\($0)" } }

    private func text(_ number: (Float) -> String) -> String {
        func list(_ values: [Float]) -> String { values.map(number).joined(separator: " ") }
        return "\(fitting.description(side: size)); mean \(list(mean)), deviation \(list(deviation))"
    }
}

extension VisionTransformer.Configuration {
    /// How the tower's pictures are prepared.
    public func preprocessing(source: String) -> PicturePreprocessing {
        PicturePreprocessing(size: imageSize, fitting: fitting, mean: mean, deviation: deviation, source: source)
    }
}

extension PicturePreprocessing {
    /// Of a Hugging Face folder: `preprocessor_config.json`, or the part of `processor_config.json`; nil without them.
    /// Throws `ArchiveError` for what is not done here.
    static func huggingFace(folder: String) throws -> PicturePreprocessing? {
        for name in ["preprocessor_config.json", "processor_config.json"] {
            let path = folder + "/" + name
            guard FileManager.default.fileExists(atPath: path) else { continue }
            return try huggingFace(file: path)
        }
        return nil
    }

    /// Of one file in the form of `preprocessor_config.json`.
    public static func huggingFace(file path: String) throws -> PicturePreprocessing {
        let tree = try JSONFile.read(JSONTree.self, path, expected: "a preprocessor_config.json")
        let content = HuggingFaceProcessor(tree: tree["image_processor"] ?? tree, path: path)
        return try content.preprocessing()
    }
}

/// The keys of a `preprocessor_config.json`.
private struct HuggingFaceProcessor {
    let tree: JSONTree
    let path: String

    private func unsupported(_ reason: String) -> ArchiveError { .unreadable(path, reason: reason) }

    private func flag(_ key: String, default value: Bool) -> Bool { tree[key]?.boolean ?? value }

    private func numbers(_ key: String) throws -> [Float] {
        let values = tree[key]?.array?.compactMap { $0.number.map { Float($0) } } ?? []
        guard values.count == 3 else { throw unsupported("it lacks three numbers \(key)") }
        return values
    }

    /// `224`, `{"shortest_edge": 224}` or `{"height": 224, "width": 224}`
    private func side(_ key: String, _ names: [String]) -> Int? {
        let sides = tree[key]?.integer.map { [$0] } ?? names.compactMap { tree[key]?[$0]?.integer }
        guard let side = sides.first, sides.allSatisfy({ $0 == side }), (1...10_000).contains(side) else { return nil }
        return side
    }

    func preprocessing() throws -> PicturePreprocessing {
        guard flag("do_resize", default: true) else { throw unsupported("it does not resize pictures") }
        let factor = tree["rescale_factor"]?.number ?? 1 / 255
        guard flag("do_rescale", default: true), abs(factor * 255 - 1) < 1e-6 else {
            throw unsupported("it does not scale samples by 1/255")
        }
        let normalizes = flag("do_normalize", default: true)
        let mean = normalizes ? try numbers("image_mean") : [0, 0, 0]
        let deviation = normalizes ? try numbers("image_std") : [1, 1, 1]
        let interpolation = try interpolation()
        let source = (path as NSString).lastPathComponent
        if let shortest = side("size", ["shortest_edge"]) {
            guard flag("do_center_crop", default: true), let crop = side("crop_size", ["height", "width"]) else {
                throw unsupported("its pictures are no squares")
            }
            let fitting = PictureFitting(
                .shortestSide, interpolation, rounding: .down, resizedSide: shortest == crop ? nil : shortest)
            return PicturePreprocessing(
                size: crop, fitting: fitting, mean: mean, deviation: deviation, source: source)
        }
        guard let size = try side("size", ["height", "width"]) ?? sideOfPatches() else {
            throw unsupported("its size is no square")
        }
        if flag("do_center_crop", default: false), side("crop_size", ["height", "width"]) != size {
            throw unsupported("it resizes to a square and cuts another out")
        }
        return PicturePreprocessing(
            size: size, fitting: PictureFitting(.squash, interpolation), mean: mean, deviation: deviation,
            source: source)
    }

    /// Of a processor for any ratio, the square that it makes of one.
    private func sideOfPatches() throws -> Int? {
        guard let patches = tree["max_num_patches"]?.integer, let patch = side("patch_size", []) else { return nil }
        let grid = Int(Double(max(0, patches)).squareRoot().rounded())
        guard grid <= 1000, grid * grid == patches else { throw unsupported("its \(patches) patches make no square") }
        return grid * patch
    }

    /// Pillow's numbers of its kernels.
    private func interpolation() throws -> Interpolation {
        switch tree["resample"]?.integer ?? 3 {
        case 1: return .lanczos
        case 2: return .bilinear
        case 3: return .bicubic
        default: throw unsupported("its resampling is none of lanczos, bilinear, bicubic")
        }
    }
}

/// The keys of a timm folder's `pretrained_cfg`.
struct TimmPreprocessing: Decodable {
    let input_size: [Int]?
    let mean: [Float]?
    let std: [Float]?
    let interpolation: String?
    let crop_pct: Double?
    let crop_mode: String?

    /// Throws `ArchiveError` for what is not done here.
    func preprocessing(_ path: String) throws -> PicturePreprocessing {
        guard let size = input_size, size.count == 3, size[0] == 3, size[1] == size[2], (1...10_000).contains(size[1]),
            let mean, let std, mean.count == 3, std.count == 3
        else { throw ArchiveError.unreadable(path, reason: "its pretrained_cfg lacks input_size, mean or std") }
        let share = crop_pct ?? 1
        guard crop_mode ?? "center" == "center", share > 0.1, share <= 1,
            let interpolation = Interpolation(rawValue: interpolation ?? "bicubic")
        else { throw ArchiveError.unreadable(path, reason: "its pictures are not cut and resized as known here") }
        let resized = Int(Double(size[1]) / share)
        return PicturePreprocessing(
            size: size[1],
            fitting: PictureFitting(
                .shortestSide, interpolation, resizedSide: resized == size[1] ? nil : resized),
            mean: mean, deviation: std, source: (path as NSString).lastPathComponent)
    }
}
