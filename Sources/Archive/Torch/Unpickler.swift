/// Reads the pickles of PyTorch: protocol 2 and what later protocols add for plain data.
///
/// A pickle is a program for a stack machine that can import and call anything. This one knows numbers, texts, lists,
/// tuples, dictionaries and the few names that describe tensors; every other operation or name is an error that names
/// it. Source: CPython's `pickletools`, which documents each operation.
struct Unpickler {
    private let bytes: UnsafeRawBufferPointer
    private let path: String
    private var position = 0
    private var stack: [PickleValue] = []
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    private var pickle = Pickle()
    /// Entries that were copied from one container to another. A pickle that says one thing once has fewer than bytes; one
    /// that copies a container over and over would fill the memory.
    private var copied = 0

    /// What may be called, as a description of data.
    private static let functions: Set<String> = [
        "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_parameter", "collections.OrderedDict",
        "torch.jit._pickle.build_tensorlist", "torch.jit._pickle.build_intlist", "torch.jit._pickle.build_doublelist",
        "torch.jit._pickle.build_boollist", "torch.jit._pickle.restore_type_tag", "torch.Size",
    ]

    /// Throws `ArchiveError.unreadable` for whatever is no plain data, naming it.
    static func read(_ bytes: UnsafeRawBufferPointer, path: String) throws -> Pickle {
        var unpickler = Unpickler(bytes, path)
        while try unpickler.step() {}
        return unpickler.pickle
    }

    private init(_ bytes: UnsafeRawBufferPointer, _ path: String) {
        (self.bytes, self.path) = (bytes, path)
    }

    private func refused(_ reason: String) -> ArchiveError { .unreadable(path, reason: reason) }
    private var damaged: ArchiveError { refused("its pickle is damaged at byte \(position)") }

    // MARK: One operation

    /// False after the last operation.
    private mutating func step() throws -> Bool {
        let start = position
        let code = try byte()
        switch code {
        case UInt8(ascii: "."):
            pickle.root = try pop()
            return false
        case 0x80: try skip(1)  // PROTO
        case 0x95: try skip(8)  // FRAME
        case UInt8(ascii: "("): marks.append(stack.count)
        case UInt8(ascii: "N"): stack.append(.none)
        case 0x88: stack.append(.boolean(true))
        case 0x89: stack.append(.boolean(false))
        case UInt8(ascii: "K"): stack.append(.integer(Int(try byte())))
        case UInt8(ascii: "M"): stack.append(.integer(try integer(UInt16.self)))
        case UInt8(ascii: "J"): stack.append(.integer(try integer(Int32.self)))
        case 0x8a: stack.append(try long())
        case UInt8(ascii: "G"): stack.append(.number(Double(bitPattern: try word().byteSwapped)))
        case UInt8(ascii: "X"): stack.append(.text(try text(try integer(UInt32.self))))
        case 0x8c: stack.append(.text(try text(Int(try byte()))))
        case 0x8d: stack.append(.text(try text(Int(clamping: try word()))))
        case UInt8(ascii: "U"): stack.append(.text(try text(Int(try byte()))))
        case UInt8(ascii: "q"): memo[Int(try byte())] = try top()
        case UInt8(ascii: "r"): memo[try integer(UInt32.self)] = try top()
        case 0x94: memo[memo.count] = try top()
        case UInt8(ascii: "h"): stack.append(try remembered(Int(try byte())))
        case UInt8(ascii: "j"): stack.append(try remembered(try integer(UInt32.self)))
        case UInt8(ascii: "c"): stack.append(.global(try allowed(try line() + "." + line())))
        case 0x93: try stackGlobal()
        case UInt8(ascii: "Q"):
            pickle.persistents.append(try pop())
            stack.append(.persistent(pickle.persistents.count - 1))
        case UInt8(ascii: "R"): try reduce()
        case 0x81: try newObject()
        case UInt8(ascii: "b"): try build()
        default:
            guard try container(code) else { throw refused(Self.name(of: code, at: start)) }
        }
        return true
    }

