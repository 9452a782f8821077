extension Concept {
    static let method = [
        Concept(
            names: ["ProCLIP", "curriculum", "stages", "proclip"],
            sentence:
                "ProCLIP gives CLIP a language model as its reader in two stages: first inherit its text space, then tune with care.",
            screen: """
                Stage 1 (distill): an adapter on the frozen language model learns to answer as CLIP's text tower does. Stage 2 (tune): \
                adapter and image tower learn from pairs, and a moving average of the tower holds the old knowledge. Without stage 1 \
                the first gradients come from a random adapter and spoil the tower; without the hold of stage 2 it drifts.
                """,
            mathematics: """
                Stage 1: min_A L_dis(A(G_T(y)), E_T(y)). Stage 2: min_{A, E_I} L_info(E_I(x), A(G_T(y))) + lambda L_reg(E_I(x), E_I*(x)).
                x pictures, y captions; G_T embedder [B, d], A adapter [B, d] -> [B, D], E_I, E_T CLIP's towers. Source: arXiv 2510.18795.
                """),
        Concept(
            names: ["distill", "stage 1"],
            sentence:
                "Stage 1 teaches an adapter, from texts alone, to place a language model's vectors where CLIP places the same texts.",
            screen: """
                The embedder runs once per text, the teacher's text tower once per text; then only a small adapter trains, in seconds. Its \
                pool of texts decides what is inherited: with captions alone, class names land in odd places and zero-shot suffers; \
                texts=[train, classes] mends that and needs no picture.
                """,
            mathematics: """
                min_A L_dis = L_ins(A(g), e) + struct_weight L_struct(A(g), e); g = G_T(y) [B, d] and e = E_T(y) [B, D] are constants, \
                computed once. The paper: 4 epochs, batch 1,024, AdamW 1e-5. Source: arXiv 2510.18795, section 3.2.
                """),
        Concept(
            names: ["tune", "stage 2"],
            sentence:
                "Stage 2 tunes image tower and adapter on pairs by the contrastive loss, held back by self-distillation.",
            screen: """
                From a model of stage 1 it is ProCLIP; from an embedder with tower=TEACHER lambda=0 it is LLM2CLIP; with train=adapter it \
                is LiT. train= may also name the tower's last blocks or matrices of low rank. tower=random:vit-b-16 starts from \
                a tower that has seen nothing.
                """,
            mathematics: """
                min L_info(V, T*) + lambda L_reg(V, V*), V = E_I(x), T* = A(G_T(y)), both [B, D]. The paper: 4 epochs, batch 4,096, \
                AdamW 1e-5, lambda 4e-4 on sums over 512. Source: arXiv 2510.18795, section 3.3.
                """),
        Concept(
            names: ["align", "stage 0"],
            sentence:
                "Stage 0 trains matrices of low rank inside a language model until texts of one meaning lie together.",
            screen: """
                Raw mean-pooled states of a language model cluster by language rather than by meaning. align contrasts captions of the same \
                picture, in any languages, against the rest of a batch. It is what LLM2CLIP calls caption-contrastive tuning.
                """,
            mathematics: """
                InfoNCE, both ways, of the cosines over temperature (0.05) between pooled states of two captions of one picture, [B, d] each; W + (alpha/r) B A with A [r, in], B [out, r] \
                trained, W frozen. Source: arXiv 2411.04997, section 3.1; arXiv 2404.05961.
                """),
        Concept(
            names: ["pretrain", "CLIP"],
            sentence: "pretrain trains a CLIP from nothing: an image tower and a text tower that meet in one space.",
            screen: """
                Two networks, one for pictures and one for texts, end in vectors of the same width. The contrastive loss is all that ties \
                them. Nothing says what a dog is; only which caption came with which picture.
                """,
            mathematics: """
                V = normalise(E_I(x)), T = normalise(E_T(y)), [B, D]; L = L_info(V, T). Source: arXiv 2103.00020.
                """),
        Concept(
            names: ["adapter", "blocks", "expansion"],
            sentence: "The adapter is the small network between the language model's vectors and CLIP's space.",
            screen: """
                It is all that stage 1 trains: N residual blocks and a projection. Fresh weights make it a random map, and that is what \
                LLM2CLIP sets the image tower in front of. More blocks cost little: 12 instead of 4 are the paper's largest gain from size.
                """,
            mathematics: """
                x_0 = g / ||g|| [B, d]; x_{k+1} = x_k + W_2 GELU(W_1 LayerNorm(x_k) + b_1) + b_2, W_1 [e d, d], W_2 [d, e d]; \
                A(g) = normalise(W LayerNorm(x_N) + b) [B, D]. blocks = N (paper 4), expansion = e (paper 2). \
                Source: arXiv 2411.04997; arXiv 2510.18795, A.1.
                """),
        Concept(
            names: ["embedder", "pooling", "layer"],
            sentence:
                "An embedder is a frozen language model that gives one vector for a text; it runs once per caption.",
            screen: """
                It reads longer texts, more languages and finer words than CLIP's text tower. Because it stays frozen, its vectors are \
                computed once and cached; training never runs it. How tokens become one vector (pooling: mean, last token, first token) \
                is part of the model.
                """,
            mathematics: """
                g = pool(H), H [T, d] the last layer's states of T tokens; mean pooling averages over the tokens that are no padding.
                """),
        Concept(
            names: ["standardise"],
            sentence: "standardise brings each dimension of the embedder's vectors to mean 0 and deviation 1 first.",
            screen: """
                Vectors of a language model share a large common part: every text resembles every other. Taking it out lets the adapter \
                start from what differs. It is fitted on the training texts and kept in the model. The paper only normalises the length; \
                the small preset standardises.
                """,
            mathematics: """
                g'_j = (g_j - mu_j) / max(sigma_j, s/10), j = 1..d, mu and sigma over the training texts, s^2 the mean of sigma^2; then g' / ||g'||.
                """),
        Concept(
            names: ["modality gap", "modality_gap", "gap"],
            sentence:
                "The modality gap is the distance between the cloud of pictures and the cloud of captions in their common space.",
            screen: """
                One space does not mean one place. Pictures lie in one cone, captions in another, from the first random weights on, and the \
                contrastive loss has little reason to close the gap: it only compares captions with captions for a picture. \
                plot map shows it.
                """,
            mathematics: """
                || (1/N) sum_i v_i - (1/N) sum_i t_i ||, v, t [N, D] of length 1: from 0 to 2. Source: arXiv 2203.02053.
                """),
        Concept(
            names: ["LLM2CLIP", "llm2clip", "cold start"],
            sentence: "LLM2CLIP puts a fresh adapter on the language model and tunes it with the image tower at once.",
            screen: """
                It is the baseline of the paper: the same stage 2 without stage 1 and without L_reg. While the adapter is still random, its \
                gradients push the tower about. Retrieval on the new pairs rises, zero-shot knowledge falls. \
                tune llm tower=teacher data=train lambda=0.
                """,
            mathematics: "min_{A, E_I} L_info(E_I(x), A(G_T(y))) with A random at the start. Source: arXiv 2411.04997."),
        Concept(
            names: ["LiT", "lit"],
            sentence:
                "LiT locks the image tower and trains only what reads: nothing is forgotten, and nothing is learnt to see.",
            screen:
                "tune llm tower=teacher data=train lambda=0 train=adapter. CKA stays 1 by construction; the price is in retrieval.",
            mathematics:
                "min_A L_info(E_I(x), A(G_T(y))), E_I constant, so its features [N, D] are computed once. Source: arXiv 2111.07991."
        ),
        Concept(
            names: ["Long-CLIP", "context", "long captions"],
            sentence:
                "Long-CLIP stretches the 77 positions of CLIP's text tower by interpolation and tunes that tower.",
            screen: """
                CLIP cuts a caption behind 77 tokens, and has hardly learnt positions beyond 20. load clip ... context=248 keeps the first 20 \
                position vectors and interpolates the rest; tune ... train=text lambda=0 then teaches the tower to use them. A language \
                model as reader has no such limit.
                """,
            mathematics: """
                p'_i = p_i for i < 20; p'_i = linear interpolation of p at 20 + (i - 20) (77 - 20)/(248 - 20) beyond. \
                Source: arXiv 2403.15378, section 3.1.
                """),
        Concept(
            names: ["forgetting", "catastrophic forgetting"],
            sentence: "Forgetting is what a model loses on old tasks while it learns a new one.",
            screen: """
                The image tower knows more than the new pairs ask for. Each step moves it where those pairs want it, and nothing in L_info \
                defends the rest. It shows in zero-shot accuracy, in retrieval of another style, in CKA. compare prints them, plot forget \
                draws them, canary= watches them while training goes on.
                """,
            mathematics:
                "Loss on the old distribution after training on the new one, minus before; here as acc1, recall or 1 - CKA."
        ),
    ]
}
