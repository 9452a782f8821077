import Foundation
import Tensors
import Testing

@Suite(.serialized) struct MemoryTests {
    @Test func workspaceHandsOutFreedBlocksOnly() {
        let workspace = Workspace()
        var first: Tensor? = Tensor.full([100], 1, in: workspace)
        let second = Tensor.full([100], 2, in: workspace)
        #expect(first?.storage.bytes != second.storage.bytes)
        let address = first?.storage.bytes
        first = nil
        let third = Tensor.full([100], 3, in: workspace)
        #expect(third.storage.bytes == address)
        #expect(second.values == Array(repeating: 2, count: 100))
    }

    @Test func workspaceStopsGrowing() {
        let workspace = Workspace()
        func step() {
            var x = Tensor.full([300, 7], 1, in: workspace)
            for _ in 0..<20 { x = .sum(x, x, in: workspace) }
        }
        step()
        let (allocations, bytes) = (Storage.allocationCount, workspace.byteCount)
        for _ in 0..<10 { step() }
        #expect(Storage.allocationCount == allocations)
        #expect(workspace.byteCount == bytes)
    }

    /// Steps of many sizes hold what the largest needs, not a block for each size.
    @Test func varyingSizesShareMemory() {
        func bytes(_ sizes: [Int]) -> Int {
            let workspace = Workspace()
            for size in sizes {
                var kept = [Tensor.full([size, 100], 1, in: workspace)]
                for _ in 0..<10 { kept.append(.sum(kept[0], kept[0], in: workspace)) }
            }
            return workspace.byteCount
        }
        #expect(bytes(Array(10...100) + [100, 33, 71]) <= bytes([100]) * 11 / 10)
    }

    /// Blocks that come and go in disorder: none overlaps another, and all of it is free in the end.
    @Test func lentBlocksNeverOverlap() {
        let workspace = Workspace()
        var generator = RandomGenerator(seed: 5)
        var held: [(tensor: Tensor, mark: Float)] = []
        for step in 0..<3000 {
            if held.count > 40 || (!held.isEmpty && generator.uniform() < 0.45) {
                let (tensor, mark) = held.remove(at: Int.random(in: 0..<held.count, using: &generator))
                #expect(tensor.values.allSatisfy { $0 == mark })
            } else {
                let size = Int.random(in: 1...(step % 10 == 0 ? 60_000 : 300), using: &generator)
                held.append((.full([size], Float(step), in: workspace), Float(step)))
            }
        }
        let bytes = workspace.byteCount
        held = []
        _ = Tensor.full([bytes / 16], 0, in: workspace)
        #expect(workspace.byteCount <= bytes)
    }

    @Test func tensorsOutliveTheirWorkspace() {
        let tensor = Tensor.full([3], 5, in: Workspace())
        #expect(tensor.values == [5, 5, 5])
    }

    /// Memory of a mapped file: read in place, released with the last tensor.
    @Test func mappedStorageKeepsItsOwner() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("mapped-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try ([1, 2, 3, 4, 5, 6] as [Float]).withUnsafeBytes { Data($0) }.write(to: URL(fileURLWithPath: path))
        var mapping: Mapping? = try Mapping(path, byteCount: 24)
        weak let owner = mapping
        var tensor: Tensor? = mapping.map {
            Tensor(shape: [3, 2], storage: Storage(mapped: $0.bytes, byteCount: 24, owner: $0)).rows(1..<3)
        }
        mapping = nil
        #expect(tensor?.storage.isMapped == true)
        #expect(tensor?.values == [3, 4, 5, 6])
        #expect(tensor?.copied().storage.isMapped == false)
        #expect(owner != nil)
        tensor = nil
        #expect(owner == nil)
    }
}

private final class Mapping {
    let bytes: UnsafeMutableRawPointer
    let byteCount: Int

    init(_ path: String, byteCount: Int) throws {
        let descriptor = open(path, O_RDONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        bytes = try #require(mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0))
        self.byteCount = byteCount
    }

    deinit { munmap(bytes, byteCount) }
}
