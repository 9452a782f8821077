public import Language

/// What the program ends with; the numbers are part of the contract with whoever calls it.
public enum ExitStatus: Int32, Sendable {
    case ok = 0
    /// A statement failed during its work.
    case failed = 1
    /// Usage, parse or type error found before work.
    case usage = 2
    /// An assertion or a comparison with recorded outputs does not hold.
    case mismatch = 3
    /// A file or model is missing.
    case missing = 4
    /// A loss is not finite.
    case notFinite = 5
    case interrupted = 130
    case terminated = 143

    public init(_ code: Diagnostic.Code) {
        switch code {
        case .interrupted: self = .interrupted
        case .terminated: self = .terminated
        default:
            switch code.family {
            case 1, 2: self = .usage
            case 3: self = .mismatch
            case 4: self = .missing
            case 5: self = .notFinite
            default: self = .failed
            }
        }
    }
}
