extension Concept {
    static let training = [
        Concept(
            names: ["lr", "tower_lr", "learning rate"],
            sentence: "lr is the largest step size of the adapter, tower_lr that of the image tower.",
            screen: """
                A fresh adapter needs large steps, a trained tower small ones, so they may differ. Too small: the loss hardly falls. Too \
                large: it jumps, or the embeddings collapse into one point. Choose on the validation split, never on test: \
                Recipes/choose-lr.pcl shows how.
                """,
            mathematics: """
                theta <- theta - eta_t m_hat / (sqrt(v_hat) + eps) - eta_t wd theta, eta_t = lr times the schedule's factor. \
                The paper: 1e-5 for everything at batch 1,024 and 4,096.
                """),
        Concept(
            names: ["AdamW", "wd", "weight decay"],
            sentence: "AdamW is the optimiser; wd shrinks matrices a little in every step.",
            screen: """
                AdamW scales each parameter's step by the size of its recent gradients. Weight decay is kept apart from that and applies to \
                matrices only: norms, biases and the logit scale do not decay.
                """,
            mathematics: """
                m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2; theta <- theta (1 - eta wd) - eta (m/(1 - b1^t)) / (sqrt(v/(1 - b2^t)) + eps); \
                b1 = 0.9, b2 = 0.98, eps = 1e-6. Source: arXiv 1711.05101; values of arXiv 2510.18795, Tab. 8.
                """),
        Concept(
            names: ["warmup", "cosine", "schedule"],
            sentence: "The learning rate rises linearly over warmup steps and then falls along half a cosine to 0.",
            screen: """
                The first gradients of a fresh network point anywhere, so the first steps are small. The end is gentle so that the weights \
                settle. epochs sets the length of the whole curve: stopping half way is not the same as half the epochs.
                """,
            mathematics: """
                factor(t) = (t + 1)/w for t < w, else (1 + cos(pi (t - w)/(n - w)))/2; n steps, w = warmup. Source: arXiv 1608.03983.
                """),
        Concept(
            names: ["batch", "micro", "recompute", "cached gradients"],
            sentence:
                "batch is how many samples a step sees; of a contrastive loss it is also how many candidates there are.",
            screen: """
                More pairs in a batch make the contrastive question harder and the gradient better; memory is the limit. micro=64 lets 64 at \
                a time pass the networks and still contrasts the whole batch: features first, then the loss over all, then each piece again \
                for its gradient. recompute=true keeps only what goes into each block of layers.
                """,
            mathematics: """
                dL/dtheta = sum_pieces (dL/dV_piece) dV_piece/dtheta: L needs all of V [B, D], its gradient with respect to theta only a \
                piece's activations. Same loss and gradients as the whole batch, about one more forward pass. Source: arXiv 2101.06983.
                """),
        Concept(
            names: ["epochs", "stop"],
            sentence: "epochs is how often training passes over the samples; stop pauses earlier.",
            screen: """
                Each epoch shuffles anew; a batch holds at most one caption of a picture. stop=100 pauses after 100 steps with a checkpoint \
                that resume continues to the same bits; stop=drop:10% pauses once the canary has lost a tenth.
                """,
            mathematics:
                "Steps = epochs x ceil(N / batch), N samples, where no picture has more captions than an epoch has batches; a last batch of one sample is left out. A pause keeps parameters, moments, average, order and generator."
        ),
        Concept(
            names: ["clip", "gradient_norm", "gradient norm"],
            sentence: "clip is the largest norm that the gradients of a step may have; longer ones are shortened.",
            screen:
                "A single odd batch can throw a model far. Clipping keeps the direction and limits the length. The norm before clipping is recorded for each step. (As a kind of handle, a clip is a model of two towers: see ?clip.)",
            mathematics: "g <- g clip / (||g|| + 1e-6) where ||g|| > clip, ||g|| over all parameters together."),
        Concept(
            names: ["seed"],
            sentence:
                "seed fixes new parameters, the order of samples and every draw: same machine and seed, same bits.",
            screen:
                "One run is an anecdote. Train with several seeds and compare means: for seed in [1, 2, 3] ... collect ... end.",
            mathematics:
                "Streams of one generator by name and seed; sums are taken in a fixed order, so threads change nothing."
        ),
        Concept(
            names: ["lora", "train", "alpha", "low rank"],
            sentence:
                "train says what learns: the adapter, the image tower, its last blocks, or matrices of low rank beside it.",
            screen: """
                The fewer parameters may move, the less is forgotten and the less is learnt. train=[adapter, last:4] moves the last four \
                blocks; train=[adapter, lora:16] adds products of thin matrices and leaves the tower itself as it was. The paper leaves \
                this as future work.
                """,
            mathematics: """
                W' = W + (alpha/r) B A, A [r, in] normal, B [out, r] zero at the start, W frozen; merged at the end. alpha: 2r by default. \
                Source: arXiv 2106.09685.
                """),
        Concept(
            names: ["preset", "paper", "pico"],
            sentence:
                "preset says where settings come from that are not given: the paper's, or those for some thousand small pictures.",
            screen: """
                The paper's rates suit 30 million pairs and batches of 4,096; on a few thousand small pictures they would hardly move. \
                preset=pico has rates that were best on our validation split. Explicit options win; what is in force is printed and recorded.
                """,
            mathematics:
                "paper: lr 1e-5, wd 0.05, beta 1. pico: lr 1e-3, tower_lr 3e-4, wd 0.1, beta 0.1, standardised inputs."),
        Concept(
            names: ["precision", "dtype"],
            sentence: "precision is the kind of number in which something is computed or stored.",
            screen: """
                Parameters, moments, norms, softmax and losses of a training are float32 in any case; precision=bf16 rounds what its networks \
                multiply to bfloat16. Frozen embedders may run with products of 16-bit integers or of bfloat16; saved models may be halves.
                """,
            mathematics: """
                float32 24 bits of mantissa, float16 11, bfloat16 8; products of bfloat16 are summed in float32. Where the processor has AMX a float32 \
                product is the sum of six products of three bfloat16 parts each. int16 products: 13 bits within blocks, accumulated in int32.
                """
        ),
        Concept(
            names: ["canary", "canary.acc1", "canary.forgotten"],
            sentence:
                "A canary is data that training does not learn from and must not forget; it is measured after each epoch.",
            screen: """
                tune ... canary=test measures zero-shot accuracy, retrieval and CKA before the first step and after every epoch; align, which \
                trains no pictures, recall between languages. The first number is watched: a lost tenth of its best is warned of, \
                stop=drop:10% pauses there. plot canary draws the curves, watch= draws a heat map with each reading. \
                What a canary decides is no longer a test: use the validation split where you choose by it.
                """,
            mathematics: """
                forgotten = (max_s m_s - m_t) / max_s m_s over the readings s <= t of the watched number m: acc1 where the pairs have classes, \
                else mean_recall, of align recall@1. CKA is against the features before the first step.
                """),
        Concept(
            names: ["watch", "heat map"],
            sentence:
                "watch draws a heat map of the canary's first pairs anew with each reading, while training goes on.",
            screen: """
                watch=sim has captions in rows and pictures in columns: training makes the diagonal bright. watch=captions and watch=pictures have \
                the distances between those, which L_struct holds. In a terminal each takes the place of the one before; the answer keeps \
                the first and the last, and plot watch m draws them all with one scale, for save as SVG, too.
                """,
            mathematics: """
                sim: t_i . v_j for captions t and pictures v of length 1, from -1 to 1. captions: ||t_i - t_j|| = sqrt(2 - 2 t_i . t_j), from 0 to 2; \
                pictures: the same of v.
                """),
    ]
}