    /// Operations on lists, tuples and dictionaries; false for any other.
    private mutating func container(_ code: UInt8) throws -> Bool {
        switch code {
        case UInt8(ascii: "]"): stack.append(list([]))
        case UInt8(ascii: "l"): stack.append(list(try popToMark()))
        case UInt8(ascii: ")"): stack.append(tuple([]))
        case UInt8(ascii: "t"): stack.append(tuple(try popToMark()))
        case 0x85...0x87:
            var items: [PickleValue] = []
            for _ in 0..<Int(code) - 0x84 { items.append(try pop()) }
            stack.append(tuple(items.reversed()))
        case UInt8(ascii: "}"): stack.append(dictionary([]))
        case UInt8(ascii: "d"): stack.append(dictionary(try pairs(try popToMark())))
        case UInt8(ascii: "a"): try append([try pop()])
        case UInt8(ascii: "e"): try append(try popToMark())
        case UInt8(ascii: "s"):
            let value = try pop()
            try set([(try pop(), value)])
        case UInt8(ascii: "u"): try set(try pairs(try popToMark()))
        default: return false
        }
        return true
    }

    private static func name(of code: UInt8, at position: Int) -> String {
        let names: [UInt8: String] = [
            UInt8(ascii: "i"): "INST", UInt8(ascii: "o"): "OBJ", UInt8(ascii: "P"): "PERSID", 0x82: "EXT1",
            0x83: "EXT2",
            0x84: "EXT4", 0x92: "NEWOBJ_EX", UInt8(ascii: "S"): "STRING", UInt8(ascii: "V"): "UNICODE",
            UInt8(ascii: "I"): "INT", UInt8(ascii: "L"): "LONG", UInt8(ascii: "F"): "FLOAT", 0x8f: "EMPTY_SET",
            0x90: "ADDITEMS", 0x91: "FROZENSET", 0x96: "BYTEARRAY8", UInt8(ascii: "B"): "BINBYTES",
            UInt8(ascii: "C"): "SHORT_BINBYTES", 0x8b: "LONG4", UInt8(ascii: "0"): "POP", UInt8(ascii: "2"): "DUP",
        ]
        let digits = String(code, radix: 16)
        return
            "its pickle has the operation \(names[code].map { $0 + " " } ?? "")0x\(digits) at byte \(position), which is "
            + "not one of plain data"
    }

    // MARK: Names

    private func allowed(_ name: String) throws -> String {
        let isStorage = name.hasPrefix("torch.") && name.hasSuffix("Storage") && name.split(separator: ".").count == 2
        guard isStorage || Self.functions.contains(name) || name.hasPrefix("__torch__.") else {
            throw refused("its pickle names \(name), which is neither a tensor nor a plain container; nothing was run")
        }
        return name
    }

    private mutating func stackGlobal() throws {
        guard case (.text(let name), .text(let module)) = (try pop(), try pop()) else { throw damaged }
        stack.append(.global(try allowed(module + "." + name)))
    }

    private mutating func reduce() throws {
        let arguments = try pop()
        guard case .global(let function) = try pop(), case .tuple(let index) = arguments,
            Self.functions.contains(function)
        else { throw refused("its pickle calls at byte \(position) what is no function of plain data") }
        let values = pickle.tuples[index]
        if function == "collections.OrderedDict" {
            stack.append(dictionary(try values.first.map { try pairs($0) } ?? []))
        } else if function.hasPrefix("torch.jit._pickle.") || function == "torch.Size" {
            guard let first = values.first else { throw damaged }
            stack.append(first)
        } else {
            pickle.calls.append((function, values))
            stack.append(.call(pickle.calls.count - 1))
        }
    }

    private mutating func newObject() throws {
        guard case .tuple = try pop(), case .global(let name) = try pop(), name.hasPrefix("__torch__.") else {
            throw refused("its pickle makes an object at byte \(position) that is no plain container")
        }
        guard case .dictionary(let attributes) = dictionary([]) else { throw damaged }
        pickle.objects.append(attributes)
        stack.append(.object(pickle.objects.count - 1))
    }

