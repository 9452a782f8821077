public import Tensors

/// The tensors of an HDF5 file, keyed by path, and the attributes of its root as text. Contiguous tensors are mapped.
/// `check` sees the attributes before any tensor is touched.
public func readTensors(
    _ path: String, check: ([String: String]) throws -> Void = { _ in }
) throws -> (tensors: [String: Tensor], attributes: [String: String]) {
    let file = try HDF5File(reading: path)
    let attributes = try file.attributes().mapValues(\.text)
    try check(attributes)
    var tensors: [String: Tensor] = [:]
    for name in try file.datasets() { tensors[name] = try file.tensor(name) }
    try file.close()
    return (tensors, attributes)
}

/// Writes an HDF5 file with one contiguous dataset a tensor (float32 or float16), at its path, and text attributes at
/// the root. The file appears whole or not at all.
public func writeTensors(_ path: String, tensors: [(String, Tensor)], attributes: [String: String] = [:]) throws {
    try AtomicWrite.replace(path) { temporary in
        let file = try HDF5File(writing: temporary)
        for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
            try file.setAttribute(name, to: .text(value))
        }
        for (name, tensor) in tensors { try file.write(tensor, at: name) }
        try file.close()
    }
}
