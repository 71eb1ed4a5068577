"""Computes every figure of an evaluation's metrics.json again, from the artifacts and without this repository's code.

    python scripts/recompute.py [ARTIFACTS] [--evaluate NAME] [--split NAME] [--clips NAME] [--bins N] [--resamples N]

ARTIFACTS is the folder `artifacts` of a workspace. Needs numpy, pyarrow, scikit-learn and SciPy. Figures must be equal to
1e-9; ends of intervals must lie where two bootstraps of their sizes may put them. Names each figure that is not, and
exits with 1. `fitSeconds` is a measurement: nothing is there to compute it from.
"""

import argparse
import json
import re
import sys
import warnings
from math import floor, lcm, sqrt
from pathlib import Path

import numpy as np
import pyarrow as pa
from scipy.stats import permutation_test
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    confusion_matrix,
    f1_score,
    precision_recall_fscore_support,
)

OWN_RESAMPLES = 4000
# Standard errors that two estimates of one quantile or one probability may lie apart.
ERRORS = 5
FEWEST_UNITS = 5
DRAWN_ASSIGNMENTS = 9999


def folder_of(artifacts, stage):
    """`train[cnn,mfcc]` lies in train/cnn-mfcc."""
    name, values = re.fullmatch(r"([^\[]+)(?:\[(.*)\])?", stage).groups()
    return artifacts / name if values is None else artifacts / name / values.replace(",", "-")


def read_table(path, columns=None):
    table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
    names = columns or table.column_names
    return {name: table.column(name).combine_chunks() for name in names if name in table.column_names}


def text(column):
    return np.array([value or "" for value in column.to_pylist()], dtype=object)


class Split:
    def __init__(self, folder):
        self.description = json.loads((folder / "split.json").read_text())
        table = read_table(folder / "table.arrow")
        self.ids = text(table["id"])
        self.speakers = dict(zip(self.ids, text(table["speaker"])))
        self.emotion_of = text(table["emotion"])
        self.roles = [text(table[f"fold{fold}"]) for fold in range(self.description["folds"])]

    def emotions(self, models):
        """Those that some fold uses or some model names."""
        used = {emotion for roles in self.roles for emotion in self.emotion_of[roles != "unused"]}
        everything = self.description["emotions"]
        used |= {everything[index] for model in models for index in model.predicted}
        return [emotion for emotion in everything if emotion in used]


class Model:
    def __init__(self, folder, own_validation):
        self.summary = json.loads((folder / "summary.json").read_text())
        table = read_table(folder / "predictions.arrow")
        self.clip, self.part = text(table["clip"]), text(table["part"])
        self.fold = np.asarray(table["fold"])
        self.truth, self.predicted = np.asarray(table["emotionIndex"]), np.asarray(table["predictedIndex"])
        probabilities = table["probabilities"]
        values = np.asarray(probabilities.flatten())
        self.probabilities = values.reshape(len(probabilities), -1).astype(np.float64)
        self.own_validation = own_validation

    def rows(self, part, fold=None):
        chosen = self.part == part
        return chosen if fold is None else chosen & (self.fold == fold)

    def validation(self, fold=None):
        """Accuracy, UAR, macro F1 and loss; None where the test part validates, or nothing does."""
        rows = self.rows("validation", fold)
        if not self.own_validation or not rows.any():
            return None
        truth, predicted = self.truth[rows], self.predicted[rows]
        right = self.probabilities[rows][np.arange(len(truth)), truth]
        return {
            "Accuracy": accuracy_score(truth, predicted),
            "Uar": uar(truth, predicted),
            "MacroF1": macro_f1(truth, predicted),
            "Loss": float(-np.log(np.maximum(1e-15, right)).mean()),
        }


def uar(truth, predicted):
    with warnings.catch_warnings():
        # Of classes that are named and do not occur, which it leaves out as it should.
        warnings.simplefilter("ignore")
        return balanced_accuracy_score(truth, predicted)


def macro_f1(truth, predicted):
    return f1_score(truth, predicted, average="macro", zero_division=0)


def expected_calibration_error(probabilities, truth, bins):
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    index = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    return sum(
        abs(right[index == bin].mean() - confidence[index == bin].mean()) * (index == bin).mean()
        for bin in np.unique(index)
    )


