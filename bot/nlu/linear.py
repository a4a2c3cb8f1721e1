"""Small linear models on text, kept as JSON and npz files rather than pickles."""

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedShuffleSplit

Floats = npt.NDArray[np.float64]
SEED = 2020


class CharacterFeatures:
    """TF-IDF of character n-grams within words (`char_wb`)."""

    def __init__(self, shortest: int, longest: int, min_df: int) -> None:
        self.shortest, self.longest, self.min_df = shortest, longest, min_df
        self._vectorizer = self._make()

    def _make(self) -> TfidfVectorizer:
        return TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=(self.shortest, self.longest),
            sublinear_tf=True,
            min_df=self.min_df,
            lowercase=False,
            dtype=np.float32,
        )

    def fit(self, texts: list[str]) -> "CharacterFeatures":
        """Learn n-grams and their weights from texts that are folded already."""
        self._vectorizer.fit(texts)
        return self

    def transform(self, texts: list[str]) -> csr_matrix:
        """One row of features a text."""
        return self._vectorizer.transform(texts)

    def save(self, folder: Path, name: str) -> None:
        """Write the n-grams with their weights."""
        ordered = sorted(self._vectorizer.vocabulary_.items(), key=lambda item: item[1])
        content = {
            "shortest": self.shortest,
            "longest": self.longest,
            "min_df": self.min_df,
            "ngrams": [ngram for ngram, _ in ordered],
        }
        (folder / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        np.savez_compressed(folder / f"{name}.npz", idf=self._vectorizer.idf_)

    @classmethod
    def load(cls, folder: Path, name: str) -> "CharacterFeatures":
        """Read what `save` wrote."""
        content = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        features = cls(content["shortest"], content["longest"], content["min_df"])
        features._vectorizer.vocabulary_ = {ngram: index for index, ngram in enumerate(content["ngrams"])}
        features._vectorizer.idf_ = np.load(folder / f"{name}.npz", allow_pickle=False)["idf"]
        return features


class Softmax:
    """Multinomial logistic regression whose probabilities are calibrated with a temperature.

    Strong regularisation makes logistic regression under-confident and weak makes it over-confident; dividing the
    scores by a temperature that was fitted on sentences set aside puts that right without changing the ranking.
    """

    def __init__(self, classes: list[str], weights: Floats, bias: Floats, temperature: float) -> None:
        self.classes, self.weights, self.bias, self.temperature = classes, weights, bias, temperature

    @classmethod
    def fit(
        cls, features: csr_matrix | Floats, labels: list[str], strength: float, *, calibrate: bool = True
    ) -> "Softmax":
        """Train on all examples; the temperature comes from a second model trained on four fifths of them."""
        temperature = _temperature(features, labels, strength) if calibrate else 1.0
        model = LogisticRegression(C=strength, max_iter=300).fit(features, labels)
        weights, bias = model.coef_, model.intercept_
        if len(model.classes_) == 2:  # scikit-learn keeps one row for two classes
            weights, bias = np.vstack([-weights / 2, weights / 2]), np.concatenate([-bias / 2, bias / 2])
        return cls(list(model.classes_), weights.astype(np.float32), bias.astype(np.float32), temperature)

    def probabilities(self, features: csr_matrix | Floats) -> Floats:
        """A row a text, a column a class (in the order of `classes`)."""
        scores = np.asarray(features @ self.weights.T) + self.bias
        return softmax(scores / self.temperature)

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


def softmax(scores: Floats) -> Floats:
    """Probabilities of each row of scores."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def beside(characters: csr_matrix, vectors: Floats) -> csr_matrix:
    """Character features and dense vectors side by side."""
    return hstack([characters, csr_matrix(vectors)], format="csr")


def _temperature(features: csr_matrix | Floats, labels: list[str], strength: float) -> float:
    smallest = min(labels.count(label) for label in set(labels))
    if smallest < 5:
        return 1.0  # too few examples to set any aside
    split = StratifiedShuffleSplit(n_splits=1, test_size=0.2, random_state=SEED)
    kept, aside = next(split.split(np.zeros(len(labels)), labels))
    answers = np.asarray(labels)
    model = LogisticRegression(C=strength, max_iter=300).fit(features[kept], answers[kept])
    scores = model.decision_function(features[aside])
    if scores.ndim == 1:
        scores = np.column_stack([-scores / 2, scores / 2])
    columns = np.searchsorted(model.classes_, answers[aside])

    def loss(log_temperature: float) -> float:
        chosen = softmax(scores / np.exp(log_temperature))[np.arange(len(columns)), columns]
        return float(-np.log(np.maximum(chosen, 1e-12)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-3.0, 3.0), method="bounded").x))
