"""Small linear models on text, kept as JSON and npz files rather than pickles."""

import json
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedShuffleSplit

Floats = npt.NDArray[np.float64]
SEED = 2020
TOLERANCE = 0.03  # of the gradient: smaller ones take longer and choose the same intents
WORTH_A_PROCESS = 1000  # examples; starting one takes seconds


class TextFeatures:
    """TF-IDF of character n-grams within words (`char_wb`) and, if wanted, of words and runs of words."""

    def __init__(self, shortest: int, longest: int, min_df: int, words: int = 0) -> None:
        """
        Args:
            shortest, longest: characters of an n-gram.
            min_df: texts that an n-gram, or a run of words, must stand in to count.
            words: words of the longest run of words; 0 leaves words out.
        """
        self._vectorizers = [_tfidf(analyzer="char_wb", ngram_range=(shortest, longest), min_df=min_df)]
        if words:
            pattern = r"\S+"
            self._vectorizers.append(
                _tfidf(analyzer="word", ngram_range=(1, words), min_df=min_df, token_pattern=pattern)
            )

    def fit(self, texts: list[str]) -> "TextFeatures":
        """Learn n-grams and their weights from texts that are folded already."""
        for vectorizer in self._vectorizers:
            vectorizer.fit(texts)
        return self

    def transform(self, texts: list[str]) -> csr_matrix:
        """One row of features a text."""
        return hstack([vectorizer.transform(texts) for vectorizer in self._vectorizers], format="csr")

    def save(self, folder: Path, name: str) -> None:
        """Write the n-grams with their weights."""
        content = []
        for vectorizer in self._vectorizers:
            ordered = sorted(vectorizer.vocabulary_.items(), key=lambda item: item[1])
            settings = {key: getattr(vectorizer, key) for key in ("analyzer", "ngram_range", "min_df", "token_pattern")}
            content.append({"settings": settings, "ngrams": [ngram for ngram, _ in ordered]})
        (folder / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        weights = {f"idf{number}": vectorizer.idf_ for number, vectorizer in enumerate(self._vectorizers)}
        np.savez_compressed(folder / f"{name}.npz", **weights)

    @classmethod
    def load(cls, folder: Path, name: str) -> "TextFeatures":
        """Read what `save` wrote."""
        content = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        weights = np.load(folder / f"{name}.npz", allow_pickle=False)
        features = cls.__new__(cls)
        features._vectorizers = []
        for number, kind in enumerate(content):
            vectorizer = _tfidf(**{**kind["settings"], "ngram_range": tuple(kind["settings"]["ngram_range"])})
            vectorizer.vocabulary_ = {ngram: index for index, ngram in enumerate(kind["ngrams"])}
            vectorizer.idf_ = weights[f"idf{number}"]
            features._vectorizers.append(vectorizer)
        return features


def _tfidf(**settings: Any) -> TfidfVectorizer:
    return TfidfVectorizer(sublinear_tf=True, lowercase=False, dtype=np.float32, **settings)


class Softmax:
    """Multinomial logistic regression whose probabilities are calibrated with a temperature.

    Strong regularisation makes logistic regression under-confident and weak makes it over-confident; dividing the
    scores by a temperature that was fitted on sentences set aside puts that right without changing the ranking.
    """

    def __init__(self, classes: list[str], weights: Floats, bias: Floats, temperature: float) -> None:
        self.classes, self.weights, self.bias, self.temperature = classes, weights, bias, temperature
        # A row a feature: SciPy would copy all weights for each text otherwise (2.4 ms instead of 0.1 ms).
        self._by_feature = np.ascontiguousarray(weights.T)

    @classmethod
    def fit(
        cls, features: csr_matrix | Floats, labels: list[str], strength: float, *, calibrate: bool = True
    ) -> "Softmax":
        """Train on all examples; the temperature comes from a second model trained on four fifths of them."""
        answers = np.asarray(labels)
        parts = _parts(labels) if calibrate else None
        kept = [np.arange(len(labels))] + ([parts[0]] if parts else [])
        fits = [(features[rows], answers[rows], strength) for rows in kept]
        if len(labels) < WORTH_A_PROCESS:
            model, *others = (_regression(*fit) for fit in fits)
        else:
            with ProcessPoolExecutor(len(fits), mp_context=get_context("spawn")) as processes:
                model, *others = processes.map(_regression, *zip(*fits, strict=True))
        temperature = _temperature(others[0], features[parts[1]], answers[parts[1]]) if parts else 1.0
        weights, bias = model.coef_, model.intercept_
        if len(model.classes_) == 2:  # scikit-learn keeps one row for two classes
            weights, bias = np.vstack([-weights / 2, weights / 2]), np.concatenate([-bias / 2, bias / 2])
        return cls(list(model.classes_), weights.astype(np.float32), bias.astype(np.float32), temperature)

    def probabilities(self, features: csr_matrix | Floats) -> Floats:
        """A row a text, a column a class (in the order of `classes`)."""
        scores = np.asarray(features @ self._by_feature) + self.bias
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


def _regression(features: csr_matrix | Floats, labels: npt.NDArray[np.str_], strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=300, tol=TOLERANCE).fit(features, labels)


def _parts(labels: list[str]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] | None:
    """Places of four fifths of the examples and of the fifth set aside; None where a class has too few for that."""
    if min(labels.count(label) for label in set(labels)) < 5:
        return None
    split = StratifiedShuffleSplit(n_splits=1, test_size=0.2, random_state=SEED)
    kept, aside = next(split.split(np.zeros(len(labels)), labels))
    return kept, aside


def _temperature(model: LogisticRegression, features: csr_matrix | Floats, labels: npt.NDArray[np.str_]) -> float:
    """The temperature that suits examples which the model has not seen."""
    scores = model.decision_function(features)
    if scores.ndim == 1:
        scores = np.column_stack([-scores / 2, scores / 2])
    columns = np.searchsorted(model.classes_, labels)

    def loss(log_temperature: float) -> float:
        chosen = softmax(scores / np.exp(log_temperature))[np.arange(len(columns)), columns]
        return float(-np.log(np.maximum(chosen, 1e-12)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-3.0, 3.0), method="bounded").x))
