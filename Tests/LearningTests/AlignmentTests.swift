import Autodiff
import Learning
import Tensors
import TestSupport
import Testing

/// Values and gradients of L_ins and L_struct against PyTorch in float64 with direct distances.
@Suite struct AlignmentTests {
    static let cases = ["pair", "odd", "batch", "duplicates", "near"]

    private func check(
        _ name: String, _ term: String, _ reduction: Reduction, _ loss: (Variable, Tensor) -> Variable
    ) throws {
        let fixture = try Fixture("alignment")
        let tape = Tape()
        let student = tape.leaf(try fixture.tensor("\(name)/student").copied(), path: "student")
        let value = loss(student, try fixture.tensor("\(name)/target"))
        let gradient = try #require(tape.gradients(of: value)["student"])
        let expected = "\(name)/\(term)/\(reduction.rawValue)"
        expectClose(value.value, try fixture.tensor(expected + "/value"), "\(expected)", Tolerance(relative: 1e-5))
        expectClose(gradient, try fixture.tensor(expected + "/gradient"), "\(expected)", Tolerance(relative: 1e-4))
    }

    @Test(arguments: cases, Reduction.allCases)
    func instance(name: String, reduction: Reduction) throws {
        try check(name, "instance", reduction) { InstanceAlignment(reduction: reduction)($0, target: $1) }
    }

    @Test(arguments: cases, Reduction.allCases)
    func structure(name: String, reduction: Reduction) throws {
        let penalties: [(String, Penalty)] = [
            ("squared", .squared), ("smooth1", .smoothL1(beta: 1)), ("smooth0.1", .smoothL1(beta: 0.1)),
        ]
        for (term, penalty) in penalties {
            try check(name, term, reduction) {
                StructureAlignment(penalty: penalty, reduction: reduction)($0, target: $1)
            }
        }
    }

    /// More rows than a block has, against the sums in double precision.
    @Test func blocksOfRowsAddUpToTheWhole() throws {
        var generator = RandomGenerator(seed: 8)
        let (count, width, beta) = (3000, 3, 0.5)
        let student = Tensor.normal([count, width], using: &generator)
        let target = Tensor.normal([count, width], using: &generator)
        let (x, e) = (student.values.map(Double.init), target.values.map(Double.init))
        func distance(_ x: [Double], _ i: Int, _ j: Int) -> Double {
            (0..<width).reduce(0.0) {
                $0 + (x[i * width + $1] - x[j * width + $1]) * (x[i * width + $1] - x[j * width + $1])
            }
            .squareRoot()
        }
        var (loss, gradient) = (0.0, [Double](repeating: 0, count: count * width))
        for i in 0..<count {
            for j in 0..<count where j != i {
                let d = distance(x, i, j)
                let difference = d - distance(e, i, j)
                let isBent = abs(difference) < beta
                loss += (isBent ? difference * difference / (2 * beta) : abs(difference) - beta / 2) / 2
                let slope = isBent ? difference / beta : (difference < 0 ? -1 : 1)
                for k in 0..<width { gradient[i * width + k] += slope / d * (x[i * width + k] - x[j * width + k]) }
            }
        }
        let tape = Tape()
        let value = StructureAlignment(penalty: .smoothL1(beta: Float(beta)), reduction: .sum)(
            tape.leaf(student, path: "student"), target: target)
        #expect(abs(Double(value.value.item) - loss) < 1e-5 * loss)
        let found = try #require(tape.gradients(of: value)["student"]).values
        let worst = zip(found, gradient).map { abs(Double($0) - $1) }.max() ?? .infinity
        #expect(worst < 1e-5 * (gradient.map(abs).max() ?? 0))
    }

    @Test func identicalRowsGiveNoGradientAndNoNaN() throws {
        let tape = Tape()
        let student = tape.leaf(Tensor.full([4, 3], 0.5), path: "student")
        let target = Tensor([1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0], shape: [4, 3])
        let loss = StructureAlignment(penalty: .squared, reduction: .sum)(student, target: target)
        let gradient = try #require(tape.gradients(of: loss)["student"])
        #expect(loss.value.item > 0)
        for index in 0..<12 { #expect(gradient.data[index] == 0) }
    }

    @Test func meanWithTheReferenceWeightIsTheSumOverTheBatch() throws {
        let fixture = try Fixture("alignment")
        let student = Variable(try fixture.tensor("batch/student"))
        let target = try fixture.tensor("batch/target")
        let batch = student.shape[0]
        let sum = Alignment(penalty: .squared, reduction: .sum, structWeight: 1)(student, target: target).total
        let mean = Alignment(
            penalty: .squared, reduction: .mean, structWeight: Reduction.structWeight(batch: batch))(
                student, target: target
            ).total
        #expect(abs(mean.value.item * Float(batch) / sum.value.item - 1) < 1e-5)
        #expect(Reduction.structWeight(batch: 128) == 63.5)
        #expect(Reduction.structWeight(batch: 512) == 255.5)
    }

    @Test func explanationsNameTheReduction() {
        #expect(
            Reduction.mean.explanation(structWeight: 63.5)
                == "reduction=mean: mean L_ins + 63.5 × mean L_struct; the weight stands for the paper's sums over "
                + "128 samples and does not depend on the batch")
        #expect(Reduction.sum.explanation(structWeight: 1).hasPrefix("reduction=sum: "))
    }

    @Test func withoutPenaltyOnlyInstancesAreAligned() throws {
        let fixture = try Fixture("alignment")
        let loss = Alignment(penalty: nil, reduction: .sum, structWeight: 1)(
            Variable(try fixture.tensor("odd/student")), target: try fixture.tensor("odd/target"))
        #expect(loss.structure == nil)
        #expect(loss.total.value.item == loss.instance.value.item)
    }
}
