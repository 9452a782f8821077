/// Pieces by their beginnings: which of them a text goes on with is known byte by byte.
struct PieceTrie: Sendable {
    static let root = 0
    /// Nodes are numbered in 24 bits, for the sake of small slots.
    private static let mostNodes = 1 << 24

    /// Open addressing: `node << 8 | byte` of an edge, and where it leads; 0 is no child. A power of two, at most 3/4 full.
    private var slots: [(edge: UInt32, child: UInt32)]
    /// The piece that ends at a node, or -1.
    private var ids: [Int32] = [-1]
    /// The root's children, which every search begins with.
    private var first = [Int](repeating: 0, count: 256)

    /// Of equal pieces the last counts. nil where they are too many or too long.
    init?(_ pieces: some Sequence<(bytes: some Collection<UInt8>, id: Int32)>) {
        slots = [(UInt32, UInt32)](repeating: (0, 0), count: 1 << 10)
        for (bytes, id) in pieces where !bytes.isEmpty {
            var node = Self.root
            for byte in bytes {
                if let child = child(of: node, byte) {
                    node = child
                    continue
                }
                guard ids.count < Self.mostNodes else { return nil }
                node = addChild(of: node, byte)
            }
            ids[node] = id
        }
    }

    /// The node that a byte leads to.
    func child(of node: Int, _ byte: UInt8) -> Int? {
        if node == Self.root { return first[Int(byte)] > 0 ? first[Int(byte)] : nil }
        let child = slots[slot(of: Self.edge(node, byte))].child
        return child > 0 ? Int(child) : nil
    }

    /// The piece that ends at a node.
    func id(at node: Int) -> Int32? { ids[node] >= 0 ? ids[node] : nil }

    /// The node that bytes lead to from the root.
    func node(of bytes: some Collection<UInt8>) -> Int? {
        var node = Self.root
        for byte in bytes {
            guard let child = child(of: node, byte) else { return nil }
            node = child
        }
        return node
    }

    /// The longest piece that begins at a place, and where it ends.
    func longest(in bytes: UnsafeRawBufferPointer, from start: Int, at node: Int = root) -> (id: Int32, end: Int)? {
        var (node, place) = (node, start)
        var found: (id: Int32, end: Int)?
        while place < bytes.count, let child = child(of: node, bytes[place]) {
            node = child
            place += 1
            if let id = id(at: node) { found = (id, place) }
        }
        return found
    }

    private static func edge(_ node: Int, _ byte: UInt8) -> UInt32 { UInt32(node) << 8 | UInt32(byte) }

    /// Where an edge stands, or would.
    private func slot(of edge: UInt32) -> Int {
        var slot = Int((edge &* 0x9e37_79b1) >> 7) & (slots.count - 1)
        while slots[slot].child > 0, slots[slot].edge != edge { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }

    private mutating func addChild(of node: Int, _ byte: UInt8) -> Int {
        let child = ids.count
        ids.append(-1)
        if node == Self.root {
            first[Int(byte)] = child
            return child
        }
        if 4 * ids.count > 3 * slots.count { grow() }
        let edge = Self.edge(node, byte)
        slots[slot(of: edge)] = (edge, UInt32(child))
        return child
    }

    private mutating func grow() {
        let old = slots
        slots = [(UInt32, UInt32)](repeating: (0, 0), count: 2 * old.count)
        for entry in old where entry.child > 0 { slots[slot(of: entry.edge)] = entry }
    }
}
