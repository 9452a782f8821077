/// Where an HDF5 file keeps texts of variable length: a reader that believes no length and no address.
///
/// The library's own reader (1.10) trusts both and crashes over a damaged file. Source: HDF5 File Format Specification
/// 3.0, III.E "Global Heap".
struct GlobalHeap {
    /// Bytes of an address in this file.
    let addressSize: Int
    /// Bytes of a length in this file.
    let lengthSize: Int
    /// Where address 0 lies in `bytes`.
    let base: Int
    let bytes: UnsafeRawBufferPointer
    private var collections: [Int: [Int: Range<Int>]] = [:]

    /// Why a text cannot be read.
    enum Damage: Error {
        case address(Int), collection(Int), object(Int, in: Int)

        var description: String {
            switch self {
            case .address(let address): "no texts can lie at \(address)"
            case .collection(let address): "the texts at \(address) are damaged"
            case .object(let index, let address): "the texts at \(address) have no entry \(index)"
            }
        }
    }

    init(bytes: UnsafeRawBufferPointer, base: Int, addressSize: Int, lengthSize: Int) {
        (self.bytes, self.base, self.addressSize, self.lengthSize) = (bytes, base, addressSize, lengthSize)
    }

    /// Bytes of a reference, which is what a dataset or attribute holds for each text: a length, the address of a
    /// collection, and an index in it.
    var referenceSize: Int { 8 + addressSize }

    /// The bytes of the text that a reference leads to; none for the reference to nothing.
    mutating func text(_ reference: UnsafeRawBufferPointer) throws(Damage) -> UnsafeRawBufferPointer {
        let length = Self.integer(reference, at: 0, size: 4)
        let address = Self.integer(reference, at: 4, size: addressSize)
        let index = Self.integer(reference, at: 4 + addressSize, size: 4)
        if length == 0 || address == 0 { return UnsafeRawBufferPointer(rebasing: bytes[0..<0]) }
        let known = collections[address]
        let objects = if let known { known } else { try collection(at: address) }
        if known == nil { collections[address] = objects }
        guard let object = objects[index], object.count >= length else { throw .object(index, in: address) }
        return UnsafeRawBufferPointer(rebasing: bytes[object.prefix(length)])
    }

    /// The places of a collection's objects by their indices.
    private func collection(at address: Int) throws(Damage) -> [Int: Range<Int>] {
        let header = aligned(8 + lengthSize)
        let (start, overflows) = base.addingReportingOverflow(address)
        guard !overflows, start >= 0, start <= bytes.count - header else { throw .address(address) }
        guard bytes[start..<start + 5].elementsEqual("GCOL\u{1}".utf8) else { throw .collection(address) }
        let size = Self.integer(bytes, at: start + 8, size: lengthSize)
        guard size >= header, size <= bytes.count - start else { throw .collection(address) }
        let (end, objectHeader) = (start + size, 8 + lengthSize)
        var objects: [Int: Range<Int>] = [:]
        var place = start + header
        while end - place >= objectHeader {
            let index = Self.integer(bytes, at: place, size: 2)
            let length = Self.integer(bytes, at: place + 8, size: lengthSize)
            // Object 0 is what is free.
            if index == 0 { break }
            let first = place + objectHeader
            guard length <= end - first, objects.updateValue(first..<first + length, forKey: index) == nil else {
                throw .collection(address)
            }
            place = first + aligned(length)
        }
        return objects
    }

    private func aligned(_ size: Int) -> Int { (size + 7) & ~7 }

    /// A little-endian integer without sign; one that no `Int` holds is as wrong as the largest.
    private static func integer(_ bytes: UnsafeRawBufferPointer, at place: Int, size: Int) -> Int {
        let value = (0..<size).reduce(UInt64(0)) { $0 | UInt64(bytes[place + $1]) << (8 * UInt64($1)) }
        return Int(clamping: value)
    }
}
