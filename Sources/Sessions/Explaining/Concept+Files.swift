extension Concept {
    static let warnings = [
        Concept(
            names: ["collapse"],
            sentence: "Collapse means that all texts are mapped to nearly one point.",
            screen: """
                Training warns when the mean cosine of a batch's embeddings passes 0.98. A point that suits every caption a little is the \
                easy way out at too high a rate. Lower lr or lengthen warmup; the loss will sit at ln B.
                """,
            mathematics:
                "mean_{i != j} t_i . t_j = (||sum_i t_i||^2 - B) / (B (B - 1)) > 0.98, looked at every tenth step."),
        Concept(
            names: ["cut texts", "too long", "cut"],
            sentence: "A text that is too long for a model loses its end, and the model never sees that.",
            screen:
                "CLIP's text tower reads 77 tokens, embedders as many as their files say (MiniLM 256). How many texts were cut is always told. Long captions need a long reader: see explain Long-CLIP.",
            mathematics: "T tokens with begin and end; of T > T_max the first T_max - 1 and the end token are kept."),
        Concept(
            names: ["stale"],
            sentence: "A handle is stale when something that it was made from has been bound anew since.",
            screen:
                "list and %who mark it. It still holds what it held; run its statement again (%rerun) to bring it up to date.",
            mathematics: "stale(h) = some input of h has another version now, or is stale itself."),
        Concept(
            names: ["paused", "resume", "checkpoint"],
            sentence: "A paused training has a checkpoint from which resume continues it to the same bits.",
            screen:
                "Ctrl-C finishes the step and pauses; so do stop= and stop=drop:. The checkpoint holds parameters, moments, moving average, the order of samples and the history.",
            mathematics:
                "State (theta, theta*, m, v, t, sampler, generator); resumed steps equal uninterrupted ones bit for bit on one machine."
        ),
        Concept(
            names: ["not finite", "nan", "E501"],
            sentence: "A loss that is not finite ends a training before it reaches a parameter.",
            screen:
                "The message names the tensor and the last checkpoint. Usual causes: lr too high, a constant dimension divided by its deviation, a damaged file.",
            mathematics:
                "Checked each step: total and norm of the gradients; then parameters, terms and gradients one by one for the culprit."
        ),
    ]

    static let files = [
        Concept(
            names: ["model file", "hdf5", ".h5", "h5"],
            sentence: "Models are HDF5 files with one dataset for each parameter, at the parameter's own path.",
            screen:
                "h5py reads them: file['adapter/blocks/0/up/weight']. Attributes say kind, configuration, format version and provenance: the statements, seed and data hashes that made it. Embedder's weights are not in it, only its name and hash.",
            mathematics:
                "float32 or float16, contiguous, uncompressed; attributes kind, config (JSON), format_version, provenance (JSON)."
        ),
        Concept(
            names: ["pairs file", "pairs", "images", "captions"],
            sentence: "A file of pairs holds pictures, captions by language, sets, splits and class labels.",
            screen:
                "load pairs also reads webdataset tars, CSV and TSV, folders, COCO and others; prepare D to=x.h5 converts any of them.",
            mathematics:
                "/images uint8 [N, H, W, 3]; /captions/LANG/text, /captions/LANG/picture int64 into images; /sets, /split; /labels/TAXONOMY int, /classes/TAXONOMY names."
        ),
        Concept(
            names: ["embeddings file", "embeddings", ".npy", "npy", "cache"],
            sentence: "A file of embeddings holds a vector for each text or picture and says how it was made.",
            screen:
                "The cache keeps one by the content of model and text, so a caption is never embedded twice. save writes .h5, .npy, .csv or a sidecar .tar.",
            mathematics:
                "/embeddings float32 [N, D], /texts or /paths; attributes model, hash, preprocessing, pooling, normalisation."
        ),
        Concept(
            names: ["safetensors", ".safetensors"],
            sentence: "safetensors is Hugging Face's file of named tensors: a header of JSON and plain bytes.",
            screen: "load clip and load embedder read it; save m FILE format=safetensors or format=hf writes it.",
            mathematics:
                "8 bytes little-endian length n, n bytes JSON {name: {dtype, shape, data_offsets}}, then the data."),
        Concept(
            names: ["GGUF", "gguf", ".gguf"],
            sentence: "GGUF is llama.cpp's file of a language model, often with quantised matrices.",
            screen:
                "load embedder reads Llama, Qwen, Gemma and Mistral from it, tokenizer included, and computes from the packed numbers.",
            mathematics: "Blocks of 32 or 256 numbers with a scale: Q4_K 4.5 bits a number, Q6_K 6.6, Q8_0 8.5."),
        Concept(
            names: ["recipe", "pcl", ".pcl", "md", "notebook", "ipynb"],
            sentence: "A recipe is a file of statements; as Markdown it has prose around them and keeps their answers.",
            screen:
                "proclip run replays it, proclip check compares its answers by value, check --write renews them. .md, .pcl, .ipynb and .html are written by %save.",
            mathematics:
                "program := { [statement] (';' | newline) }; in Markdown, fences of `proclip` and behind them of `output`."
        ),
        Concept(
            names: ["run record", "run", "record.json", "metrics.jsonl", "report.html"],
            sentence:
                "Each replay leaves a folder with the recipe as run, all options and hashes, the metrics and a report.",
            screen:
                "load run FOLDER as a reads it again; plot loss a b and compare a b set runs side by side. TensorBoard reads its event file.",
            mathematics:
                "record.json, metrics.jsonl (a line a step: name, step, loss, terms, lr, gradient_norm), events.out.tfevents.*, checkpoints/."
        ),
        Concept(
            names: ["picture formats", "svg", "png", ".svg", ".png"],
            sentence: "What plot draws can be saved as SVG, PNG or, as numbers, CSV.",
            screen: "plot ... as p, then save p ./p.svg. In a report or notebook drawings are within the page.",
            mathematics: "SVG 1.1 without script or style sheet; PNG at two pixels a unit."),
    ]
}
