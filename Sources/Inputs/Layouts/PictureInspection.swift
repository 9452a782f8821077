internal import Archive
internal import Foundation

/// Looks at every picture of a listing once: whether it can be decoded, and what its bytes are.
enum PictureInspection {
    /// What is known of a listing's pictures.
    struct Findings: Codable {
        /// The SHA-256 of each picture's bytes; nil where it cannot be decoded.
        var digests: [String?] = []
        var unreadable: [PairListing.Omission] = []
    }

    /// Inspected so many at once, between two reports of progress.
    private static let block = 64
    /// So many of those passed over are named.
    private static let named = 5

    /// The readable pictures of a listing with a sum over them and their captions, and notes that tell of the others.
    ///
    /// Findings are kept in `cache`, and hold for as long as no file has changed its size or date.
    /// Throws `PictureError.tooManyUnreadable` for more than a tenth and more than ten.
    static func inspect(
        _ listing: PairListing, at path: String, cache: String = WeightFolders.cache + "/pictures",
        progress: (Int, Int) -> Void
    ) throws -> (samples: [PairListing.Sample], hash: String, notes: [String]) {
        let file = cache + "/" + identity(listing) + ".json"
        let known = (try? Data(contentsOf: URL(filePath: file))).flatMap {
            try? JSONDecoder().decode(Findings.self, from: $0)
        }
        let findings: Findings
        if let known, known.digests.count == listing.samples.count {
            findings = known
        } else {
            findings = examine(listing.samples, progress)
            try? FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
            try? JSONFile.write(findings, to: file)
        }
        let omitted = listing.omitted + findings.unreadable
        let total = listing.samples.count + listing.omitted.count
        if let first = omitted.first, omitted.count > max(10, total / 10) || findings.digests.allSatisfy({ $0 == nil })
        {
            throw PictureError.tooManyUnreadable(omitted.count, of: total, first: "\(first.name): \(first.reason)")
        }
        let kept = zip(listing.samples, findings.digests).filter { $0.1 != nil }
        let lines = kept.map { sample, digest in
            ([sample.name, sample.set, sample.split, digest ?? ""] + sample.captions.flatMap { [$0.language, $0.text] }
                + sample.labels.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] })
                .map { "\($0.utf8.count):\($0)" }.joined()
        }
        return (
            kept.map(\.0), SHA256Hash.of(bytes: Data(lines.joined(separator: "\n").utf8)),
            listing.notes + sentence(omitted, of: total)
        )
    }

    private static func sentence(_ omitted: [PairListing.Omission], of total: Int) -> [String] {
        if omitted.isEmpty { return [] }
        let list = omitted.prefix(named).map { "\($0.name) (\($0.reason))" }.joined(separator: ", ")
        return ["\(omitted.count) of \(total) left out: \(list)" + (omitted.count > named ? ", and others" : "")]
    }

    private static func examine(_ samples: [PairListing.Sample], _ progress: (Int, Int) -> Void) -> Findings {
        var findings = Findings()
        for start in stride(from: 0, to: samples.count, by: block) {
            let part = Array(samples[start..<min(start + block, samples.count)])
            let results = parallelMap(part) { sample in
                Result {
                    let bytes = try sample.source.bytes()
                    _ = try Picture.decode(bytes, name: sample.name)
                    return SHA256Hash.of(bytes: bytes)
                }
            }
            for (sample, result) in zip(part, results) {
                findings.digests.append(try? result.get())
                if case .failure(let error) = result {
                    findings.unreadable.append(.init(name: sample.name, reason: reason(error)))
                }
            }
            progress(findings.digests.count, samples.count)
        }
        return findings
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case PictureError.missing: "it is not there"
        case PictureError.unreadable(_, let reason): reason
        default: "\(error)"
        }
    }

    /// A sum over the names, sizes and dates of all files.
    private static func identity(_ listing: PairListing) -> String {
        var archives: Set<String> = []
        var lines: [String] = []
        func note(_ path: String) {
            var status = stat()
            let isThere = stat(path, &status) == 0
            lines.append(
                isThere
                    ? "\(path) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)" : "\(path) missing"
            )
        }
        for sample in listing.samples {
            switch sample.source {
            case .file(let path): note(path)
            case .member(let archive, let name):
                lines.append(name)
                if archives.insert(archive.path).inserted { note(archive.path) }
            }
        }
        return SHA256Hash.of(bytes: Data(lines.joined(separator: "\n").utf8))
    }
}
