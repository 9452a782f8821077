import Foundation
import Tensors
import Testing

@Suite struct RandomGeneratorTests {
    @Test func stateIsAValue() throws {
        var generator = RandomGenerator(seed: 42)
        _ = (0..<100).map { _ in generator.next() }
        var resumed = try JSONDecoder().decode(RandomGenerator.self, from: JSONEncoder().encode(generator))
        #expect((0..<100).map { _ in resumed.next() } == (0..<100).map { _ in generator.next() })
    }

    @Test func streamsDiffer() {
        var (a, b) = (RandomGenerator(seed: 1, stream: "image/a"), RandomGenerator(seed: 1, stream: "image/b"))
        #expect(a.next() != b.next())
    }

    @Test func normalHasMeanZeroAndDeviationOne() {
        var generator = RandomGenerator(seed: 5)
        let tensor = Tensor.normal([100_000], using: &generator)
        let mean = tensor.total() / 100_000
        #expect(abs(mean) < 0.015)
        #expect(abs(tensor.dot(tensor) / 100_000 - 1) < 0.02)
    }
}
