/// Limited-memory BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.5) with a backtracking line search, for
/// smooth convex functions of some thousand numbers.
public struct LBFGS {
    /// Past steps that shape the next one.
    public var memory = 10
    public var iterations = 200
    /// Where no entry of the gradient is larger, the minimum is found.
    public var tolerance = 1e-5

    public init() {}

    /// Goes down from `start`; `function` gives value and gradient.
    public func minimum(
        from start: [Double], of function: ([Double]) -> (value: Double, gradient: [Double])
    ) -> [Double] {
        var point = start
        var (value, gradient) = function(point)
        var past: [(step: [Double], change: [Double], product: Double)] = []
        for _ in 0..<iterations where gradient.contains(where: { abs($0) > tolerance }) {
            let direction = Self.direction(gradient, past)
            let slope = Self.dot(direction, gradient)
            var length = past.isEmpty ? min(1, 1 / Self.dot(gradient, gradient).squareRoot()) : 1
            while true {
                let next = zip(point, direction).map { $0 + length * $1 }
                let (nextValue, nextGradient) = function(next)
                // Armijo's condition: a share of what the slope promises.
                if nextValue <= value + 1e-4 * length * slope {
                    let (step, change) = (zip(next, point).map(-), zip(nextGradient, gradient).map(-))
                    let product = Self.dot(step, change)
                    if product > 1e-12 { past.append((step, change, product)) }
                    if past.count > memory { past.removeFirst() }
                    (point, value, gradient) = (next, nextValue, nextGradient)
                    break
                }
                length /= 2
                if length < 1e-10 { return point }
            }
        }
        return point
    }

    /// The two-loop recursion: minus the approximated inverse Hessian times the gradient.
    private static func direction(
        _ gradient: [Double], _ past: [(step: [Double], change: [Double], product: Double)]
    ) -> [Double] {
        var direction = gradient.map { -$0 }
        var shares: [Double] = []
        for (step, change, product) in past.reversed() {
            let share = dot(step, direction) / product
            shares.append(share)
            for index in direction.indices { direction[index] -= share * change[index] }
        }
        if let last = past.last {
            let scale = last.product / dot(last.change, last.change)
            for index in direction.indices { direction[index] *= scale }
        }
        for ((step, change, product), share) in zip(past, shares.reversed()) {
            let correction = share - dot(change, direction) / product
            for index in direction.indices { direction[index] += correction * step[index] }
        }
        return direction
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
}
