public import Autodiff
public import Tensors
public import Testing

/// How far a value may lie from its reference: `relative · max(|reference|, floor)`.
///
/// The floor is a share of the reference's root mean square, so that elements near zero are held to the scale of
/// their tensor and not to their own.
public struct Tolerance: Sendable {
    public let relative: Float
    public let floor: Float

    public init(relative: Float, floor: Float = 1) {
        self.relative = relative
        self.floor = floor
    }

    public static let tight = Tolerance(relative: 1e-5)
}

/// Fails unless every element of `found` is near `reference`; names the tensor and its worst element.
public func expectClose(
    _ found: Tensor, _ reference: Tensor, _ name: String, _ tolerance: Tolerance = .tight,
    at location: SourceLocation = #_sourceLocation
) {
    guard found.shape == reference.shape else {
        Issue.record("\(name): shape \(found.shape), the reference has \(reference.shape)", sourceLocation: location)
        return
    }
    let (values, references) = (found.values, reference.values)
    let squares = references.reduce(0.0) { $0 + Double($1) * Double($1) }
    let scale = Float((squares / Double(max(1, references.count))).squareRoot()) * tolerance.floor + 1e-12
    var worst = (index: 0, excess: Float(0))
    for (index, (value, reference)) in zip(values, references).enumerated() {
        let excess = abs(value - reference) / max(abs(reference), scale)
        // A NaN compares false, and must fail.
        if !(excess <= worst.excess) { worst = (index, excess) }
        if excess.isNaN { break }
    }
    guard !(worst.excess <= tolerance.relative) else { return }
    Issue.record(
        """
        \(name): element \(reference.shape.position(of: worst.index)) is \(values[worst.index]), the reference has \
        \(references[worst.index]); relative difference \(worst.excess), allowed \(tolerance.relative)
        """, sourceLocation: location)
}

/// Runs `operation` on a case of a fixture and compares the output and the gradient of every input.
///
/// The case holds `inputs/*`, `output`, `seed` (the gradient fed to the output) and `gradients/*`.
public func expectParity(
    _ fixture: Fixture, _ name: String, _ tolerance: Tolerance = .tight, at location: SourceLocation = #_sourceLocation,
    _ operation: ([String: Variable]) throws -> Variable
) throws {
    let reference = Fixture(tensors: fixture.group(name))
    let inputs = reference.group("inputs")
    #expect(!inputs.isEmpty, "the fixture has no case \(name)", sourceLocation: location)
    let tape = Tape()
    let leaves = Dictionary(uniqueKeysWithValues: inputs.map { ($0, tape.leaf($1, path: $0)) })
    let output = try operation(leaves)
    expectClose(output.value, try reference.tensor("output"), "\(name) output", tolerance, at: location)
    let gradients = tape.gradients(of: output, seed: try reference.tensor("seed"))
    for (key, expected) in reference.group("gradients").sorted(by: { $0.key < $1.key }) {
        let found = gradients[key] ?? .zeros(expected.shape)
        expectClose(found, expected, "\(name) gradient of \(key)", tolerance, at: location)
    }
    // One forward serves both: without a tape the same value comes out, bit for bit.
    let bare = try operation(inputs.mapValues { Variable($0) })
    #expect(bare.value.values == output.value.values, "\(name) differs without a tape", sourceLocation: location)
}

extension Fixture {
    init(tensors: [String: Tensor]) { self.tensors = tensors }
}

extension Shape {
    /// The index on every axis of the element at a flat offset.
    func position(of offset: Int) -> [Int] {
        var rest = offset
        let reversed = dimensions.reversed().map { extent in
            defer { rest /= max(1, extent) }
            return rest % max(1, extent)
        }
        return reversed.reversed()
    }
}
