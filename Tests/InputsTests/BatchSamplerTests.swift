import Foundation
import Tensors
import Testing

@testable import Inputs

@Suite("Batch sampler")
struct BatchSamplerTests {
    @Test(
        "An epoch has each caption once and a batch no picture twice",
        arguments: [(100, 1, 16), (64, 1, 16), (90, 3, 16), (10, 4, 7), (30, 9, 7), (33, 2, 64), (17, 1, 16)])
    func epochs(captions: Int, most: Int, batch: Int) throws {
        var generator = RandomGenerator(seed: UInt64(captions))
        var pictures: [Int] = []
        while pictures.count < captions {
            let copies = min(captions - pictures.count, Int.random(in: 1...most, using: &generator))
            pictures += Array(repeating: 1000 + pictures.count, count: copies)
        }
        var sampler = try BatchSampler(pictureOf: pictures, batch: batch, seed: 5)
        var orders: [[Int]] = []
        for _ in 0..<3 {
            let batches = (0..<sampler.stepsPerEpoch).map { _ in sampler.next() }
            for batch in batches {
                #expect(batch.count >= 2)
                #expect(Set(batch.map { pictures[$0] }).count == batch.count)
            }
            let order = batches.flatMap { $0 }
            #expect(Set(order).count == order.count)
            // Only a last batch of one caption is left out.
            #expect(order.count == captions || order.count == captions - 1 && captions % batch == 1)
            orders.append(order)
        }
        #expect(orders[0] != orders[1])
        #expect(sampler.epoch == 3 && sampler.step == 0)
    }

    @Test("A restored state draws the same batches")
    func resuming() throws {
        var sampler = try BatchSampler(pictureOf: (0..<50).map { $0 / 2 }, batch: 8, seed: 9)
        for _ in 0..<9 { _ = sampler.next() }
        var resumed = try JSONDecoder().decode(BatchSampler.self, from: JSONEncoder().encode(sampler))
        #expect(resumed == sampler)
        for _ in 0..<20 { #expect(resumed.next() == sampler.next()) }
    }

    @Test("Nothing to contrast is an error")
    func empty() {
        #expect(throws: PairError.self) { try BatchSampler(count: 1, batch: 8, seed: 0) }
        #expect(throws: PairError.self) { try BatchSampler(count: 8, batch: 1, seed: 0) }
        #expect(throws: PairError.self) { try BatchSampler(pictureOf: [4, 4, 4], batch: 8, seed: 0) }
    }
}