class Tested:
    """The clips of the test parts, each once, and the units that they are of."""

    def __init__(self, split, digests):
        tested = np.zeros(len(split.ids), dtype=bool)
        for roles in split.roles:
            tested |= roles == "test"
        place = {}
        self.place_of, self.truth, units = {}, [], {}
        for id, emotion in zip(split.ids[tested], split.emotion_of[tested]):
            speaker = split.speakers[id]
            key = (speaker, digests.get(id) or id, emotion)
            if key not in place:
                place[key] = len(place)
                self.truth.append(split.description["emotions"].index(emotion))
                units.setdefault(speaker or key, []).append(place[key])
            self.place_of[id] = place[key]
        self.truth = np.array(self.truth)
        self.units = [np.array(unit) for unit in units.values()]
        self.unit = "clip" if all(len(unit) == 1 for unit in self.units) else "speaker"

    def shares(self, model):
        """Clips × emotions: the share of its answers that each emotion got; and how often each clip was asked."""
        rows = model.rows("test")
        shares = np.zeros((len(self.truth), model.probabilities.shape[1]))
        places = [self.place_of[clip] for clip in model.clip[rows]]
        np.add.at(shares, (places, model.predicted[rows]), 1)
        asked = shares.sum(axis=1)
        return shares / asked[:, None], asked.astype(int)

    def resampled(self, shares, count, seed):
        """Accuracy, UAR and macro F1 of each model on resamples of units and of clips within them."""
        random = np.random.default_rng(seed)
        classes = shares[0].shape[1]
        onehot = np.eye(classes)[self.truth]
        values = np.empty((len(shares), 3, count))
        for resample in range(count):
            drawn = [
                random.choice(self.units[unit], size=len(self.units[unit]))
                for unit in random.integers(len(self.units), size=len(self.units))
            ]
            weights = np.bincount(np.concatenate(drawn), minlength=len(self.truth))
            support = weights @ onehot
            for model, share in enumerate(shares):
                matrix = (onehot * weights[:, None]).T @ share
                hits, named = np.diag(matrix), matrix.sum(axis=0)
                occurs, met = support > 0, support + named > 0
                values[model, :, resample] = (
                    hits.sum() / support.sum(),
                    (hits[occurs] / support[occurs]).mean(),
                    (2 * hits[met] / (support + named)[met]).mean(),
                )
        return values


def sign_flips(sums, denominator):
    """The exact two-sided p: by SciPy for few units, by counting all assignments of signs in whole numbers for many."""
    if len(sums) <= 12:
        return permutation_test(
            (np.array(sums),), np.sum, permutation_type="samples", vectorized=False, n_resamples=np.inf
        ).pvalue
    whole = [abs(round(value * denominator)) for value in sums]
    counts = np.ones(1)
    for value in whole:
        longer = np.zeros(len(counts) + 2 * value)
        longer[: len(counts)] += counts / 2
        longer[2 * value :] += counts / 2
        counts = longer
    totals = np.arange(len(counts)) - sum(whole)
    return counts[np.abs(totals) >= abs(round(sum(sums) * denominator))].sum()


def holm(values):
    corrected, largest = [0.0] * len(values), 0.0
    for rank, index in enumerate(sorted(range(len(values)), key=lambda at: values[at])):
        largest = max(largest, min(1, values[index] * (len(values) - rank)))
        corrected[index] = largest
    return corrected


class Check:
    def __init__(self, resamples):
        self.checked, self.wrong, self.resamples = 0, [], resamples

    def equal(self, place, found, expected):
        self.checked += 1
        if isinstance(expected, (list, tuple)):
            same = len(found) == len(expected)
            for at in range(len(expected) if same else 0):
                self.equal(f"{place}[{at}]", found[at], expected[at])
        elif expected is None or isinstance(expected, (str, bool)) or found is None:
            same = found == expected
        else:
            same = abs(found - expected) <= 1e-9
        if not same:
            self.wrong.append(f"{place}: {found} in metrics.json, {expected} recomputed")

    def interval(self, place, found, values):
        if values is None or found is None:
            return self.equal(place, found, None if values is None else "an interval")
        tail = (1 - found["level"]) / 2
        for end, quantile in (("low", tail), ("high", 1 - tail)):
            spread = ERRORS * sqrt(quantile * (1 - quantile) * (1 / self.resamples + 1 / len(values)))
            low, high = np.quantile(values, [max(0, quantile - spread), min(1, quantile + spread)])
            self.checked += 1
            if not low - 1e-9 <= found[end] <= high + 1e-9:
                self.wrong.append(f"{place}.{end}: {found[end]} in metrics.json, {low} to {high} recomputed")

    def p(self, place, found, expected, units):
        if units <= 32:
            return self.equal(place, found, expected)
        self.checked += 1
        error = ERRORS * sqrt(expected * (1 - expected) / DRAWN_ASSIGNMENTS) + 2 / DRAWN_ASSIGNMENTS
        if abs(found - expected) > error:
            self.wrong.append(f"{place}: {found} in metrics.json, {expected} ± {error} recomputed")


