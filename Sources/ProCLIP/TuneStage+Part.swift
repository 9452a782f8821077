extension TuneStage {
    /// What the optimiser changes beside the logit scale and bias.
    public enum Part: Hashable, Sendable, CustomStringConvertible {
        case adapter
        /// The whole image tower.
        case image
        /// The text tower of a CLIP.
        case text
        /// The image tower's last blocks and all that follows them.
        case last(Int)
        /// Matrices of this rank beside those of the image tower's blocks, which stay as they are (LoRA, arXiv 2106.09685).
        case lora(Int)

        /// Reads `adapter`, `image`, `text`, `last:4`, `lora:16`; nil for any other word.
        public init?(_ word: String) {
            let parts = word.split(separator: ":", omittingEmptySubsequences: false)
            let number = parts.count == 2 ? Int(parts[1]) : nil
            switch (parts[0], number) {
            case ("adapter", nil) where parts.count == 1: self = .adapter
            case ("image", nil) where parts.count == 1: self = .image
            case ("text", nil) where parts.count == 1: self = .text
            case ("last", let count?) where (1...1000).contains(count): self = .last(count)
            case ("lora", let rank?) where (1...1024).contains(rank): self = .lora(rank)
            default: return nil
            }
        }

        public var description: String {
            switch self {
            case .adapter: "adapter"
            case .image: "image"
            case .text: "text"
            case .last(let count): "last:\(count)"
            case .lora(let rank): "lora:\(rank)"
            }
        }

        /// Whether features of pictures change.
        public var isOfImageTower: Bool { self != .adapter && self != .text }

        /// The rank of what is trained beside frozen matrices; nil where none is.
        public var rank: Int? { if case .lora(let rank) = self { rank } else { nil } }

        /// Whether the parameter at a path belongs to it.
        /// - `layers`: blocks of the image tower.
        func trains(_ path: String, layers: Int) -> Bool {
            let names = path.split(separator: "/").map(String.init)
            switch self {
            case .adapter, .image, .text: return names[0] == description
            case .lora: return names[0] == "image" && names.contains("lora")
            case .last(let count):
                guard names[0] == "image", names.count > 1 else { return false }
                if names[1] == "blocks" { return Int(names[2]).map { $0 >= layers - count } ?? false }
                return Self.afterBlocks.contains(names[1])
            }
        }

        /// What an image tower has behind its blocks.
        private static let afterBlocks: Set = ["norm_post", "pool", "projection"]
    }
}
