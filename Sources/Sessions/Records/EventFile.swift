import Foundation

/// Scalars in a file that TensorBoard reads: records of TensorFlow (length, CRC-32C, content, CRC-32C), each an `Event` of
/// tensorboard/compat/proto/event.proto.
final class EventFile {
    let path: String

    /// Begins a file `events.out.tfevents.SECONDS.HOST` in a folder.
    init(in folder: String, at time: Date = Date()) throws {
        path = "\(folder)/events.out.tfevents.\(Int(time.timeIntervalSince1970)).\(ProcessInfo.processInfo.hostName)"
        let version = EventFile.event(at: time, step: 0, EventFile.field(3, Array("brain.Event:2".utf8)))
        try EventFile.record(version).write(to: URL(filePath: path))
    }

    /// Adds values of one step; `train/loss` is drawn as `loss` in the group `train`.
    func append(_ values: [(tag: String, value: Double)], step: Int, at time: Date = Date()) throws {
        let summary = values.flatMap { tag, value in
            EventFile.field(1, EventFile.field(1, Array(tag.utf8)) + EventFile.float(2, Float(value)))
        }
        try EventFile.record(EventFile.event(at: time, step: step, EventFile.field(5, summary))).append(to: path)
    }

    /// Fields 1 (`wall_time`, double) and 2 (`step`, int64), then the content.
    private static func event(at time: Date, step: Int, _ content: [UInt8]) -> [UInt8] {
        let seconds = bytes(time.timeIntervalSince1970.bitPattern)
        return [1 << 3 | 1] + seconds + [2 << 3] + varint(UInt64(max(0, step))) + content
    }

    private static func record(_ content: [UInt8]) -> Data {
        let length = bytes(UInt64(content.count))
        return Data(length + bytes(CRC32C.masked(length)) + content + bytes(CRC32C.masked(content)))
    }

    // Protocol buffers, encoding (protobuf.dev/programming-guides/encoding).

    private static func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
        [number << 3 | 2] + varint(UInt64(content.count)) + content
    }

    private static func float(_ number: UInt8, _ value: Float) -> [UInt8] {
        [number << 3 | 5] + bytes(value.bitPattern)
    }

    private static func varint(_ value: UInt64) -> [UInt8] {
        var (rest, result): (UInt64, [UInt8]) = (value, [])
        while rest >= 0x80 {
            result.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return result + [UInt8(rest)]
    }

    private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}

extension Data {
    /// Adds the bytes to a file that is there.
    func append(to path: String) throws {
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? file.close() }
        try file.seekToEnd()
        try file.write(contentsOf: self)
    }
}
