internal import Synchronization

/// How a session asks a running loop to end. The loop polls it: a request lets the running step finish, a second one
/// gives the step up.
public final class StopFlag: Sendable {
    private let requests = Atomic<Int>(0)

    public init() {}

    /// Asks the loop to end after this step; asked again, to give the step up.
    public func raise() { requests.wrappingAdd(1, ordering: .relaxed) }
    public func lower() { requests.store(0, ordering: .relaxed) }

    public var isRaised: Bool { requests.load(ordering: .relaxed) > 0 }
    public var isUrgent: Bool { requests.load(ordering: .relaxed) > 1 }
}
