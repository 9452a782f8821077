internal import Foundation

/// The reusable memory of a training loop: what no tensor holds any more is handed out again, in pieces of any size.
///
/// Memory is a line of regions, and a request takes the lowest place that holds it. So equal steps lie equally: after the
/// first step of a loop over equal shapes nothing is allocated, and a loop over varying shapes holds what its largest step
/// needs. A tensor that outlives its step keeps its place, so no tensor ever sees foreign values. Requests come from one
/// thread at a time; tensors may be given back from any.
public final class Workspace: @unchecked Sendable {
    private let lock = NSLock()
    private var regions: [Region] = []

    /// Memory that the system has given, and the free places in it, by offset; neighbours are joined.
    fileprivate struct Region {
        let memory: Storage
        var free: [Range<Int>]
        /// What was ever lent ends here: the rest was never touched.
        var used = 0
    }

    /// A place in a region, given back with the last tensor that holds it. It keeps the workspace alive.
    private final class Lease {
        let workspace: Workspace, region: Int, place: Range<Int>
        init(_ workspace: Workspace, _ region: Int, _ place: Range<Int>) {
            (self.workspace, self.region, self.place) = (workspace, region, place)
        }
        deinit { workspace.takeBack(place, of: region) }
    }

    public init() {}

    /// Bytes that were ever lent at a time, and the gaps between them.
    public var byteCount: Int { lock.withLock { regions.reduce(0) { $0 + $1.used } } }

    /// An uninitialised block of at least `byteCount` bytes.
    public func storage(byteCount: Int) -> Storage {
        let size = max(64, (byteCount + 63) & ~63)
        return lock.withLock {
            let (region, place) = lowestPlace(size) ?? grown(size)
            let bytes = regions[region].memory.bytes + place.lowerBound
            return Storage(lent: bytes, byteCount: size, by: Lease(self, region, place))
        }
    }

    private func lowestPlace(_ size: Int) -> (Int, Range<Int>)? {
        for region in regions.indices {
            guard let index = regions[region].free.firstIndex(where: { $0.count >= size }) else { continue }
            return (region, regions[region].take(size, at: index))
        }
        return nil
    }

    /// A new region, larger than asked for, so that there are few; what is not used costs nothing.
    private func grown(_ size: Int) -> (Int, Range<Int>) {
        let held = regions.reduce(0) { $0 + $1.memory.byteCount }
        let memory = Storage(byteCount: max(size, min(max(held / 2, 4 << 20), 256 << 20)))
        regions.append(Region(memory: memory, free: [0..<memory.byteCount]))
        return (regions.count - 1, regions[regions.count - 1].take(size, at: 0))
    }

    private func takeBack(_ place: Range<Int>, of region: Int) { lock.withLock { regions[region].give(back: place) } }
}

extension Workspace.Region {
    fileprivate mutating func take(_ size: Int, at index: Int) -> Range<Int> {
        let place = free[index].lowerBound..<free[index].lowerBound + size
        if place.count == free[index].count {
            free.remove(at: index)
        } else {
            free[index] = place.upperBound..<free[index].upperBound
        }
        used = max(used, place.upperBound)
        return place
    }

    fileprivate mutating func give(back place: Range<Int>) {
        var (low, high) = (0, free.count)
        while low < high {
            let middle = (low + high) / 2
            if free[middle].lowerBound < place.lowerBound { low = middle + 1 } else { high = middle }
        }
        let joinsNext = low < free.count && free[low].lowerBound == place.upperBound
        let joinsLast = low > 0 && free[low - 1].upperBound == place.lowerBound
        let start = joinsLast ? free[low - 1].lowerBound : place.lowerBound
        let end = joinsNext ? free[low].upperBound : place.upperBound
        free.replaceSubrange((joinsLast ? low - 1 : low)..<(joinsNext ? low + 1 : low), with: [start..<end])
    }
}
