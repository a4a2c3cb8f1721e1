"""The nearest training examples of a sentence (neighbours): the first place to look for why it is classified so."""

from dataclasses import dataclass

import numpy as np

from bot.nlu.cascade import with_vectors
from bot.nlu.intent_classifier import CascadeIntentClassifier, training_encoder
from bot.nlu.spelling import Spelling
from bot.nlu.text_features import TextFeatures
from bot.settings import LANGUAGES
from bot.training.sentences import Sentence, training
from bot.words.text import fold


@dataclass(frozen=True)
class Near:
    """A training example and its cosine similarity in the classifier's features, at most 1."""

    example: Sentence
    nearness: float


def nearest(text: str, count: int) -> tuple[str, list[Near]]:
    """The text after spelling correction, and the most similar training examples of both languages, by n-grams and,
    where there is an encoder, by sentence vectors."""
    config = CascadeIntentClassifier.get_default_config()
    examples = [one for language in LANGUAGES for one in training(language)]
    texts = [one.text for one in examples]
    spelling = Spelling.learn(texts)
    mended, asked = [spelling.mended(one) for one in texts], spelling.mended(text)
    folded = [fold(one) for one in mended]
    features = TextFeatures(config["shortest"], config["longest"], config["min_df"], config["words"]).fit(folded)
    rows, row = features.transform(folded), features.transform([fold(asked)])
    encoder = training_encoder(config, keep_only=False)
    if encoder is not None:
        vectors = encoder.encode(mended)
        centre = vectors.mean(axis=0)
        rows, row = with_vectors(rows, vectors, centre), with_vectors(row, encoder.encode([asked]), centre)
    norms = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    own = float(np.sqrt(row.multiply(row).sum())) or 1.0
    cosines = np.asarray((rows @ row.T).todense()).ravel() / np.maximum(norms * own, 1e-9)
    near = [Near(examples[place], round(float(cosines[place]), 3)) for place in np.argsort(-cosines)[:count]]
    return asked, near
