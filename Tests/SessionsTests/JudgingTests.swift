import Foundation
import Testing

@testable import Sessions

/// The tasks of `eval` beside retrieval and classification.
@Suite struct JudgingTests {
    @Test func probeAndGeometryGiveNumbersWithIntervals() throws {
        let world = try TinyWorld()
        try world.requireNoErrors(
            "\(MethodTests.start)\neval teacher on=test task=[retrieval, probe, geometry] train=train as r")
        let accuracy = try #require(world.number("r.probe_acc1"))
        let bounds = try ["r.probe_acc1_low", "r.probe_acc1_high"].map { try #require(world.number($0)) }
        #expect(bounds[0] <= accuracy && accuracy <= bounds[1] && accuracy > 0.2)
        #expect(try #require(world.number("r.alignment")) > 0 && #require(world.number("r.modality_gap")) > 0)
        #expect(try #require(world.number("r.mean_recall_low")) <= #require(world.number("r.mean_recall")))
    }

    @Test func whatATaskNeedsIsNamed() throws {
        let world = try TinyWorld()
        try world.requireNoErrors(MethodTests.start)
        world.expectErrors([
            ("eval teacher on=test task=probe", "E205", "train="),
            ("eval teacher on=test task=negatives", "E216", "en-negative"),
        ])
    }
}
