"""Writes spec/fixtures/measures.json: what scikit-learn and NumPy give for the measures of lib/recognition/evaluation.

    python3 -m venv /tmp/measures && /tmp/measures/bin/pip install scikit-learn==1.9.1
    /tmp/measures/bin/python scripts/make_measures_fixture.py
"""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
from sklearn.metrics import auc, pairwise_distances, roc_auc_score, roc_curve
from sklearn.metrics.pairwise import paired_distances
from sklearn.neighbors import NearestCentroid

FILE = Path(__file__).parent.parent / "spec" / "fixtures" / "measures.json"


def score_case(name, known, unknown, correct):
    known, unknown, correct = np.asarray(known, float), np.asarray(unknown, float), np.asarray(correct, bool)
    truth = np.r_[np.ones(len(known)), np.zeros(len(unknown))]
    scores = np.r_[known, unknown]
    falsely_accepted, accepted, thresholds = roc_curve(truth, scores, drop_intermediate=False)

    # The same curve with the samples that are accepted and named rightly in place of those accepted.
    named_rightly = [np.mean(correct & (known >= threshold)) for threshold in thresholds]

    # In whole numbers: which of two thresholds is closer must not hang on rounding.
    gaps = [
        abs(Fraction(int(np.sum(unknown >= t)), len(unknown)) - Fraction(int(np.sum(known < t)), len(known)))
        for t in thresholds[1:]
    ]
    equal = 1 + gaps.index(min(gaps))
    return {
        "name": name,
        "known": known.tolist(),
        "unknown": unknown.tolist(),
        "correct": correct.tolist(),
        "auroc": roc_auc_score(truth, scores),
        "rocCurve": [
            {"threshold": None if np.isinf(t) else t, "accepted": a, "falselyAccepted": f}
            for t, a, f in zip(thresholds.tolist(), accepted.tolist(), falsely_accepted.tolist())
        ],
        "falseAcceptAt": {
            str(share): float(falsely_accepted[np.argmax(accepted >= share)]) for share in (0.5, 0.9, 0.95, 1)
        },
        "oscr": float(auc(falsely_accepted, named_rightly)),
        "equalErrorRate": {
            "rate": float((falsely_accepted[equal] + 1 - accepted[equal]) / 2),
            "threshold": float(thresholds[equal]),
        },
    }


def feature_case(name, features, labels):
    features, labels = np.asarray(features, float), np.asarray(labels)
    centroids = NearestCentroid().fit(features, labels)
    class_ids = np.searchsorted(centroids.classes_, labels)
    intra = paired_distances(features, centroids.centroids_[class_ids]).mean()
    between = pairwise_distances(centroids.centroids_)
    inter = between[np.triu_indices_from(between, 1)].mean()

    # The features are whole numbers, so that equal distances are equal to the last bit; argmin takes the lower index.
    distances = ((features[:, None] - features[None]) ** 2).sum(axis=2)
    np.fill_diagonal(distances, np.inf)
    has_partner = np.array([np.sum(labels == label) > 1 for label in labels])
    hits = labels[distances.argmin(axis=1)] == labels
    return {
        "name": name,
        "features": features.tolist(),
        "labels": labels.tolist(),
        "compactness": {"intraClass": intra, "interClass": inter, "ratio": intra / inter},
        "recallAt1": float(hits[has_partner].mean()),
    }


def main():
    random = np.random.default_rng(12)
    known, unknown = random.normal(1, 1, 120), random.normal(0, 1, 80)
    clusters = np.repeat([[0, 0, 9], [6, 0, 0], [0, 7, 1]], [15, 20, 10], axis=0)
    cluster_labels = np.repeat(["a", "b", "c"], [15, 20, 10])
    fixture = {
        "scores": [
            score_case("all scores differ", known, unknown, random.random(120) < 0.9),
            score_case("many ties", known.round(1), unknown.round(1), random.random(120) < 0.9),
            score_case("few levels", random.integers(0, 4, 60), random.integers(0, 3, 70), random.random(60) < 0.7),
            score_case("known above unknown", [3, 4, 5, 5], [1, 2, 2], [1, 1, 0, 1]),
            score_case("known below unknown", [1, 2, 2], [3, 4, 5, 5], [1, 0, 1]),
            score_case("one of each", [0.25], [0.5], [1]),
            score_case("one unknown among ties", [1, 1, 1, 0], [1], [1, 0, 1, 1]),
        ],
        "features": [
            feature_case("three clusters", clusters + random.integers(-4, 5, clusters.shape), cluster_labels),
            feature_case("a grid full of ties", [[x, y] for x in range(5) for y in range(4)], ["u", "v"] * 10),
            feature_case("duplicates, and a class of one", [[0], [0], [0], [4], [9]], ["a", "b", "a", "b", "c"]),
        ],
    }
    FILE.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