    /// An object receives its attributes; those of a dictionary (`_metadata`) say nothing about tensors.
    private mutating func build() throws {
        let state = try pop()
        switch try top() {
        case .object(let index):
            guard let entries = pickle.entries(state) else { throw damaged }
            try noteCopy(of: entries.count)
            pickle.dictionaries[pickle.objects[index]] += entries
        case .dictionary: break
        default: throw refused("its pickle changes at byte \(position) what is no plain container")
        }
    }

    // MARK: Containers

    private mutating func list(_ items: [PickleValue]) -> PickleValue {
        pickle.lists.append(items)
        return .list(pickle.lists.count - 1)
    }

    private mutating func tuple(_ items: [PickleValue]) -> PickleValue {
        pickle.tuples.append(items)
        return .tuple(pickle.tuples.count - 1)
    }

    private mutating func dictionary(_ entries: [Pickle.Entry]) -> PickleValue {
        pickle.dictionaries.append(entries)
        return .dictionary(pickle.dictionaries.count - 1)
    }

    private mutating func append(_ items: [PickleValue]) throws {
        guard case .list(let index) = try top() else { throw damaged }
        pickle.lists[index] += items
    }

    private mutating func set(_ entries: [Pickle.Entry]) throws {
        guard case .dictionary(let index) = try top() else { throw damaged }
        pickle.dictionaries[index] += entries
    }

    private func pairs(_ items: [PickleValue]) throws -> [Pickle.Entry] {
        guard items.count % 2 == 0 else { throw damaged }
        return stride(from: 0, to: items.count, by: 2).map { (items[$0], items[$0 + 1]) }
    }

    /// What `OrderedDict` is given: a list of pairs.
    private mutating func pairs(_ list: PickleValue) throws -> [Pickle.Entry] {
        guard let items = pickle.items(list) else { throw damaged }
        try noteCopy(of: items.count)
        return try items.map { item in
            guard let pair = pickle.items(item), pair.count == 2 else { throw damaged }
            return (pair[0], pair[1])
        }
    }

    private mutating func noteCopy(of count: Int) throws {
        copied += count
        guard copied <= bytes.count else { throw refused("its pickle copies the same entries again and again") }
    }

    // MARK: The stack

    private func top() throws -> PickleValue {
        guard let value = stack.last, stack.count > marks.last ?? 0 else { throw damaged }
        return value
    }

    private mutating func pop() throws -> PickleValue {
        let value = try top()
        stack.removeLast()
        return value
    }

    private mutating func popToMark() throws -> [PickleValue] {
        guard let mark = marks.popLast(), mark <= stack.count else { throw damaged }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])
    }

    private func remembered(_ key: Int) throws -> PickleValue {
        guard let value = memo[key] else { throw damaged }
        return value
    }

    // MARK: Bytes

    private mutating func byte() throws -> UInt8 {
        guard position < bytes.count else { throw ArchiveError.truncated(path) }
        position += 1
        return bytes[position - 1]
    }

    private mutating func skip(_ count: Int) throws {
        guard count >= 0, count <= bytes.count - position else { throw ArchiveError.truncated(path) }
        position += count
    }

    private mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Int {
        try skip(MemoryLayout<Value>.size)
        let offset = position - MemoryLayout<Value>.size
        return Int(Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type)))
    }

    private mutating func word() throws -> UInt64 {
        try skip(8)
        return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position - 8, as: UInt64.self))
    }

    /// A whole number of up to 255 bytes, of which those that fit a word are taken.
    private mutating func long() throws -> PickleValue {
        let count = Int(try byte())
        try skip(count)
        guard count <= 8 else { return .number(.nan) }
        var value: UInt64 = count > 0 && bytes[position - 1] & 0x80 != 0 ? .max : 0
        for index in stride(from: position - 1, through: position - count, by: -1) {
            value = value << 8 | UInt64(bytes[index])
        }
        return .integer(Int(Int64(bitPattern: value)))
    }

    private mutating func text(_ count: Int) throws -> String {
        try skip(count)
        return String(decoding: bytes[position - count..<position], as: UTF8.self)
    }

    private mutating func line() throws -> String {
        let rest = bytes[position...]
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { throw ArchiveError.truncated(path) }
        defer { position = end + 1 }
        return String(decoding: bytes[position..<end], as: UTF8.self)
    }
}
