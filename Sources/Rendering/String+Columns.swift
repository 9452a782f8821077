import Language

extension String {
    /// The columns that the text takes on a terminal.
    public var displayWidth: Int { DisplayWidth.of(self) }

    /// The text itself where it fits, else its beginning and an ellipsis, `width` columns at most.
    public func truncated(toWidth width: Int) -> String { DisplayWidth.clipped(self, toFirst: width) }

    /// The text followed or, for numbers, preceded by spaces up to `width` columns.
    public func padded(toWidth width: Int, _ alignment: Column.Alignment = .leading) -> String {
        let gap = String(repeating: " ", count: max(0, width - displayWidth))
        return alignment == .leading ? self + gap : gap + self
    }
}
