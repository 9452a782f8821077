import Foundation

/// A dense, contiguous, row-major block of values: a shape over a `Storage`.
///
/// A tensor is a view: copies share storage. Operations return new tensors; the few that write in place say so in
/// their name. Arithmetic needs `elementType == .float32`; `converted(to:)` goes between encodings.
public struct Tensor: @unchecked Sendable {
    public let shape: Shape
    public let elementType: ElementType
    public let storage: Storage
    /// Offset of the first element in `storage`, in bytes.
    public let byteOffset: Int

    public init(shape: Shape, elementType: ElementType = .float32, storage: Storage, byteOffset: Int = 0) {
        precondition(
            byteOffset >= 0 && byteOffset + elementType.byteCount(of: shape.count) <= storage.byteCount,
            "a tensor of shape \(shape) does not fit its storage of \(storage.byteCount) bytes")
        self.shape = shape
        self.elementType = elementType
        self.storage = storage
        self.byteOffset = byteOffset
    }

    /// Uninitialised float32 values, from `workspace` where one is given.
    public init(uninitialized shape: Shape, in workspace: Workspace? = nil) {
        let byteCount = ElementType.float32.byteCount(of: shape.count)
        self.init(shape: shape, storage: workspace?.storage(byteCount: byteCount) ?? Storage(byteCount: byteCount))
    }

    public init(_ values: [Float], shape: Shape) {
        requireShape(values.count == shape.count, "tensor literal", expected: "\(values.count) elements", shape)
        self.init(uninitialized: shape)
        values.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { data.update(from: base, count: values.count) }
        }
    }

    public init(scalar: Float, in workspace: Workspace? = nil) {
        self.init(uninitialized: .scalar, in: workspace)
        data[0] = scalar
    }

    public static func zeros(_ shape: Shape, in workspace: Workspace? = nil) -> Tensor {
        let tensor = Tensor(uninitialized: shape, in: workspace)
        let target = tensor.data
        parallel(shape.count, cost: 0.2) { range in
            memset(target + range.lowerBound, 0, range.count * MemoryLayout<Float>.stride)
        }
        return tensor
    }

    public static func full(_ shape: Shape, _ value: Float, in workspace: Workspace? = nil) -> Tensor {
        let tensor = Tensor(uninitialized: shape, in: workspace)
        tensor.data.update(repeating: value, count: shape.count)
        return tensor
    }

    /// The float32 elements. Valid while the tensor lives: take it only of a parameter of the running function or of
    /// a value that outlives the call.
    public var data: UnsafeMutablePointer<Float> {
        precondition(elementType == .float32, "\(elementType) values are not arithmetic; convert them to float32 first")
        return (storage.bytes + byteOffset).assumingMemoryBound(to: Float.self)
    }

    /// The raw encoded bytes, whatever the element type.
    public var rawBytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: storage.bytes + byteOffset, count: elementType.byteCount(of: shape.count))
    }

    /// The elements as a Swift array, in row-major order.
    public var values: [Float] {
        withExtendedLifetime(storage) {
            let source = elementType == .float32 ? self : converted(to: .float32)
            return withExtendedLifetime(source) { Array(UnsafeBufferPointer(start: source.data, count: shape.count)) }
        }
    }

    /// The only element of a one-element tensor.
    public var item: Float {
        requireShape(shape.count == 1, "item", expected: "one element", shape)
        return values[0]
    }

    /// The same elements under another shape of equal count.
    public func reshaped(_ shape: Shape) -> Tensor {
        requireShape(
            shape.count == self.shape.count, "reshape", expected: "\(self.shape.count) elements", self.shape, shape)
        return Tensor(shape: shape, elementType: elementType, storage: storage, byteOffset: byteOffset)
    }

    /// Rows `range` of the first axis, without copying.
    public func rows(_ range: Range<Int>) -> Tensor {
        requireShape(
            shape.rank >= 1 && range.lowerBound >= 0 && range.upperBound <= shape[0], "rows",
            expected: "a first axis that holds \(range)", shape)
        let rowCount = shape.dimensions.dropFirst().reduce(1, *)
        return Tensor(
            shape: Shape([range.count] + shape.dimensions.dropFirst()), elementType: elementType, storage: storage,
            byteOffset: byteOffset + elementType.byteCount(of: range.lowerBound * rowCount))
    }

    /// A copy with storage of its own (from `workspace` where one is given).
    public func copied(in workspace: Workspace? = nil) -> Tensor {
        let bytes = rawBytes
        let target = workspace?.storage(byteCount: bytes.count) ?? Storage(byteCount: bytes.count)
        if let base = bytes.baseAddress, bytes.count > 0 { target.bytes.copyMemory(from: base, byteCount: bytes.count) }
        return Tensor(shape: shape, elementType: elementType, storage: target)
    }
}
