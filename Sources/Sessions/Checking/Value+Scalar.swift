internal import Language
internal import Rendering

extension Value {
    /// A field of a reply, as expressions see it. A missing one is never equal to a number.
    init(_ scalar: Scalar) {
        switch scalar {
        case .number(let number): self = .number(number)
        case .integer(let integer): self = .number(Double(integer))
        case .text(let text): self = .string(text)
        case .boolean(let boolean): self = .boolean(boolean)
        case .missing: self = .string("")
        }
    }
}
