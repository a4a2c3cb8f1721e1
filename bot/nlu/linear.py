"""Small linear models on features of texts, stored as JSON and npz files, not pickles."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.svm import LinearSVC

from bot.nlu.text_features import Floats, Row

SEED = 2020
FOLDS = 5  # one of them is held out to fit the temperature
# Where liblinear stops: its own default. With scikit-learn's, a thousandth of it, a training takes several times as
# long and understands no more (docs/nlu.md).
TOLERANCE = 0.1


class Softmax:
    """Linear support vector machines, one for each class, with calibrated confidences (temperature scaling).

    Raw scores only say on which side of a boundary a text is. Dividing them by a temperature, fitted on held-out
    sentences, turns them into confidences without changing the ranking. Compared with logistic regression they are
    right more often and train in a tenth of the time (docs/nlu.md).
    """

    def __init__(self, classes: list[str], weights: Floats, bias: Floats, temperature: float) -> None:
        self.classes, self.weights, self.bias, self.temperature = classes, weights, bias, temperature
        # One row for each feature: otherwise SciPy would copy all weights for each text (2.4 ms instead of 0.1 ms).
        self._by_feature = np.ascontiguousarray(weights.T)

    @classmethod
    def fit(
        cls,
        features: csr_matrix | Floats,
        labels: Sequence[str],
        strength: float,
        *,
        groups: Sequence[int] | None = None,
        calibrate: bool = True,
        balanced: bool = False,
        weights: Sequence[float] | None = None,
    ) -> "Softmax":
        """Train on all examples; the temperature is fitted with a second model, trained on four fifths of them.

        Args:
            strength: C of the machines (inverse regularisation); the greater, the closer they fit the examples.
            groups: which rows are variants of one sentence, and so are held out together.
            balanced: whether a class with few examples weighs as much as one with many.
            weights: how much each row counts, in training and for the temperature; None for all alike.
        """
        answers, temperature = np.asarray(labels), 1.0
        # Sequentially: liblinear uses one random state, so training in threads would not be reproducible.
        counts = np.ones(len(answers)) if weights is None else np.asarray(weights)
        model = _machines(features, answers, strength, balanced, counts)
        if calibrate:
            temperature = fitted_temperature(
                features, labels, strength, groups=groups, balanced=balanced, weights=weights
            )
        planes, bias = model.coef_, model.intercept_
        if len(model.classes_) == 2:  # scikit-learn keeps one row for two classes
            planes, bias = np.vstack([-planes / 2, planes / 2]), np.concatenate([-bias / 2, bias / 2])
        return cls(list(model.classes_), planes.astype(np.float32), bias.astype(np.float32), temperature)

    def calibrated(self, temperature: float) -> "Softmax":
        """The same model with another temperature."""
        return Softmax(self.classes, self.weights, self.bias, temperature)

    def probabilities(self, features: csr_matrix | Floats) -> Floats:
        """One row for each text, one column for each class (in the order of `classes`)."""
        if isinstance(features, csr_matrix) and features.shape[0] == 1:
            # SciPy would convert all weights to the type of the features: 7 ms instead of 0.1 ms.
            return self.probabilities_of(Row(features.indices, features.data, features.shape[1]))[np.newaxis, :]
        scores = np.asarray(features @ self._by_feature) + self.bias
        return softmax(scores / self.temperature)

    def probabilities_of(self, row: Row) -> Floats:
        """One column for each class, for one text."""
        scores = row.values @ self._by_feature[row.columns] + self.bias
        return np.asarray(softmax(scores[np.newaxis, :] / self.temperature)[0])

    def save(self, folder: Path, name: str) -> None:
        """Write classes, weights and temperature."""
        content = {"classes": self.classes, "temperature": self.temperature}
        (folder / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        np.savez_compressed(folder / f"{name}.npz", weights=self.weights, bias=self.bias)

    @classmethod
    def load(cls, folder: Path, name: str) -> "Softmax":
        """Read what `save` wrote."""
        content = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        arrays = np.load(folder / f"{name}.npz", allow_pickle=False)
        return cls(content["classes"], arrays["weights"], arrays["bias"], content["temperature"])


def fitted_temperature(
    features: csr_matrix | Floats,
    labels: Sequence[str],
    strength: float,
    *,
    groups: Sequence[int] | None = None,
    balanced: bool = False,
    weights: Sequence[float] | None = None,
) -> float:
    """The temperature of `Softmax.fit` with the same arguments; 1 where a class has too few examples to hold some out.

    It takes as long as the model itself, and can be computed beside it.
    """
    answers = np.asarray(labels)
    parts = _parts(answers, groups)
    if parts is None:
        return 1.0
    kept, aside = parts
    counts = np.ones(len(answers)) if weights is None else np.asarray(weights)
    most = _machines(features[kept], answers[kept], strength, balanced, counts[kept])
    return _temperature(most, features[aside], answers[aside], counts[aside])


def softmax(scores: Floats) -> Floats:
    """Probabilities from each row of scores."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def beside(characters: csr_matrix, vectors: Floats) -> csr_matrix:
    """Character features and dense vectors, concatenated."""
    return hstack([characters, csr_matrix(vectors)], format="csr")


def _machines(
    features: csr_matrix | Floats,
    answers: npt.NDArray[np.str_],
    strength: float,
    balanced: bool,
    counts: npt.NDArray[np.float64],
) -> LinearSVC:
    of_classes = "balanced" if balanced else None
    machines = LinearSVC(C=strength, tol=TOLERANCE, random_state=SEED, class_weight=of_classes)
    return machines.fit(features, answers, counts)


def _parts(
    answers: npt.NDArray[np.str_], groups: Sequence[int] | None
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] | None:
    """Indices of four fifths of the examples and of the held-out fifth; None where a class has too few for that."""
    together = np.arange(len(answers)) if groups is None else np.asarray(groups)
    _, first, of_row = np.unique(together, return_index=True, return_inverse=True)
    _, classes, sizes = np.unique(answers[first], return_inverse=True, return_counts=True)
    if sizes.min() < FOLDS:
        return None
    # Every fifth sentence of each class, in random order: its rows are all of one class.
    order = np.random.default_rng(SEED).permutation(len(first))
    by_class = order[np.argsort(classes[order], kind="stable")]
    within = np.empty(len(first), np.int64)
    within[by_class] = np.arange(len(first)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    is_aside = (within % FOLDS == 0)[of_row]
    return np.flatnonzero(~is_aside), np.flatnonzero(is_aside)


def _temperature(
    model: LinearSVC,
    features: csr_matrix | Floats,
    labels: npt.NDArray[np.str_],
    counts: npt.NDArray[np.float64],
) -> float:
    """The temperature that fits held-out examples best."""
    scores = model.decision_function(features)
    if scores.ndim == 1:
        scores = np.column_stack([-scores / 2, scores / 2])
    columns = np.searchsorted(model.classes_, labels)

    def loss(log_temperature: float) -> float:
        chosen = softmax(scores / np.exp(log_temperature))[np.arange(len(columns)), columns]
        return float(np.average(-np.log(np.maximum(chosen, 1e-12)), weights=counts))

    return float(np.exp(minimize_scalar(loss, bounds=(-3.0, 3.0), method="bounded").x))
