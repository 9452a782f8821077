public import Tensors

/// What is wrong with a file or with the tensors in it: each case names the thing and, in `description`, the way out.
public enum ArchiveError: Error, Equatable, CustomStringConvertible {
    case missingFile(String)
    case unreadable(String, reason: String)
    case missingTensor(String, available: [String])
    case misshapenTensor(String, expected: Shape, found: Shape)
    case extraTensors([String])
    case duplicateTensor(String)

    public var description: String {
        switch self {
        case .missingFile(let path): "there is no file \(path)"
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
        case .missingTensor(let name, let available): "tensor \(name) is missing (the file holds \(available.count) tensors)"
        case .misshapenTensor(let name, let expected, let found): "tensor \(name) has shape \(found), \(expected) is needed"
        case .extraTensors(let names): "tensors that no layer asks for: \(names.joined(separator: ", "))"
        case .duplicateTensor(let name): "tensor \(name) is asked for twice"
        }
    }
}
