"""Scores by scikit-learn of outputs with ties, for test/train/metrics.test.ts: python scripts/golden/metrics.py > test/golden/metrics/scores.json

Made with scikit-learn and numpy of the versions in the file. All outputs are multiples of 1/8, so that they are the same in f32.
"""
import json
import warnings

import numpy as np
import sklearn
import sklearn.metrics as m

warnings.simplefilter("ignore")
rng = np.random.default_rng(7)


def eighths(*shape):
    return np.round(rng.normal(0, 1.2, shape) * 8) / 8


def binary(n, positives):
    target = (rng.random(n) < positives).astype(int)
    output = eighths(n) + target * 0.5
    decided = (output > 0).astype(int)
    return {
        "output": output.reshape(-1, 1).tolist(),
        "target": target.reshape(-1, 1).tolist(),
        "precision": m.precision_score(target, decided, zero_division=0),
        "recall": m.recall_score(target, decided, zero_division=0),
        "f1": m.f1_score(target, decided, zero_division=0),
        "balancedAccuracy": m.balanced_accuracy_score(target, decided),
        "binaryAccuracy": m.accuracy_score(target, decided),
        "auc": m.roc_auc_score(target, output),
        "averagePrecision": m.average_precision_score(target, output),
        "confusion": m.confusion_matrix(target, decided, labels=[0, 1]).tolist(),
    }


def first_largest(output, k):
    """The k largest, of equal ones the first: a stable sort."""
    return np.argsort(-output, axis=1, kind="stable")[:, :k]


def classes(n, count, absent=()):
    there = [c for c in range(count) if c not in absent]
    target = rng.choice(there, n)
    output = eighths(n, count)
    output[np.arange(n), target] += 0.75
    if absent:
        output[:, absent[0]] = -100  # neither there nor found
    decided = output.argmax(1)
    averages = ["macro", "micro", "weighted"]
    result = {
        "classes": count,
        "output": output.tolist(),
        "target": target.tolist(),
        "accuracy": m.accuracy_score(target, decided),
        "balancedAccuracy": m.balanced_accuracy_score(target, decided),
        "confusion": m.confusion_matrix(target, decided, labels=range(count)).tolist(),
        "topK": {k: float((first_largest(output, k) == target[:, None]).any(1).mean()) for k in range(1, count + 1)},
        "one": {},
    }
    for name, score in [("precision", m.precision_score), ("recall", m.recall_score), ("f1", m.f1_score)]:
        result[name] = {a: score(target, decided, average=a, zero_division=0) for a in averages}
        result["one"][name] = score(target, decided, labels=range(count), average=None, zero_division=0).tolist()
    aucs = {c: m.roc_auc_score(target == c, output[:, c]) for c in there}
    precisions = {c: m.average_precision_score(target == c, output[:, c]) for c in there}
    support = [np.mean(target == c) for c in there]
    result["auc"] = {"macro": np.mean(list(aucs.values())), "weighted": np.average(list(aucs.values()), weights=support)}
    result["averagePrecision"] = {
        "macro": np.mean(list(precisions.values())),
        "weighted": np.average(list(precisions.values()), weights=support),
    }
    result["one"]["auc"] = [aucs.get(c) for c in range(count)]
    result["one"]["averagePrecision"] = [precisions.get(c) for c in range(count)]
    return result


def labels(n, count):
    target = (rng.random((n, count)) < 0.4).astype(int)
    output = eighths(n, count) + target * 0.5
    return {
        "output": output.tolist(),
        "target": target.tolist(),
        "auc": m.roc_auc_score(target, output, average="macro"),
        "averagePrecision": m.average_precision_score(target, output, average="macro"),
    }


def regression(n, count, offset=0.0, constant=False):
    target = eighths(n, count) + offset
    output = target + eighths(n, count) / 4
    if constant:
        target[:, 0] = 2
        output[:, 0] = 2
        target[:, 1] = 3
    return {
        "output": output.tolist(),
        "target": target.tolist(),
        "r2": m.r2_score(target, output),
        "rootMeanSquaredError": float(np.sqrt(m.mean_squared_error(target, output))),
    }


print(
    json.dumps(
        {
            "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
            "binary": [binary(101, 0.4), binary(300, 0.05), binary(7, 0.5)],
            "classes": [classes(120, 4), classes(90, 7, absent=(3,)), classes(33, 3)],
            "labels": [labels(80, 3)],
            "regression": [regression(60, 1), regression(300, 3), regression(50, 3, offset=4096), regression(20, 3, constant=True)],
        }
    )
)
