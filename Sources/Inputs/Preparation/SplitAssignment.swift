internal import Tensors

/// Splits without near duplicates across them: pictures that share a key form a group, and a group's split follows from a
/// hash of its name.
///
/// Sets are added one after the other. A later set never changes an earlier one: its group takes the split of the
/// earlier group that it touches, and a picture that would tie groups of two splits together belongs to none.
struct SplitAssignment {
    /// The share of groups in the test split, and in the validation split carved from the rest.
    static let testShare: Float = 0.2
    static let validationShare: Float = 0.08

    private var groupOfKey: [String: String] = [:]

    /// The group of each picture of the next set; nil for a picture between two splits.
    ///
    /// - Parameter keys: for each picture the keys that tie it to its near duplicates, at least one.
    mutating func add(_ keys: [[String]]) -> [String?] {
        var roots = DisjointKeys()
        for pictureKeys in keys { roots.join(pictureKeys) }
        var touched: [String: Set<String>] = [:]
        for key in roots.keys {
            if let group = groupOfKey[key] { touched[roots.root(of: key), default: []].insert(group) }
        }
        let groups = keys.map { pictureKeys -> String? in
            let root = roots.root(of: pictureKeys[0])
            guard let earlier = touched[root]?.min() else { return root }
            let splits = Set(touched[root, default: []].map(Self.split(ofGroup:)))
            return splits.count == 1 ? earlier : nil
        }
        for (pictureKeys, group) in zip(keys, groups) {
            for key in pictureKeys where groupOfKey[key] == nil { groupOfKey[key] = group }
        }
        return groups
    }

    /// The group that an earlier set gave to one of the keys; nil where none did.
    func group(sharing keys: [String]) -> String? { keys.lazy.compactMap { groupOfKey[$0] }.first }

    static func split(ofGroup group: String) -> String {
        var generator = RandomGenerator(seed: 0, stream: group)
        let draw = generator.uniform()
        if draw < testShare { return "test" }
        return draw < testShare + validationShare ? "validation" : "train"
    }
}

/// A union-find forest over names; the least name of a tree is its root, whatever the order of joining.
private struct DisjointKeys {
    private var parent: [String: String] = [:]

    var keys: [String] { Array(parent.keys) }

    mutating func join(_ keys: [String]) {
        for key in keys where parent[key] == nil { parent[key] = key }
        for key in keys.dropFirst() {
            let (a, b) = (root(of: keys[0]), root(of: key))
            if a != b { parent[max(a, b)] = min(a, b) }
        }
    }

    mutating func root(of key: String) -> String {
        var top = key
        while let next = parent[top], next != top { top = next }
        var step = key
        while let next = parent[step], next != top {
            parent[step] = top
            step = next
        }
        return top
    }
}
