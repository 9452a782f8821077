/// A line `left right` of a list of merges.
enum MergeLine {
    static func pair(_ line: some Collection<UInt8>) -> (left: [UInt8], right: [UInt8])? {
        let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
        return parts.count == 2 ? (Array(parts[0]), Array(parts[1])) : nil
    }
}
