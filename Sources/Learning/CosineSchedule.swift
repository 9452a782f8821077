internal import Foundation

/// Linear warm-up, then half a cosine down to 0 (SGDR without restarts, arXiv 1608.03983).
public struct CosineSchedule: Codable, Equatable, Sendable {
    /// Steps of the whole run.
    public let steps: Int
    /// Steps of the linear rise at its beginning.
    public let warmup: Int

    public init(steps: Int, warmup: Int = 0) {
        self.steps = steps
        self.warmup = min(warmup, steps)
    }

    /// The factor on the peak learning rate at `step`, counted from 0: (step + 1)/warmup while warming up, then
    /// (1 + cos(π t))/2 with t from 0 towards 1.
    public func factor(at step: Int) -> Float {
        if step < warmup { return Float(step + 1) / Float(warmup) }
        let progress = Double(step - warmup) / Double(max(1, steps - warmup))
        return Float(0.5 * (1 + cos(Double.pi * min(1, progress))))
    }
}
