/// Sizes of a network that do not fit each other.
public struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

func requirePositive(_ network: String, _ sizes: [(name: String, value: Int)]) throws {
    for (name, value) in sizes where value <= 0 {
        throw ConfigurationError("\(name) of \(network) is \(value); give a number above 0")
    }
}

func requireDivisor(_ name: String, _ divisor: Int, of dividendName: String, _ dividend: Int) throws {
    guard dividend % divisor == 0 else {
        throw ConfigurationError(
            "\(dividendName) \(dividend) is not a multiple of \(name) \(divisor); change one of them")
    }
}
