/// Sizes of a network that do not fit each other.
public struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

/// The bound keeps products of three sizes within a word.
func requirePositive(_ network: String, _ sizes: [(name: String, value: Int)]) throws {
    for (name, value) in sizes where !(1...1_000_000).contains(value) {
        throw ConfigurationError("\(name) of \(network) is \(value); give a number from 1 to 1000000")
    }
}

func requireDivisor(_ name: String, _ divisor: Int, of dividendName: String, _ dividend: Int) throws {
    guard dividend % divisor == 0 else {
        throw ConfigurationError(
            "\(dividendName) \(dividend) is not a multiple of \(name) \(divisor); change one of them")
    }
}
