internal import Tensors

/// Splits without near duplicates across them: pictures that share a key form a group, and a group's split follows from a
/// hash of its name alone, so it does not depend on what else is prepared.
struct SplitAssignment {
    /// The share of groups in the test split, and in the validation split carved from the rest.
    static let testShare: Float = 0.2
    static let validationShare: Float = 0.08

    /// The group of each picture: the least key of all that hang together.
    let groups: [String]
    var splits: [String] { groups.map(Self.split(ofGroup:)) }

    /// - Parameter keys: for each picture the keys that tie it to its near duplicates, at least one.
    init(keys: [[String]]) {
        var parent: [String: String] = [:]
        func root(_ key: String) -> String {
            var top = key
            while let next = parent[top], next != top { top = next }
            var step = key
            while let next = parent[step], next != top {
                parent[step] = top
                step = next
            }
            return top
        }
        for pictureKeys in keys {
            for key in pictureKeys where parent[key] == nil { parent[key] = key }
            for key in pictureKeys.dropFirst() {
                let (a, b) = (root(pictureKeys[0]), root(key))
                // The lesser name leads, whatever the order of the pictures.
                if a != b { parent[max(a, b)] = min(a, b) }
            }
        }
        groups = keys.map { root($0[0]) }
    }

    static func split(ofGroup group: String) -> String {
        var generator = RandomGenerator(seed: 0, stream: group)
        let draw = generator.uniform()
        if draw < testShare { return "test" }
        return draw < testShare + validationShare ? "validation" : "train"
    }
}
