import Testing

@testable import ProCLIP

/// Several runs together: exact tests over runs, intervals over items.
@Suite struct PairedRunsTests {
    @Test func theExactTestCountsAllSigns() {
        // Of the 8 patterns of 1, 2, 3 only +++ and --- reach a sum of 6.
        #expect(PairedRuns([1, 2, 3]).signFlipProbability == 0.25)
        // Sums of 4 or more: +++, ++- of the largest two and their mirror images.
        #expect(PairedRuns([1, 2, 3].map { $0 == 1 ? -1 : $0 }).signFlipProbability == 0.5)
        #expect(PairedRuns([0, 0]).signFlipProbability == 1)
        #expect(PairedRuns([Double](repeating: 0.1, count: 8)).signFlipProbability == 2.0 / 256)
        #expect(PairedRuns([]).signFlipProbability == 1)
    }

    @Test func ofManyRunsSignsAreDrawn() {
        let probability = PairedRuns([Double](repeating: 1, count: 30)).signFlipProbability
        #expect(probability > 0 && probability < 0.01)
    }

    @Test func meansAndDeviations() {
        let runs = PairedRuns([1, 3])
        #expect(runs.mean == 2 && runs.deviation == 2.0.squareRoot())
        #expect(PairedRuns([1]).deviation == nil)
    }

    @Test func runsAreAveragedItemByItem() throws {
        let runs = [Estimate(mean: [1, 0, 0, 1]), Estimate(mean: [1, 1, 0, 0])]
        let mean = try #require(Estimate.average(of: runs))
        #expect(mean.parts.map(\.values) == [[1, 0.5, 0, 0.5]] && mean.value == 0.5)
        #expect(Estimate.average(of: []) == nil)
        #expect(Estimate.average(of: [runs[0], Estimate(mean: [1])]) == nil)
    }
}