def check_result(check, place, result, model, emotions, split, bins):
    everything = split.description["emotions"]
    labels = [everything.index(emotion) for emotion in emotions]
    test, train = model.rows("test"), model.rows("train")
    truth, predicted = model.truth[test], model.predicted[test]
    folds = sorted(set(model.fold[test]))
    per_fold = [
        accuracy_score(model.truth[rows], model.predicted[rows]) for rows in (model.rows("test", f) for f in folds)
    ]
    speaker = np.array([split.speakers[clip] for clip in model.clip[test]], dtype=object)
    out_of_bag = [fold["outOfBagAccuracy"] for fold in model.summary["folds"] if "outOfBagAccuracy" in fold]
    validation = model.validation()
    expected = {
        "model": model.summary["model"],
        "features": model.summary["features"],
        "trainAccuracy": accuracy_score(model.truth[train], model.predicted[train]),
        "testAccuracy": accuracy_score(truth, predicted),
        "testAccuracyStd": float(np.std(per_fold, ddof=1)) if len(per_fold) > 1 else 0,
        "macroF1": macro_f1(truth, predicted),
        "uar": uar(truth, predicted),
        "epochs": floor(np.mean([fold["epochs"] for fold in model.summary["folds"]]) + 0.5),
        "params": model.summary["parameters"]["total"],
        "trainableParams": model.summary["parameters"]["trainable"],
        "confusion": confusion_matrix(truth, predicted, labels=labels).tolist(),
        "perFold": per_fold,
        "ece": expected_calibration_error(model.probabilities[test][:, labels], np.searchsorted(labels, truth), bins),
        "outOfBagAccuracy": float(np.mean(out_of_bag)) if out_of_bag else None,
        "validationClips": int(model.rows("validation").sum()) if validation else 0,
        **{f"validation{name}": validation and validation[name] for name in ("Accuracy", "Uar", "MacroF1", "Loss")},
    }
    for name, value in expected.items():
        check.equal(f"{place}.{name}", result[name], value)
    scores = precision_recall_fscore_support(truth, predicted, labels=labels, zero_division=0)
    for at, emotion in enumerate(emotions):
        own = result["perClass"][at]
        check.equal(f"{place}.perClass[{at}].emotion", own["emotion"], emotion)
        for name, values in zip(("precision", "recall", "f1", "support"), scores):
            check.equal(f"{place}.perClass[{emotion}].{name}", own[name], float(values[at]))
    check.equal(f"{place}.perSpeaker", [own["speaker"] for own in result["perSpeaker"]], sorted(set(speaker)))
    for own in result["perSpeaker"]:
        rows = speaker == own["speaker"]
        check.equal(f"{place}.perSpeaker[{own['speaker']}].files", own["files"], int(rows.sum()))
        right = accuracy_score(truth[rows], predicted[rows])
        check.equal(f"{place}.perSpeaker[{own['speaker']}].accuracy", own["accuracy"], right)


def check_comparisons(check, metrics, models, tested, values):
    stages = [result["stage"] for result in metrics["results"]]
    pairs = [(a, b) for a in range(len(stages)) for b in range(a + 1, len(stages))]
    check.equal("comparisons", [[each["a"], each["b"]] for each in metrics["comparisons"]], [
        [stages[a], stages[b]] for a, b in pairs
    ])
    shares = [tested.shares(model) for model in models]
    right = [share[range(len(tested.truth)), tested.truth] for share, _ in shares]
    enough = len(tested.units) >= FEWEST_UNITS
    denominator = lcm(*{int(times) for _, asked in shares for times in asked})
    for (a, b), found in zip(pairs, metrics["comparisons"]):
        place = f"comparisons[{found['a']} / {found['b']}]"
        differences = right[a] - right[b]
        sums = [float(differences[unit].sum()) for unit in tested.units]
        check.equal(f"{place}.clips", found["clips"], len(tested.truth))
        check.equal(f"{place}.speakers", found["speakers"], len(tested.units))
        check.equal(f"{place}.unit", found["unit"], tested.unit)
        check.equal(f"{place}.difference", found["difference"], float(differences.mean()))
        check.interval(f"{place}.interval", found["interval"], None if values is None else values[a, 0] - values[b, 0])
        if enough:
            moving = sum(abs(value) > 1e-12 for value in sums)
            check.p(f"{place}.p", found["p"], sign_flips(sums, denominator), moving)
            smallest = 1 if moving == 0 else 2.0 ** (1 - moving) if moving <= 32 else 1 / (DRAWN_ASSIGNMENTS + 1)
            check.equal(f"{place}.smallestP", found["smallestP"], smallest)
        else:
            check.equal(f"{place}.p", found["p"], None)
            check.equal(f"{place}.reason given", bool(found["reason"]), True)
    if enough and pairs:
        given = [each["p"] for each in metrics["comparisons"]]
        check.equal("comparisons.pHolm", [each["pHolm"] for each in metrics["comparisons"]], holm(given))


