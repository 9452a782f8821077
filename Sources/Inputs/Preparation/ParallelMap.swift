internal import Foundation

/// Transforms every element on all processors; results keep the order. The transform must not depend on shared state.
public func parallelMap<Element: Sendable, Result: Sendable>(
    _ elements: [Element], _ transform: @Sendable (Element) -> Result
) -> [Result] {
    [Result](unsafeUninitializedCapacity: elements.count) { buffer, written in
        guard let base = buffer.baseAddress else { return }
        nonisolated(unsafe) let target = base
        DispatchQueue.concurrentPerform(iterations: elements.count) { index in
            (target + index).initialize(to: transform(elements[index]))
        }
        written = elements.count
    }
}
