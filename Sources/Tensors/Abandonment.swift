internal import Foundation

/// Thrown in place of a result whose work was given up half-way.
public struct WorkAbandoned: Error {
    public init() {}
}

/// Runs work that may be given up at its next operation: once `isGivenUp` says so, everything that `body` still asks of
/// `parallel` and `gemm` on this thread is left out. What it returns then means nothing, so `WorkAbandoned` is thrown.
///
/// Operations need not throw for this, nor the layers above them; the price is one call of `isGivenUp` an operation.
/// `body` should only compute: whatever it writes elsewhere may be meaningless.
public func abandonable<Result>(
    when isGivenUp: @escaping () -> Bool, _ body: () throws -> Result
) throws -> Result {
    let work = AbandonableWork(isGivenUp: isGivenUp)
    let outer = pthread_getspecific(currentWork)
    pthread_setspecific(currentWork, Unmanaged.passUnretained(work).toOpaque())
    defer { pthread_setspecific(currentWork, outer) }
    let result = try withExtendedLifetime(work, body)
    if isGivenUp() { throw WorkAbandoned() }
    return result
}

/// Whether the calling thread is inside work that was given up.
var isAbandoned: Bool {
    guard let work = pthread_getspecific(currentWork) else { return false }
    return Unmanaged<AbandonableWork>.fromOpaque(work).takeUnretainedValue().isGivenUp()
}

private final class AbandonableWork {
    let isGivenUp: () -> Bool
    init(isGivenUp: @escaping () -> Bool) { self.isGivenUp = isGivenUp }
}

/// The thread's innermost abandonable work.
private let currentWork: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
}()
