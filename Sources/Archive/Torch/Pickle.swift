/// What a pickle describes, of plain data only. Containers are numbers of rows in the pickle's tables, so that neither
/// cycles nor deep nesting cost anything.
enum PickleValue {
    case none
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list(Int)
    case tuple(Int)
    case dictionary(Int)
    /// A class or function by name: never called.
    case global(String)
    /// What the program that wrote the pickle keeps elsewhere, by its key: a tuple in PyTorch.
    case persistent(Int)
    /// An allowed function and its arguments.
    case call(Int)
    /// An instance of a TorchScript module: its attributes, a dictionary.
    case object(Int)
}

/// A pickle, read as data: no name in it is looked up, imported or called.
struct Pickle {
    typealias Entry = (key: PickleValue, value: PickleValue)

    var lists: [[PickleValue]] = []
    var tuples: [[PickleValue]] = []
    var dictionaries: [[Entry]] = []
    var persistents: [PickleValue] = []
    var calls: [(function: String, arguments: [PickleValue])] = []
    /// For each object the number of its dictionary of attributes.
    var objects: [Int] = []
    var root = PickleValue.none

    func entries(_ value: PickleValue) -> [Entry]? {
        switch value {
        case .dictionary(let index): dictionaries[index]
        case .object(let index): dictionaries[objects[index]]
        default: nil
        }
    }

    func items(_ value: PickleValue) -> [PickleValue]? {
        switch value {
        case .tuple(let index): tuples[index]
        case .list(let index): lists[index]
        default: nil
        }
    }

    func integers(_ value: PickleValue) -> [Int]? {
        guard let items = items(value) else { return nil }
        let numbers = items.compactMap { if case .integer(let number) = $0 { number } else { nil } }
        return numbers.count == items.count ? numbers : nil
    }
}
