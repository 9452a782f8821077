extension Concept {
    static let metrics = [
        Concept(
            names: [
                "recall@k", "retrieval", "mean_recall", "mR", "recall@1", "image_retrieval_recall@1",
                "image_retrieval_recall@5",
                "image_retrieval_recall@10", "text_retrieval_recall@1", "text_retrieval_recall@5",
                "text_retrieval_recall@10", "T2I@1",
                "T2I@5", "T2I@10", "I2T@1", "I2T@5", "I2T@10", "n_images", "n_texts",
            ],
            sentence: "recall@k is the share of questions whose right answer is among the k nearest.",
            screen: """
                T2I asks with a caption for its picture, I2T with a picture for its caption. mR, mean_recall, is the mean of @1, @5 and @10 in \
                both directions. It depends on the size of the pool: @10 of 399 is 2.5 % by chance, of 5,000 it is 0.2 %. Each source set is \
                a pool of its own, equal texts are merged, and ties count as misses.
                """,
            mathematics: """
                recall@k = (1/Q) sum_q [#{j wrong: cos_qj >= the best right answer's cosine} < k]; of several right answers any counts \
                (CLIP_benchmark's convention). Chance: about k/N. Interval: percentile bootstrap over questions, 1,000 resamples.
                """),
        Concept(
            names: [
                "zero-shot", "zeroshot", "acc1", "acc5", "mean_per_class_recall", "per class", "n_classes", "templates",
                "classes",
            ],
            sentence:
                "Zero-shot accuracy asks which class name lies nearest to a picture, without training on the classes.",
            screen: """
                Each class name is put into some sentences, embedded and averaged: one vector a class. acc1 counts pictures whose class is \
                nearest, acc5 those whose class is among five. It tests knowledge that nobody trained for here, so it is where forgetting \
                shows first. Chance: 1 of the number of classes.
                """,
            mathematics: """
                c_k = normalise(mean_p normalise(t(p, k))) [D] over prompts p; acc1 = (1/N) sum_i [argmax_k v_i . c_k = y_i]. \
                mean_per_class_recall averages over classes instead of pictures. Source: arXiv 2103.00020, section 3.1.
                """),
        Concept(
            names: ["CKA", "cka"],
            sentence:
                "CKA says how alike two models see the same pictures: 1 where their features differ by a turn and a scale only.",
            screen: """
                It compares the pattern of similarities between pictures, not single numbers, so it may compare spaces of different width. \
                The paper's Fig. 1 uses it to show that ProCLIP leaves the image features nearer to CLIP's than LLM2CLIP does. A high CKA \
                is no proof that nothing was lost: it is dominated by the largest directions.
                """,
            mathematics: """
                CKA(X, Y) = ||Y^T X||_F^2 / (||X^T X||_F ||Y^T Y||_F), X [N, D_1], Y [N, D_2], columns centred. Linear kernel. \
                Source: arXiv 1905.00414, Eq. 2.
                """),
        Concept(
            names: ["geometry", "alignment", "uniformity", "image_uniformity", "text_uniformity"],
            sentence: "Alignment is how near pairs lie, uniformity how evenly points spread over the sphere.",
            screen: """
                A model can have one without the other: all points in one place are perfectly aligned and useless. The contrastive loss \
                pulls pairs together (alignment) and pushes everything apart (uniformity).
                """,
            mathematics: """
                alignment = mean_i ||v_i - t_i||^2; uniformity = log mean_{i<j} exp(-2 ||x_i - x_j||^2), lower is more even. \
                Source: arXiv 2005.10242, Eq. 1 and 2.
                """),
        Concept(
            names: ["probe", "probe_acc1", "linear probe", "n_train"],
            sentence:
                "A linear probe trains a linear classifier on frozen image features: what is in them, whatever the texts say.",
            screen:
                "Zero-shot can fail because the class names land wrong; a probe needs no names. It learns on train=, its penalty is chosen on a fifth of it.",
            mathematics:
                "min_{W, b} sum_i CE(W v_i + b, y_i) + (c/2)||W||^2, by L-BFGS to its end; c among 96 from 1e-6 to 1e6; accuracy on the pictures asked."
        ),
        Concept(
            names: ["negatives", "acc"],
            sentence: "negatives asks whether a picture prefers its caption to a false one that differs in a word.",
            screen:
                "Retrieval is easy where captions share no word. A hard false caption swaps a colour or an order; guessing gives one half. SugarCrepe and prepare grids make such pairs.",
            mathematics: "acc = (1/N) sum_i [cos(v_i, t_i) > cos(v_i, t'_i)]. Source: arXiv 2306.14610."),
        Concept(
            names: ["patterns", "pair_acc", "n_pairs"],
            sentence: "patterns asks for two pictures that look alike whether each finds its own statement.",
            screen:
                "Both must be right for a pair to count, so guessing gives a quarter. MMVP-VLM is made of pairs that CLIP takes for the same.",
            mathematics:
                "pair_acc = share of pairs with cos(v_1, t_1) > cos(v_1, t_2) and cos(v_2, t_2) > cos(v_2, t_1). Source: arXiv 2401.06209."
        ),
        Concept(
            names: ["languages", "separability", "same", "others", "n_languages"],
            sentence: "languages asks whether a caption finds the caption of the same picture in another language.",
            screen: """
                It needs no picture, so it judges an embedder alone. Recall@1 is asked from the pairs' own language to each other and back. \
                Raw language models often group by language: then same and others hardly differ, and separability is near 0.
                """,
            mathematics:
                "separability = (mean cos of texts of one picture - mean cos of texts of others) / deviation of the latter."
        ),
        Concept(
            names: ["interval", "confidence", "bootstrap", "_low", "_high"],
            sentence: "An interval says how far a number might move with other pictures of the same kind.",
            screen:
                "The questions are drawn again with replacement, 1,000 times; the middle 95 % of the results is the interval. It knows nothing of other seeds: train several for that.",
            mathematics: "Percentile bootstrap: quantiles 0.025 and 0.975 of the statistic over resamples of the items."
        ),
        Concept(
            names: ["difference", "p", "sign-flip", "paired test"],
            sentence:
                "A paired difference compares two models on the same questions; p says how often chance alone would differ so much.",
            screen:
                "Two models mostly fail on the same hard items; comparing item by item takes that out. p near 1 means: could be chance. With four runs, p cannot fall below 0.125.",
            mathematics:
                "d_i = a_i - b_i; p = share of sign vectors s with |mean s_i d_i| >= |mean d_i|; all 2^n of them where n is small."
        ),
        Concept(
            names: ["seconds", "steps", "parameters", "samples/s"],
            sentence:
                "seconds is what the steps of a training have taken, steps how many there were, parameters how many numbers a model has.",
            screen:
                "Compare methods at equal time as well as at equal epochs: stage 2 with its second tower costs more a step. Measuring the canary and pauses do not count.",
            mathematics: "Wall-clock time of forward, backward and optimiser, summed over the steps."),
    ]
}
