/// Work on `0..<count` in chunks whose boundaries depend on `count` and `cost` only, never on threads or timing.
///
/// `cost` is the rough price of one item in element operations. Bodies write disjoint memory; a body that sums
/// keeps one partial result a chunk and the caller combines them in order.
public func parallel(_ count: Int, cost: Int, _ body: (Range<Int>) -> Void) {
    if count > 0 { body(0..<count) }
}
