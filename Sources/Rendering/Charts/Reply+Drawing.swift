extension Reply {
    /// The charts and matrices side by side as Scalable Vector Graphics; nil where there is none.
    public var svg: String? { drawing?.svg }

    /// The same as pixels.
    public var raster: Raster? { drawing.map { Raster($0) } }

    private var drawing: Drawing? {
        Drawing(
            blocks.compactMap { block in
                switch block {
                case .chart(let chart): chart.drawing
                case .matrix(let matrix): matrix.drawing
                default: nil
                }
            })
    }
}
