public import Inputs

extension CaptionPool {
    /// One pool for each source set of a dataset, in file order; a set without captions in the language has none.
    /// Throws `PairError` where no picture has a caption in the language.
    public static func pools(
        of data: PairDataset, language: String = "en"
    ) throws -> [(set: String, pool: CaptionPool)] {
        let sets = data.setOfPicture
        let captions = try data.captions(language: language)
        return data.sets.compactMap { set in
            let own = captions.filter { sets[$0.picture] == set }.map { (text: $0.text, picture: $0.picture) }
            return own.isEmpty ? nil : (set, CaptionPool(captions: own))
        }
    }
}
