internal import Foundation
public import Tensors

extension SafetensorsFile {
    private struct Item: Encodable {
        let dtype: String
        let shape: [Int]
        let data_offsets: [Int]
    }

    /// Writes tensors in their encodings, whole or not at all; equal content gives equal bytes. Throws `ArchiveError`.
    public static func write(
        _ path: String, tensors: [(name: String, value: Tensor)], metadata: [String: String] = [:]
    ) throws {
        let tensors = tensors.sorted { $0.name < $1.name }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var parts: [String] = []
        if !metadata.isEmpty {
            parts.append("\"__metadata__\":" + String(decoding: try encoder.encode(metadata), as: UTF8.self))
        }
        var offset = 0
        for (name, tensor) in tensors {
            let end = offset + tensor.rawBytes.count
            let item = Item(
                dtype: try dtype(of: tensor.elementType, name), shape: tensor.shape.dimensions,
                data_offsets: [offset, end])
            let texts = [try encoder.encode(name), try encoder.encode(item)].map { String(decoding: $0, as: UTF8.self) }
            parts.append(texts.joined(separator: ":"))
            offset = end
        }
        var header = Data(("{" + parts.joined(separator: ",") + "}").utf8)
        // Numbers that begin at multiples of 8 bytes can be used where they are mapped.
        header.append(contentsOf: [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8))
        let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
        try AtomicWrite.replace(path) { temporary in
            guard let file = fopen(temporary, "wb") else { throw ArchiveError.system(errno, path, writing: true) }
            var failure: Int32 = 0
            func put(_ bytes: UnsafeRawBufferPointer) {
                guard failure == 0, bytes.count > 0, fwrite(bytes.baseAddress, 1, bytes.count, file) != bytes.count
                else {
                    return
                }
                failure = errno
            }
            (length + header).withUnsafeBytes(put)
            for (_, tensor) in tensors { withExtendedLifetime(tensor) { put(tensor.rawBytes) } }
            let isClosed = fclose(file) == 0
            guard failure == 0, isClosed else {
                throw ArchiveError.system(failure == 0 ? errno : failure, path, writing: true)
            }
        }
    }

    private static func dtype(of type: ElementType, _ name: String) throws -> String {
        switch type {
        case .float32: return "F32"
        case .float16: return "F16"
        case .bfloat16: return "BF16"
        default: throw ArchiveError.elementType(name, expected: "float32, float16 or bfloat16", found: type.rawValue)
        }
    }
}
