public import Autodiff
public import Tensors
public import Testing

/// Compares every gradient of `operation` with central differences of `sum(output · seed)`, seed random.
///
/// Values are float32, the sums double: with a step of 1e-2 the differences are good to about 1e-3 of the largest
/// gradient, which catches a wrong formula, not a rounding.
public func checkGradient(
    _ name: String, _ inputs: [String: Tensor], step: Float = 1e-2, allowed: Float = 5e-3,
    at location: SourceLocation = #_sourceLocation, _ operation: ([String: Variable]) -> Variable
) {
    let tape = Tape()
    let output = operation(Dictionary(uniqueKeysWithValues: inputs.map { ($0, tape.leaf($1, path: $0)) }))
    var generator = RandomGenerator(seed: 7, stream: name)
    let seed = Tensor.normal(output.shape, using: &generator)
    let gradients = tape.gradients(of: output, seed: seed)
    let weights = seed.values.map(Double.init)
    for (key, input) in inputs.sorted(by: { $0.key < $1.key }) {
        let numeric = (0..<input.shape.count).map { index in
            let (up, down) = (objective(key, input, index, step), objective(key, input, index, -step))
            return Float((up - down) / (2 * Double(step)))
        }
        let largest = numeric.map(abs).max() ?? 0
        let found = (gradients[key] ?? .zeros(input.shape)).values
        for (index, (value, expected)) in zip(found, numeric).enumerated()
        where !(abs(value - expected) <= allowed * max(largest, 1e-3)) {
            Issue.record(
                "\(name): gradient of \(key)\(input.shape.position(of: index)) is \(value), differences give \(expected)",
                sourceLocation: location)
            break
        }
    }

    func objective(_ key: String, _ input: Tensor, _ index: Int, _ step: Float) -> Double {
        var values = input.values
        values[index] += step
        var moved = inputs.mapValues { Variable($0) }
        moved[key] = Variable(Tensor(values, shape: input.shape))
        return zip(operation(moved).value.values, weights).reduce(0) { $0 + Double($1.0) * $1.1 }
    }
}
