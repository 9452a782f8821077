internal import Foundation
internal import Inputs
internal import Tensors

/// The texts of a pretraining batch: captions, and in a share of the draws class words and keywords.
///
/// A text that another sample of the batch bears already would be a negative of its own picture: such a sample falls
/// back to its caption with class words.
struct CaptionSampler {
    private let sampling: PretrainStage.Sampling
    private let keywords: [[String]]
    /// For each picture the names of its classes, each with its share: taxonomies are drawn in proportion to the root of
    /// their number of classes, so fine ones come up more often than coarse ones.
    private let classes: [[(name: String, share: Float)]]

    init(data: PairDataset, sampling: PretrainStage.Sampling) throws {
        self.sampling = sampling
        keywords = data.keywords
        var classes = [[(name: String, share: Float)]](repeating: [], count: data.pictureCount)
        for taxonomy in data.taxonomies {
            let names = try data.classes(taxonomy)
            for (picture, label) in try data.labels(taxonomy).enumerated() where label >= 0 {
                classes[picture].append((names[label], Float(names.count).squareRoot()))
            }
        }
        self.classes = classes.map { own in
            let total = own.map(\.share).reduce(0, +)
            return own.map { ($0.name, $0.share / total) }
        }
    }

    func texts(of samples: [PairDataset.Caption], using random: inout RandomGenerator) -> [String] {
        var seen: Set<String> = []
        return samples.map { sample in
            let caption = withKeywords(sample, using: &random)
            var text = caption
            if let word = word(of: sample.picture, using: &random) {
                let isDrawn = random.uniform() < sampling.classShare
                let forms = [word, "\(caption), \(word)", "\(word), \(caption)"]
                if isDrawn { text = forms[Int.random(in: 0..<3, using: &random)] }
                if seen.contains(text) { text = forms[1] }
            }
            seen.insert(text)
            return text
        }
    }

    /// The caption, in a share of the draws with one to three keywords after it or in its place.
    private func withKeywords(_ sample: PairDataset.Caption, using random: inout RandomGenerator) -> String {
        let all = keywords[sample.picture]
        guard !all.isEmpty, random.uniform() < sampling.keywordShare else { return sample.text }
        let chosen = all.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)).joined(separator: ", ")
        return Bool.random(using: &random) ? chosen : "\(sample.text), \(chosen)"
    }

    private func word(of picture: Int, using random: inout RandomGenerator) -> String? {
        var place = random.uniform()
        for (name, share) in classes[picture] {
            place -= share
            if place < 0 { return name }
        }
        return classes[picture].last?.name
    }
}
