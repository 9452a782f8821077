internal import Foundation

/// The pieces of a vocabulary by their bytes: 262,144 of them are ready in some milliseconds, and no look-up allocates.
struct PieceTable: Sendable {
    private let pool: [UInt8]
    /// Piece `id` is `pool[starts[id]..<starts[id + 1]]`.
    private let starts: [Int32]
    /// Open addressing: an id, or -1; a power of two, at most half full.
    private var slots: [Int32]

    /// The number of pieces, those that cannot be found included.
    var count: Int { starts.count - 1 }

    /// - `isIncluded`: whether a piece can be found; the others only have a number. Of equal ones the first counts.
    init(_ pieces: [Data], isIncluded: (Int) -> Bool) {
        var pool: [UInt8] = []
        var starts: [Int32] = [0]
        pool.reserveCapacity(pieces.lazy.map(\.count).reduce(0, +))
        starts.reserveCapacity(pieces.count + 1)
        for piece in pieces {
            pool.append(contentsOf: piece)
            starts.append(Int32(clamping: pool.count))
        }
        (self.pool, self.starts) = (pool, starts)
        var size = 16
        while size < 2 * pieces.count { size *= 2 }
        slots = [Int32](repeating: -1, count: size)
        for id in pieces.indices where isIncluded(id) {
            bytes(of: Int32(id)).withUnsafeBytes { bytes in
                let slot = self.slot(of: bytes)
                if slots[slot] < 0 { slots[slot] = Int32(id) }
            }
        }
    }

    func bytes(of id: Int32) -> ArraySlice<UInt8> { pool[Int(starts[Int(id)])..<Int(starts[Int(id) + 1])] }

    /// The number of the piece that is spelled by these bytes.
    func id(of bytes: UnsafeRawBufferPointer) -> Int32? {
        let id = slots[slot(of: bytes)]
        return id >= 0 ? id : nil
    }

    func id(of bytes: [UInt8]) -> Int32? { bytes.withUnsafeBytes { id(of: $0) } }

    /// Where a piece stands, or would.
    private func slot(of bytes: UnsafeRawBufferPointer) -> Int {
        var slot = Self.hash(bytes) & (slots.count - 1)
        while slots[slot] >= 0 {
            let id = Int(slots[slot])
            let (start, end) = (Int(starts[id]), Int(starts[id + 1]))
            let isEqual =
                end - start == bytes.count
                && pool.withUnsafeBytes { UnsafeRawBufferPointer(rebasing: $0[start..<end]).elementsEqual(bytes) }
            if isEqual { return slot }
            slot = (slot + 1) & (slots.count - 1)
        }
        return slot
    }

    /// FNV-1a.
    private static func hash(_ bytes: UnsafeRawBufferPointer) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Int(truncatingIfNeeded: hash ^ hash >> 29) & .max
    }
}
