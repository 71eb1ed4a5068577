"""scikit-learn's side of the forest benchmark: answers one JSON request a line with a JSON line."""

import json
import sys
from time import perf_counter, process_time

import numpy as np
import sklearn
from sklearn.datasets import load_breast_cancer, load_digits, load_wine, make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

LOADERS = {"digits": load_digits, "wine": load_wine, "breast_cancer": load_breast_cancer}


def data(name):
    """Rows as float32 and labels."""
    if name == "speech-sized":
        rows, labels = make_classification(
            n_samples=1440, n_features=160, n_informative=40, n_redundant=40, n_classes=8,
            n_clusters_per_class=2, class_sep=1.5, random_state=0,
        )
    else:
        rows, labels = LOADERS[name](return_X_y=True)
    return rows.astype(np.float32), labels.astype(np.int32)


def halves(name, seed):
    rows, labels = data(name)
    return train_test_split(rows, labels, test_size=0.2, stratify=labels, random_state=seed)


def give(request):
    """The training and test rows, for the other side."""
    train, test, train_labels, test_labels = halves(request["data"], request["seed"])
    return {
        "train": train.ravel().tolist(),
        "test": test.ravel().tolist(),
        "trainLabels": train_labels.tolist(),
        "testLabels": test_labels.tolist(),
        "dimension": int(train.shape[1]),
        "classes": int(train_labels.max()) + 1,
    }


def fit(request):
    train, test, train_labels, test_labels = halves(request["data"], request["seed"])
    forest = RandomForestClassifier(
        n_estimators=request["trees"], criterion=request["criterion"], random_state=request["seed"], n_jobs=1
    )
    start, cpu_start = perf_counter(), process_time()
    forest.fit(train, train_labels)
    seconds, cpu_seconds = perf_counter() - start, process_time() - cpu_start
    accuracy = float((forest.predict(test) == test_labels).mean())
    return {"accuracy": accuracy, "fitSeconds": seconds, "fitCpuSeconds": cpu_seconds}


print(json.dumps({"version": sklearn.__version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    answer = give(request) if request["do"] == "give" else fit(request)
    print(json.dumps(answer), flush=True)
