internal import ProCLIP
internal import Rendering

/// The heat maps that `watch=` draws of a training, one with each reading of its canary.
struct Watched {
    let map: PairMap
    /// What rows and columns stand for.
    let labels: [String]

    /// All with one scale, so that the eye may compare.
    func matrices(_ readings: [CanaryReading], of name: String) -> [Matrix] {
        let maps = readings.compactMap { reading in
            reading.map.map { (reading.step, $0.map { $0.map { Double($0) } }) }
        }
        let all = maps.flatMap { $0.1.flatMap { $0 } }.filter(\.isFinite)
        guard let least = all.min(), let greatest = all.max() else { return [] }
        return maps.map { step, values in
            Matrix(map.title("\(name) after \(step) steps"), pairs: labels, values, range: least...greatest)
        }
    }
}

extension [Matrix] {
    /// So many of them, evenly spread, the first and the last among them.
    func spread(_ limit: Int) -> [Matrix] {
        guard count > limit, limit > 1 else { return self }
        return (0..<limit).map { self[($0 * (count - 1) + (limit - 1) / 2) / (limit - 1)] }
    }
}
