import ProCLIP
import Tensors
import Testing

@Suite struct PrincipalComponentsTests {
    /// Points along (3, 4)/5 with a little across it.
    @Test func findsTheDirectionOfMostVariance() throws {
        let along: [Float] = [-2, -1, 0, 1, 2]
        let across: [Float] = [0.1, -0.1, 0, -0.1, 0.1]
        let values = zip(along, across).flatMap { (a: Float, b: Float) -> [Float] in
            let (x, y): (Float, Float) = (0.6 * a - 0.8 * b, 0.8 * a + 0.6 * b)
            return [x + 7, y]
        }
        let x = Tensor(values, shape: [5, 2])
        let components = try PrincipalComponents(of: x)
        let coordinates = components.coordinates(of: x)
        for index in 0..<5 {
            #expect(abs(coordinates[0][index] - Double(along[index])) < 1e-5)
            #expect(abs(abs(coordinates[1][index]) - Double(abs(across[index]))) < 1e-5)
        }
        #expect(abs(components.shares[0] - 10 / 10.04) < 1e-6)
        #expect(abs(components.shares.reduce(0, +) - 1) < 1e-6)
    }

    @Test func refusesWhatDoesNotVary() {
        #expect(throws: EvaluationError.self) {
            try PrincipalComponents(of: Tensor([1, 2, 1, 2], shape: [2, 2]))
        }
    }
}
