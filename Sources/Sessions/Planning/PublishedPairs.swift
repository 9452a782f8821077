/// How many pictures and texts the published benchmarks hold, by what their files are called: what can be told of one before
/// it is on the machine.
struct PublishedPairs {
    let pictures: Int
    let texts: Int
    let classes: Int

    /// The benchmark that a path speaks of, as in `./benchmarks/imagenet-r/test/*.tar`; nil for one that is not known here.
    init?(at path: String) {
        let path = path.lowercased().replacing("_", with: "-")
        guard let known = Self.known.first(where: { path.contains($0.word.replacing("_", with: "-")) }) else {
            return nil
        }
        (pictures, texts, classes) = (known.pictures, known.texts, known.classes)
    }

    /// As their papers and CLIP_benchmark count the part that is judged on; of what is sorted into classes no text counts. A word
    /// stands before those that it is a part of.
    private static let known = retrieval + classification + falseCaptions

    private typealias Entry = (word: String, pictures: Int, texts: Int, classes: Int)

    /// Karpathy's test splits, one long caption a picture, and of Crossmodal-3600 one language.
    private static let retrieval: [Entry] = [
        ("flickr30k", 1000, 5000, 0), ("dataset_coco", 5000, 25_010, 0), ("sharegpt4v-1k", 1000, 1000, 0),
        ("urban-1k", 1000, 1000, 0), ("docci", 5000, 5000, 0), ("/dci/", 7805, 7805, 0), ("xm3600", 3600, 7200, 0),
    ]

    private static let classification: [Entry] = [
        ("imagenet1k/train", 1_281_167, 0, 1000), ("imagenetv2", 10_000, 0, 1000), ("imagenet-a", 7500, 0, 200),
        ("imagenet-o", 2000, 0, 200), ("imagenet-r", 30_000, 0, 200), ("imagenet-sketch", 50_889, 0, 1000),
        ("imagenet1k", 50_000, 0, 1000), ("food101", 25_250, 0, 101), ("cifar100", 10_000, 0, 100),
        ("cifar10", 10_000, 0, 10), ("sun397", 108_754, 0, 397), ("/cars", 8041, 0, 196), ("/dtd", 1880, 0, 47),
        ("aircraft", 3333, 0, 100), ("/pets", 3669, 0, 37), ("caltech101", 6085, 0, 102),
        ("flowers", 6149, 0, 102),
    ]

    /// SugarCrepe, each picture with a caption and a false one, and MMVP-VLM.
    private static let falseCaptions: [Entry] = [
        ("add_att", 692, 1384, 0), ("add_obj", 2062, 4124, 0), ("replace_att", 788, 1576, 0),
        ("replace_obj", 1652, 3304, 0), ("replace_rel", 1406, 2812, 0), ("swap_att", 666, 1332, 0),
        ("swap_obj", 245, 490, 0), ("mmvp-vlm", 270, 270, 0),
    ]
}
