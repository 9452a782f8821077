public import Autodiff
public import Tensors

/// L_ins + `structWeight` · L_struct: L_dis of stage 1, and L_reg of stage 2 where the target is the moving average.
public struct Alignment: Sendable {
    public let instance: InstanceAlignment
    /// Nil trains on L_ins alone.
    public let structure: StructureAlignment?
    public let structWeight: Float

    /// `penalty` nil leaves L_struct out.
    public init(penalty: Penalty?, reduction: Reduction, structWeight: Float) {
        instance = InstanceAlignment(reduction: reduction)
        structure = penalty.map { StructureAlignment(penalty: $0, reduction: reduction) }
        self.structWeight = structWeight
    }

    /// The loss of a batch and its parts, unweighted.
    public struct Value {
        public let total: Variable
        public let instance: Variable
        public let structure: Variable?

        /// The parts by name, as a log shows them.
        public var terms: [(name: String, value: Variable)] {
            [("ins", instance)] + (structure.map { [("struct", $0)] } ?? [])
        }
    }

    /// Student and target `[B, D]`, L2-normalised.
    public func callAsFunction(_ student: Variable, target: Tensor) -> Value {
        let first = instance(student, target: target)
        guard let second = structure?(student, target: target) else {
            return Value(total: first, instance: first, structure: nil)
        }
        return Value(total: first + second.scaled(by: structWeight), instance: first, structure: second)
    }
}
