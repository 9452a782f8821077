/// The classes of pictures in order of first appearance, which is the order of the sources, and each picture's number.
struct Taxonomy {
    private(set) var classes: [String] = []
    /// -1 where a picture has none.
    private(set) var labels: [Int32] = []

    init(_ names: [String?]) {
        var numbers: [String: Int32] = [:]
        labels = names.map { name in
            guard let name else { return -1 }
            if let number = numbers[name] { return number }
            numbers[name] = Int32(classes.count)
            classes.append(name)
            return Int32(classes.count - 1)
        }
    }
}
