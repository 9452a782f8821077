public import Autodiff
public import Tensors

/// `instanceWeight` · L_ins + `structWeight` · L_struct: L_dis of stage 1, and L_reg of stage 2 where the target is the
/// moving average.
public struct Alignment: Sendable {
    public let instance: InstanceAlignment
    /// Nil trains on L_ins alone.
    public let structure: StructureAlignment?
    public let structWeight: Float
    /// 1 in the paper; 0 leaves L_ins out.
    public let instanceWeight: Float

    /// `penalty` nil leaves L_struct out.
    public init(penalty: Penalty?, reduction: Reduction, structWeight: Float, instanceWeight: Float = 1) {
        instance = InstanceAlignment(reduction: reduction)
        structure = penalty.map { StructureAlignment(penalty: $0, reduction: reduction) }
        self.structWeight = structWeight
        self.instanceWeight = instanceWeight
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
        let weighted = instanceWeight == 1 ? first : first.scaled(by: instanceWeight)
        guard let second = structure?(student, target: target) else {
            return Value(total: weighted, instance: first, structure: nil)
        }
        let both =
            instanceWeight == 0 ? second.scaled(by: structWeight) : weighted + second.scaled(by: structWeight)
        return Value(total: both, instance: first, structure: second)
    }
}
