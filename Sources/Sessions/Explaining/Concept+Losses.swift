extension Concept {
    static let losses = [
        Concept(
            names: ["L_ins", "ins", "ins_weight", "ins_long", "long", "instance alignment"],
            sentence: "L_ins pulls each embedding to the one that the teacher gives to the same text or picture.",
            screen: """
                In stage 1 the adapter reads a caption through the language model, the teacher reads it with its own text tower, \
                and L_ins is the squared distance between the two answers. In stage 2 it holds the image tower to its own \
                moving average in the same way. It looks at one sample at a time: it says where a point should lie, not how points \
                lie to each other; that is what L_struct adds. Long captions beside short ones (long=) get L_ins only, \
                listed as ins_long.
                """,
            mathematics: """
                L_ins = (1/B) sum_i ||t*_i - e_i||^2 under reduction=mean, the plain sum under reduction=sum.
                t* [B, D]: adapter's outputs, e [B, D]: teacher's features, all of length 1, so each term is 2 - 2 cos, from 0 to 4.
                Weighted by ins_weight, in stage 2 also by lambda. Source: arXiv 2510.18795, Eq. 1.
                """),
        Concept(
            names: ["L_struct", "struct", "struct_weight", "beta", "structure alignment"],
            sentence:
                "L_struct keeps the distances between the embeddings of a batch as they are between the teacher's.",
            screen: """
                Two captions that lie near each other for the teacher should lie near each other for the adapter, and strangers should \
                stay strangers. L_struct compares every pair of a batch: the distance now against the distance there. It passes on \
                the shape of the space, also where single points miss their place. plot distances shows what it works on. \
                struct= chooses the penalty; none leaves it out.
                """,
            mathematics: """
                L_struct = 2/(B(B-1)) sum_{i<j} rho(d(x_i, x_j) - d(e_i, e_j)) under reduction=mean, the sum under reduction=sum.
                d: Euclidean distance of rows of x [B, D] and e [B, D]; rho(r) = r^2 / (2 beta) for |r| < beta, else |r| - beta/2 \
                (smooth_l1, as released), or r^2 (squared, as printed). A distance with d^2 < 1e-12 has gradient 0.
                struct_weight (B_ref - 1)/2 gives mean the balance of the paper's sums: 63.5 for 128 samples, 255.5 for 512. \
                Source: arXiv 2510.18795, Eq. 2.
                """),
        Concept(
            names: ["L_dis", "inheritance", "representation inheritance"],
            sentence: "L_dis is the loss of stage 1: L_ins plus the weighted L_struct, on texts alone.",
            screen: """
                The teacher's text tower goes away in the end; before it does, the adapter inherits what it knows. L_dis asks the \
                adapter to answer as the teacher does, text by text (L_ins) and in the distances between texts (L_struct). No \
                picture is needed, so its pool of texts may be wider than the pairs: texts=[train, classes] puts class names in.
                """,
            mathematics: """
                L_dis = ins_weight L_ins(t*, e) + struct_weight L_struct(t*, e)
                t* = A(G_T(text)) [B, D], e = E_T(text) [B, D]; only the adapter A has gradients. Source: arXiv 2510.18795, section 3.2.
                """),
        Concept(
            names: ["L_info", "info", "info_weight", "InfoNCE", "contrastive", "loss"],
            sentence:
                "L_info asks, for each picture of a batch, which of the batch's captions is its own, and the other way round.",
            screen: """
                A batch of B pairs gives B choices out of B in each direction. The cosines, times a learnable factor, go through a \
                softmax; the loss is the surprise at the right one. Guessing costs ln B, a perfect model nothing, so a loss \
                means little without its batch: 3.0 is poor for 32 pairs (ln 32 = 3.47) and good for 4,096 (8.32). Other captions \
                of the batch count as wrong even where they would fit. loss=sigmoid asks yes or no for each pair instead.
                """,
            mathematics: """
                S = exp(s) V T*^T [B, B], V [B, D] pictures, T* [B, D] captions, rows of length 1, s = logit_scale.
                L_info = 1/2 (mean_i -log softmax_row(S)_ii + mean_i -log softmax_column(S)_ii)
                Eq. 4 of arXiv 2510.18795 prints a sum over i; the released code and this one take the mean. Guessing: ln B. \
                dL/dS = (P_row + P_column - 2 I) / (2B). Source: arXiv 2103.00020, Fig. 3.
                """),
        Concept(
            names: ["sigmoid loss", "sigmoid"],
            sentence: "The sigmoid loss asks of each picture and each caption whether they belong together: yes or no.",
            screen: """
                InfoNCE lets captions compete for a picture; SigLIP's loss judges each pair by itself, with a bias against the many \
                that do not belong together. It needs a model with a logit bias (pretrain ... loss=sigmoid makes one).
                """,
            mathematics: """
                L = -(1/B) sum_ij log sigmoid(z_ij (exp(s) v_i . t_j + b)), z_ij = 1 where i = j, else -1; s, b learnable scalars.
                Guessing: ln B + (B - 1) ln(B / (B - 1)). Source: arXiv 2303.15343, Eq. 1.
                """),
        Concept(
            names: ["L_reg", "lambda", "self-distillation", "regulariser"],
            sentence: "L_reg holds the image tower of stage 2 to a teacher: by default its own moving average.",
            screen: """
                Contrastive tuning on few pairs bends the image tower until those pairs fit, and what hundreds of millions of pairs had \
                taught is lost. L_reg compares its features of each batch with those of a slower copy of itself and asks them to \
                stay near, one by one (L_ins) and in their distances (L_struct). lambda weighs it; lambda=0 leaves out the copy and its \
                forward pass. Watch cka, or train with canary=.
                """,
            mathematics: """
                L_tune = info_weight L_info + lambda (ins_weight L_ins(v, v*) + struct_weight L_struct(v, v*))
                v = E_I(x), v* = E_I*(x) [B, D]; no gradient flows into v*. The paper's lambda = 4e-4 belongs to sums over 512 samples; \
                under reduction=mean that is 4e-4 x 512 = 0.205. Source: arXiv 2510.18795, section 3.3.
                """),
        Concept(
            names: ["teacher", "ema", "moving average", "EMA"],
            sentence:
                "The teacher of stage 2 is the moving average of the image tower: it follows slowly and forgets slowly.",
            screen: """
                After each step the copy moves a thousandth of the way to the tower (ema=0.999). It begins as the tower itself, so at first \
                L_reg is 0 and grows only as the tower moves. teacher=initial keeps the copy where it began; teacher=cached does that \
                with features computed once, which saves its forward pass in every step.
                """,
            mathematics: """
                theta* <- a theta* + (1 - a) theta after the optimiser's step, a = ema; theta*_0 = theta_0. After k steps a share \
                a^k of the beginning is left: half after 693 steps at 0.999. Source: arXiv 2510.18795, section 3.3.
                """),
        Concept(
            names: ["reduction", "mean", "sum"],
            sentence: "reduction says whether the alignment losses add their terms over a batch or take the mean.",
            screen: """
                The paper prints sums, and its weights belong to sums over the samples of one device: 128 in stage 1, 512 in stage 2. \
                Sums grow with the batch, L_struct even with its square, so those weights mean something else for every batch. \
                reduction=mean, the default, divides by the number of terms and carries the paper's balance in struct_weight and \
                lambda; reduction=sum is the paper's letter.
                """,
            mathematics: """
                sum: sum_i a_i + sum_{i<j} b_ij. mean: (1/B) sum_i a_i + w 2/(B(B-1)) sum_{i<j} b_ij.
                They agree up to the factor B for w = (B - 1)/2 = struct_weight. Source: arXiv 2510.18795, whose released code sums over the samples of a device.
                """),
        Concept(
            names: ["chance", "ln B", "guessing"],
            sentence:
                "Chance is what guessing would give: ln B for the contrastive loss of B pairs, k/N for recall@k among N.",
            screen: """
                A number is good or bad only beside chance. A contrastive loss at ln B has learnt nothing, above ln B it is confidently \
                wrong. Recall@10 among 399 pictures is 2.5 % by guessing; top-1 accuracy among 100 classes 1 %.
                """,
            mathematics: """
                Uniform probabilities 1/B give -log(1/B) = ln B: 3.47 for 32, 5.55 for 256, 8.32 for 4,096 pairs.
                Recall@k by a random order: k/N for one right answer among N. Accuracy: 1/C for C classes.
                """),
        Concept(
            names: ["logit_scale", "temperature"],
            sentence:
                "logit_scale is the logarithm of the factor on the cosines: how sure a difference of cosines makes the model.",
            screen: """
                Cosines of real pairs differ by a few hundredths; without a factor, softmax would call everything equal. CLIP learns the \
                factor, at most 100. A high one makes the loss look at the hardest wrong captions, a low one at all alike. \
                logit_scale=0.07 starts from that temperature (a factor of 14.3), logit_scale=teacher from the teacher's.
                """,
            mathematics: """
                S_ij = exp(s) cos_ij, temperature tau = exp(-s); InfoNCE keeps s in [0, ln 100]. A lead of delta in cosine multiplies the \
                odds of two captions by exp(delta exp(s)): at a factor of 100, 0.01 is a factor of e. Source: arXiv 2103.00020, section 2.5.
                """),
    ]
}
