"""The NLU models on small made-up data: linear models and the cascade with a fake encoder."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from bot.nlu.cascade import Cascade
from bot.nlu.linear import SEED, Softmax, _parts, beside, softmax
from bot.nlu.spelling import OWN_WEIGHT, Spelling
from bot.nlu.text_features import TextFeatures
from bot.words.text import fold

SENTENCES = {
    "bill": ["rēķins", "kur ir rēķins", "liels rēķins", "sūtiet rēķinu", "mans rēķins", "rēķini", "rēķinu lūdzu"],
    "power": ["strāva", "nav strāvas", "kad būs strāva", "strāvu", "strāva pazuda", "bez strāvas", "strāvas nav"],
    "place": ["centrs", "kur ir centrs", "centrs ciet", "centrā", "uz centru", "centri", "centru lūdzu"],
}
VAGUE = ["kur ir", "lūdzu", "sakiet"]  # occurs with every topic, so that no model can be entirely sure
SPELLING = Spelling(
    {fold(word): {word: OWN_WEIGHT} for texts in SENTENCES.values() for text in texts for word in text.split()}
)
NEW = ["kur mans rēķins", "strāvas nav mājā", "vai centrs ir vaļā", "labdien", "", "xyz"]


class Keywords:
    """A fake encoder that knows the topics of words, and records its calls."""

    name = "keywords"
    about = (("rēķin", "rekin", "faktūr", "kvīt"), ("strāv", "strav", "gaism"), ("centr", "biroj"))

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.asked += texts
        rows = [[1.0, *(float(any(word in text for word in words)) for words in self.about)] for text in texts]
        vectors = np.asarray(rows, dtype=np.float32)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def examples(classes: int, clear: int = 7, vague: list[str] = VAGUE) -> tuple[list[str], list[str]]:
    """Texts and labels of the first so many classes, so many clear sentences of each."""
    chosen = {label: [*texts[:clear], *vague] for label, texts in list(SENTENCES.items())[:classes]}
    return [text for texts in chosen.values() for text in texts], [
        label for label, texts in chosen.items() for _ in texts
    ]


def fitted(classes: int, *, clear: int = 7, calibrate: bool = True) -> tuple[TextFeatures, Softmax]:
    """Features and a model trained on them."""
    texts, labels = examples(classes, clear)
    ngrams = TextFeatures(2, 4, 1).fit([fold(text) for text in texts])
    rows = ngrams.transform([fold(text) for text in texts])
    return ngrams, Softmax.fit(rows, labels, 10.0, calibrate=calibrate)


def cascade(encoder: Keywords | None, sure: float) -> Cascade:
    """Four examples per class: too few to calibrate, so confidences stay moderate."""
    texts, labels = examples(3, clear=4, vague=[])
    made = Cascade.fit(texts, labels, [None] * len(texts), SPELLING, TextFeatures(2, 4, 1), 10.0, encoder, sure)
    if encoder is not None:
        encoder.asked.clear()
    return made


def best(made: Cascade, text: str) -> str:
    names, confidences = made.confidences(text)
    return names[int(confidences.argmax())]


def test_features_are_the_same_after_saving_and_loading(tmp_path: Path) -> None:
    ngrams, _ = fitted(3)
    ngrams.save(tmp_path, "ngrams")
    loaded = TextFeatures.load(tmp_path, "ngrams")
    assert loaded.transform(NEW).toarray() == pytest.approx(ngrams.transform(NEW).toarray(), abs=1e-6)


@pytest.mark.parametrize("classes", [2, 3])
def test_probabilities_are_the_same_after_saving_and_loading(tmp_path: Path, classes: int) -> None:
    ngrams, model = fitted(classes)
    model.save(tmp_path, "model")
    rows = ngrams.transform(NEW)
    assert np.array_equal(Softmax.load(tmp_path, "model").probabilities(rows), model.probabilities(rows))


def test_models_are_kept_without_pickles(tmp_path: Path) -> None:
    """Loading a pickle can execute arbitrary code."""
    ngrams, model = fitted(3)
    ngrams.save(tmp_path, "ngrams")
    model.save(tmp_path, "model")
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".json", ".json", ".npz", ".npz"]


@pytest.mark.parametrize("calibrate", [True, False])
@pytest.mark.parametrize("classes", [2, 3])
def test_probabilities_sum_to_one(classes: int, calibrate: bool) -> None:
    ngrams, model = fitted(classes, calibrate=calibrate)
    assert model.probabilities(ngrams.transform(NEW)).sum(axis=1) == pytest.approx(np.ones(len(NEW)))


@pytest.mark.parametrize("classes", [2, 3])
def test_there_is_a_column_for_each_class(classes: int) -> None:
    ngrams, model = fitted(classes)
    assert model.probabilities(ngrams.transform(NEW)).shape == (len(NEW), len(model.classes))


@pytest.mark.parametrize("classes", [2, 3])
def test_training_sentences_are_recognised(classes: int) -> None:
    ngrams, model = fitted(classes)
    texts, labels = examples(classes, vague=[])
    found = model.probabilities(ngrams.transform([fold(text) for text in texts])).argmax(axis=1)
    assert [model.classes[column] for column in found] == labels


@pytest.mark.parametrize("classes", [2, 3])
def test_the_temperature_is_positive_and_fitted(classes: int) -> None:
    _, model = fitted(classes)
    assert 0 < model.temperature != 1.0


@pytest.mark.parametrize("classes", [2, 3])
def test_the_order_of_the_classes_is_that_of_scikit_learn(classes: int) -> None:
    ngrams, model = fitted(classes)
    texts, labels = examples(classes)
    theirs = LinearSVC(C=10.0, random_state=SEED).fit(ngrams.transform([fold(text) for text in texts]), labels)
    rows = ngrams.transform(NEW)
    found = [model.classes[column] for column in model.probabilities(rows).argmax(axis=1)]
    assert found == list(theirs.predict(rows))


def test_variants_of_a_sentence_are_set_aside_together() -> None:
    """A sentence that was trained in another variant would have a higher confidence than a new one (data leakage)."""
    answers = np.asarray(["a", "b"] * 20)
    groups = [number // 2 * 2 + number % 2 for number in range(20)] * 2
    parts = _parts(answers, groups)
    assert parts is not None
    kept, aside = ({groups[place] for place in part} for part in parts)
    assert kept.isdisjoint(aside)


def test_without_calibration_the_temperature_is_one() -> None:
    assert fitted(3, calibrate=False)[1].temperature == 1.0


def test_too_few_examples_are_not_calibrated() -> None:
    """A class with fewer than five examples has none to hold out."""
    _, model = fitted(3, clear=1)
    assert model.temperature == 1.0


def test_calibration_keeps_the_order_of_the_classes() -> None:
    ngrams, calibrated = fitted(3)
    _, plain = fitted(3, calibrate=False)
    rows = ngrams.transform(NEW[:3])
    assert np.array_equal(calibrated.probabilities(rows).argsort(axis=1), plain.probabilities(rows).argsort(axis=1))


def test_a_lower_temperature_makes_the_model_surer() -> None:
    ngrams, model = fitted(3)
    cooler = Softmax(model.classes, model.weights, model.bias, model.temperature / 2)
    rows = ngrams.transform(NEW[:3])
    assert (cooler.probabilities(rows).max(axis=1) > model.probabilities(rows).max(axis=1)).all()


@pytest.mark.parametrize("classes", [2, 3])
def test_training_twice_gives_the_same_model(classes: int) -> None:
    ngrams, first = fitted(classes)
    _, second = fitted(classes)
    rows = ngrams.transform(NEW)
    assert np.array_equal(first.probabilities(rows), second.probabilities(rows))


@pytest.mark.parametrize("scores", [[[0.0, 0.0]], [[1000.0, -1000.0]], [[1e8, 1e8]], [[-1e8, 0.0]]])
def test_softmax_of_extreme_scores_sums_to_one(scores: list[list[float]]) -> None:
    assert softmax(np.asarray(scores)).sum() == pytest.approx(1.0)


def test_beside_puts_characters_first() -> None:
    joined = beside(csr_matrix([[1.0, 2.0]]), np.asarray([[3.0]]))
    assert joined.toarray().tolist() == [[1.0, 2.0, 3.0]]


@pytest.mark.parametrize("text", ["kur ir rēķins", "kur ir reekjins", "KUR IR REKINS?!"])
def test_the_hybrid_is_not_asked_when_the_characters_are_sure(text: str) -> None:
    encoder = Keywords()
    cascade(encoder, sure=0.6).confidences(text)
    assert encoder.asked == []


@pytest.mark.parametrize("text", ["faktūra", "gaisma", "labdien", ""])
def test_the_hybrid_is_asked_when_the_characters_are_unsure(text: str) -> None:
    encoder = Keywords()
    cascade(encoder, sure=0.6).confidences(text)
    assert encoder.asked == [text]


@pytest.mark.parametrize(("sure", "times"), [(0.0, 0), (1.1, len(NEW))])
def test_the_limit_decides_how_often_the_hybrid_is_asked(sure: float, times: int) -> None:
    encoder = Keywords()
    made = cascade(encoder, sure)
    for text in NEW:
        made.confidences(text)
    assert len(encoder.asked) == times


@pytest.mark.parametrize(
    ("text", "label"), [("faktūra", "bill"), ("kvīts", "bill"), ("gaisma", "power"), ("birojs", "place")]
)
def test_the_hybrid_knows_words_that_the_characters_never_saw(text: str, label: str) -> None:
    assert best(cascade(Keywords(), sure=0.9), text) == label


def test_each_sentence_is_encoded_once_as_it_was_meant() -> None:
    """Its variants share the embedding: encoding takes most of the training time."""
    encoder = Keywords()
    Cascade.fit(
        ["nav stravas", "rekins", "nav gaismas", "rēķini"],
        ["power", "bill"] * 2,
        [None] * 4,
        SPELLING,
        TextFeatures(2, 4, 1),
        1.0,
        encoder,
        0.9,
    )
    assert encoder.asked == ["nav strāvas", "rēķins", "nav gaismas", "rēķini"]


@pytest.mark.parametrize("text", ["nav stravas", "nav straavas", "nav strvaas", "NAV STRĀVAS!"])
def test_spellings_of_a_sentence_are_understood_alike(text: str) -> None:
    assert best(cascade(Keywords(), sure=0.9), text) == "power"


@pytest.mark.parametrize(
    ("text", "label"), [("kur mans rēķins", "bill"), ("nav stravas", "power"), ("CENTRS", "place")]
)
def test_the_cascade_works_without_an_encoder(text: str, label: str) -> None:
    assert best(cascade(None, sure=0.9), text) == label


@pytest.mark.parametrize("encoder", [None, Keywords()])
@pytest.mark.parametrize("text", NEW)
def test_confidences_sum_to_one(encoder: Keywords | None, text: str) -> None:
    assert cascade(encoder, sure=0.9).confidences(text)[1].sum() == pytest.approx(1.0)


@pytest.mark.parametrize("sure", [0.0, 0.6, 1.1])
@pytest.mark.parametrize("encoder", [None, Keywords()])
def test_the_cascade_is_the_same_after_saving_and_loading(
    tmp_path: Path, encoder: Keywords | None, sure: float
) -> None:
    made = cascade(encoder, sure)
    made.save(tmp_path)
    loaded = Cascade.load(tmp_path, encoder, sure)
    found, expected = ([one.confidences(text)[1].tolist() for text in NEW] for one in (loaded, made))
    assert np.asarray(found) == pytest.approx(np.asarray(expected), abs=1e-6)


def test_a_cascade_with_a_hybrid_loads_where_there_is_no_encoder(tmp_path: Path) -> None:
    """A model trained on one machine is used on another whose processor cannot run the encoder."""
    cascade(Keywords(), sure=1.1).save(tmp_path)
    assert best(Cascade.load(tmp_path, None, sure=1.1), "kur mans rēķins") == "bill"


def test_a_cascade_trained_without_an_encoder_does_not_ask_one(tmp_path: Path) -> None:
    cascade(None, sure=1.1).save(tmp_path)
    encoder = Keywords()
    Cascade.load(tmp_path, encoder, sure=1.1).confidences("faktūra")
    assert encoder.asked == []
