internal import ArgumentParser
internal import Foundation
internal import Inputs
internal import ProCLIP
internal import Tensors

extension Workload {
    /// Files of a folder to what a tower of 224 pixels takes, in batches of 50.
    static let imageInput = Workload(name: "image-input", operations: 0) { inputs in
        guard let folder = inputs.pictures else { throw ValidationError("image-input needs --pictures FOLDER") }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        let paths = names.map { folder + "/" + $0 }
        let workspace = Workspace()
        return { _ in
            for start in stride(from: 0, to: paths.count, by: 50) {
                let batch = paths[start..<min(paths.count, start + 50)]
                _ = try? Picture.batch(
                    batch.count, fitting: PictureFitting(.shortestSide), side: 224, mean: PairDataset.clipMean,
                    deviation: PairDataset.clipDeviation, in: workspace
                ) { index in try Picture.read(paths[start + index]) }
            }
        }
    }

    /// Both directions of R@1, 5 and 10 over 5,000 pictures with five captions each.
    static let retrieval = Workload(name: "retrieval", operations: 4 * 5_000 * 25_000 * 512) { _ in
        let (images, texts) = (features(5_000, 512, seed: 1), features(25_000, 512, seed: 2))
        let bearers = (0..<25_000).map { [$0 / 5] }
        return { _ in _ = try? RetrievalEvaluation(images: images, texts: texts, bearers: bearers) }
    }
}
