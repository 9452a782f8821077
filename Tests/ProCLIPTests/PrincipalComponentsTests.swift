import ProCLIP
import Tensors
import Testing

@Suite struct PrincipalComponentsTests {
    /// Points along (3, 4)/5 with a little across it.
    @Test func findsTheDirectionOfMostVariance() throws {
        let along: [Float] = [-2, -1, 0, 1, 2]
        let across: [Float] = [0.1, -0.1, 0, -0.1, 0.1]
        let values = zip(along, across).flatMap { [7 + 0.6 * $0 - 0.8 * $1, 0.8 * $0 + 0.6 * $1] }
        let x = Tensor(values, shape: [5, 2])
        let components = try PrincipalComponents(of: x)
        let coordinates = components.coordinates(of: x)
        #expect(zip(coordinates[0], along).allSatisfy { abs($0 - Double($1)) < 1e-5 })
        #expect(zip(coordinates[1], across).allSatisfy { abs(abs($0) - Double(abs($1))) < 1e-5 })
        #expect(abs(components.shares[0] - 10 / 10.04) < 1e-6)
        #expect(abs(components.shares.reduce(0, +) - 1) < 1e-6)
    }

    @Test func refusesWhatDoesNotVary() {
        #expect(throws: EvaluationError.self) {
            try PrincipalComponents(of: Tensor([1, 2, 1, 2], shape: [2, 2]))
        }
    }
}
