internal import Layers
internal import Tensors

extension HandleContent {
    static func shape(of parameters: [Parameter]) -> String {
        "\(parameters.count) tensors, \(parameters.map(\.shape.count).reduce(0, +)) values"
    }

    static func byteCount(of parameters: [Parameter]) -> Int {
        parameters.map { $0.stored.elementType.byteCount(of: $0.stored.shape.count) }.reduce(0, +)
    }
}
