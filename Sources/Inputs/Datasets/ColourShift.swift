/// A change of a picture's colours: all samples are scaled, then drawn away from the mean of the picture, then away from
/// the grey of their pixel; 1 changes nothing.
struct ColourShift: Equatable {
    var brightness: Float
    var contrast: Float
    var saturation: Float

    /// Changes samples in 0...1, `[3, area]`, in place; results stay in 0...1.
    func apply(to samples: UnsafeMutablePointer<Float>, area: Int) {
        var sum: Float = 0
        for index in 0..<3 * area { sum += samples[index] }
        let scale = brightness * contrast
        let offset = brightness * (1 - contrast) * sum / Float(3 * area)
        for pixel in 0..<area {
            var colour = SIMD3(samples[pixel], samples[area + pixel], samples[2 * area + pixel]) * scale + offset
            let grey = colour.sum() / 3
            colour = (colour * saturation + grey * (1 - saturation)).clamped(lowerBound: .zero, upperBound: .one)
            samples[pixel] = colour.x
            samples[area + pixel] = colour.y
            samples[2 * area + pixel] = colour.z
        }
    }
}
