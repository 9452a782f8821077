"""Reference values for retrieval, zero-shot classification, linear CKA, a linear probe and the geometry of features, from numpy and scikit-learn in float64.

Run in this folder: python3 generate_evaluation.py. Seeded: the file comes out the same every time.
"""
import numpy
from safetensors.numpy import save_file
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import recall_score, top_k_accuracy_score

random = numpy.random.default_rng(8)
out = {}


def normalised(x):
    return x / numpy.linalg.norm(x, axis=-1, keepdims=True)


def recall(scores, relevant, k):
    """Share of rows with a relevant column among the k best."""
    hits = [bool(set(numpy.argsort(-row, kind="stable")[:k]) & set(answers)) for row, answers in zip(scores, relevant)]
    return numpy.mean(hits)


# Pools: one caption a picture; several captions a picture and texts that several pictures bear.
for name, pictures, texts, shared in (("single", 40, 40, 0), ("several", 23, 61, 9)):
    owners = [[t % pictures] for t in range(texts)]
    for t in range(shared):
        owners[t] = sorted(set(owners[t] + list(random.integers(0, pictures, 2))))
    image = random.normal(size=(pictures, 12))
    text = numpy.stack([image[o].mean(0) for o in owners]) + 1.2 * random.normal(size=(texts, 12))
    image, text = (normalised(x).astype("f4") for x in (image, text))
    scores = text.astype("f8") @ image.astype("f8").T
    of_image = [[t for t, o in enumerate(owners) if p in o] for p in range(pictures)]
    relation = numpy.zeros((texts, pictures), "f4")
    for t, o in enumerate(owners):
        relation[t, o] = 1
    recalls = [recall(scores, owners, k) for k in (1, 5, 10)] + [recall(scores.T, of_image, k) for k in (1, 5, 10)]
    out |= {f"{name}/image": image, f"{name}/text": text, f"{name}/relation": relation,
            f"{name}/recalls": numpy.array(recalls, "f4")}

# Zero-shot: 13 classes of uneven size with 3 prompts each.
labels = random.choice(13, 90, p=1.4 ** numpy.arange(13) / (1.4 ** numpy.arange(13)).sum())
prompts = random.normal(size=(13, 3, 10))
image = normalised(prompts.mean(1)[labels] + 1.6 * random.normal(size=(90, 10))).astype("f4")
classes = normalised(normalised(prompts.astype("f4").astype("f8")).mean(1))
scores = image.astype("f8") @ classes.T
out |= {
    "zeroshot/image": image, "zeroshot/labels": labels.astype("f4"), "zeroshot/classes": classes.astype("f4"),
    "zeroshot/prompts": prompts.reshape(39, 10).astype("f4"),
    "zeroshot/metrics": numpy.array(
        [top_k_accuracy_score(labels, scores, k=1, labels=range(13)),
         top_k_accuracy_score(labels, scores, k=5, labels=range(13)),
         recall_score(labels, scores.argmax(1), labels=numpy.unique(labels), average="macro")], "f4"),
}

# CKA through the centred Gram matrices (Kornblith et al., 2019, Eq. 1 and 2).
x = random.normal(size=(50, 9)).astype("f4")
y = (x @ random.normal(size=(9, 6)) + 2 * random.normal(size=(50, 6)) + 5).astype("f4")
centre = numpy.eye(50) - 1 / 50
hsic = lambda a, b: numpy.trace(centre @ (a @ a.T) @ centre @ (b @ b.T))
a, b = x.astype("f8"), y.astype("f8")
out |= {"cka/x": x, "cka/y": y, "cka/value": numpy.array(hsic(a, b) / (hsic(a, a) * hsic(b, b)) ** 0.5, "f4")}

# A linear probe: 5 classes that overlap; probabilities of other pictures for two penalties.
centres = random.normal(size=(5, 7))
kind = random.integers(0, 5, 160)
features = normalised(centres[kind] + 1.1 * random.normal(size=(160, 7))).astype("f4")
out |= {"probe/features": features, "probe/labels": kind.astype("f4")}
for name, penalty in (("weak", 1e-2), ("strong", 3.0)):
    model = LogisticRegression(C=1 / penalty, max_iter=10000, tol=1e-10).fit(features[:120].astype("f8"), kind[:120])
    # Weights are unique up to a vector that is common to all classes, which the penalty makes 0; biases are made so.
    out[f"probe/{name}"] = numpy.hstack([model.coef_, (model.intercept_ - model.intercept_.mean())[:, None]]).astype("f4")
    out[f"probe/{name}_accuracy"] = numpy.array(model.score(features[120:].astype("f8"), kind[120:]), "f4")

# Alignment, uniformity and the gap between modalities, over all pairs by brute force.
image, text = (normalised(random.normal(size=(40, 6)) + shift).astype("f4") for shift in (0.4, -0.3))
apart = lambda v: ((v[:, None].astype("f8") - v[None].astype("f8")) ** 2).sum(-1)[numpy.triu_indices(40, 1)]
out |= {
    "geometry/image": image, "geometry/text": text,
    "geometry/values": numpy.array(
        [((image.astype("f8") - text) ** 2).sum(-1).mean(), numpy.log(numpy.exp(-2 * apart(image)).mean()),
         numpy.log(numpy.exp(-2 * apart(text)).mean()), numpy.linalg.norm(image.mean(0) - text.mean(0))], "f4"),
}
save_file({k: numpy.ascontiguousarray(v) for k, v in out.items()}, "evaluation.safetensors")