def ranking(models, fold=None):
    validations = [model.validation(fold) for model in models]
    if all(validations):
        return "validationAccuracy", [
            (-v["Accuracy"], -v["Uar"], -v["MacroF1"], v["Loss"]) for v in validations
        ]
    tests = [(model.truth[model.rows("test")], model.predicted[model.rows("test")]) for model in models]
    return "testAccuracy", [(-accuracy_score(*test), -uar(*test), -macro_f1(*test)) for test in tests]


def check_choice(check, metrics, models):
    stages = [result["stage"] for result in metrics["results"]]
    by, figures = ranking(models)
    choice = metrics["choice"]
    check.equal("choice.by", choice["by"], by)
    check.equal("choice.chosenOnTestPart", choice["chosenOnTestPart"], by == "testAccuracy" and len(models) > 1)
    # Figures that differ in their last bits alone are ties.
    rounded = [[round(value, 12) for value in own] for own in figures]
    order = sorted(range(len(models)), key=lambda at: rounded[at])
    check.equal("choice.order", choice["order"], [stages[at] for at in order])
    folds = sorted(set(models[0].fold[models[0].rows("test")]))
    if by == "testAccuracy" or len(models) < 2 or not all(m.validation(f) for m in models for f in folds):
        return check.equal("choice.nested", choice["nested"], None)
    truth, predicted, chosen = [], [], []
    for fold in folds:
        own = [[round(value, 12) for value in each] for each in ranking(models, fold)[1]]
        best = min(range(len(models)), key=lambda at: own[at])
        rows = models[best].rows("test", fold)
        chosen.append(stages[best])
        truth.extend(models[best].truth[rows])
        predicted.extend(models[best].predicted[rows])
    nested = choice["nested"]
    check.equal("choice.nested.stages", nested["stages"], chosen)
    check.equal("choice.nested.testAccuracy", nested["testAccuracy"], accuracy_score(truth, predicted))
    check.equal("choice.nested.uar", nested["uar"], uar(truth, predicted))
    check.equal("choice.nested.macroF1", nested["macroF1"], macro_f1(truth, predicted))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("artifacts", nargs="?", default="artifacts", type=Path)
    parser.add_argument("--evaluate", default="evaluate", help="the stage that evaluated")
    parser.add_argument("--split", default="split", help="the stage that split")
    parser.add_argument("--clips", default=None, help="the input `clips` of the evaluation, if it had one")
    parser.add_argument("--bins", default=10, type=int, help="its calibrationBins")
    parser.add_argument("--resamples", default=2000, type=int, help="its resamples")
    given = parser.parse_args()
    metrics = json.loads((folder_of(given.artifacts, given.evaluate) / "metrics.json").read_text())
    split = Split(folder_of(given.artifacts, given.split))
    own = split.description["validation"] == "own"
    models = [Model(folder_of(given.artifacts, result["stage"]), own) for result in metrics["results"]]
    emotions = split.emotions(models)
    digests = {}
    if given.clips is not None:
        table = read_table(folder_of(given.artifacts, given.clips) / "table.arrow", ["id", "audioDigest"])
        if "audioDigest" in table:
            digests = dict(zip(text(table["id"]), text(table["audioDigest"])))
    check = Check(given.resamples)
    kept = np.isin(split.emotion_of, emotions)
    check.equal("dataset.files", metrics["dataset"]["files"], int(kept.sum()))
    check.equal("dataset.speakers", metrics["dataset"]["speakers"], len({split.speakers[id] for id in split.ids[kept]}))
    check.equal("dataset.counts", list(metrics["dataset"]["counts"].items()), [
        (emotion, int((split.emotion_of == emotion).sum())) for emotion in emotions
    ])
    for name in ("kind", "folds", "seed"):
        check.equal(f"split.{name}", metrics["split"][name], split.description[name])
    tested = Tested(split, digests)
    values = None
    if len(tested.units) >= FEWEST_UNITS and given.resamples > 0:
        values = tested.resampled([tested.shares(model)[0] for model in models], OWN_RESAMPLES, seed=7)
    for at, (result, model) in enumerate(zip(metrics["results"], models)):
        place = f"results[{result['stage']}]"
        check_result(check, place, result, model, emotions, split, given.bins)
        for index, name in enumerate(("testAccuracyInterval", "uarInterval", "macroF1Interval")):
            check.interval(f"{place}.{name}", result[name], None if values is None else values[at, index])
    check_comparisons(check, metrics, models, tested, values)
    check_choice(check, metrics, models)
    for line in check.wrong:
        print(line)
    print(f"{check.checked - len(check.wrong)} of {check.checked} figures agree")
    return 1 if check.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
