internal import Tensors

/// Random changes of training pictures: a crop of nearly the whole picture, resized back, a mirror image, and colours.
public struct ImageAugmentation: Codable, Equatable, Sendable {
    /// The least share of the area that a crop keeps, in (0, 1]; 1 crops nothing.
    public var minimumArea: Float
    /// The largest ratio of a crop's width to its height or the reverse, at least 1.
    public var maximumAspect: Float
    /// The chance of a mirror image. Text and flags do not survive one, so the default is none.
    public var flipChance: Float
    /// How far brightness and contrast stray from 1, and saturation up to as far above and twice as far below.
    public var jitter: Float

    public init(
        minimumArea: Float = 0.7, maximumAspect: Float = 4 / 3, flipChance: Float = 0, jitter: Float = 0
    ) {
        self.minimumArea = minimumArea
        self.maximumAspect = maximumAspect
        self.flipChance = flipChance
        self.jitter = jitter
    }

    /// A part of a picture, in shares of its sides, and whether it is mirrored.
    struct Crop {
        var (left, top, width, height): (Float, Float, Float, Float)
        var isMirrored: Bool
        static let whole = Crop(left: 0, top: 0, width: 1, height: 1, isMirrored: false)
    }

    /// Draws three numbers whatever the settings.
    func colours(using generator: inout RandomGenerator) -> ColourShift {
        func factor(_ low: Float, _ high: Float) -> Float { low + (high - low) * generator.uniform() }
        return ColourShift(
            brightness: factor(1 - jitter, 1 + jitter), contrast: factor(1 - jitter, 1 + jitter),
            saturation: factor(1 - 2 * jitter, 1 + jitter))
    }

    /// Draws five numbers whatever the settings, so that a picture's crop does not depend on the others' settings.
    func crop(using generator: inout RandomGenerator) -> Crop {
        let area = minimumArea + (1 - minimumArea) * generator.uniform()
        let tilt = generator.uniform() * 2 - 1
        let aspect = (1 + (maximumAspect - 1) * abs(tilt)).squareRoot()
        let side = area.squareRoot()
        let width = min(1, tilt < 0 ? side / aspect : side * aspect)
        let height = min(1, tilt < 0 ? side * aspect : side / aspect)
        return Crop(
            left: (1 - width) * generator.uniform(), top: (1 - height) * generator.uniform(), width: width,
            height: height,
            isMirrored: generator.uniform() < flipChance)
    }
}
