"""NLU metrics, computed from the parses of the test sentences."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from bot.domain_names import Intent
from bot.evaluation.understood_sentences import Understood
from bot.settings import LANGUAGES
from bot.training.sentences import GROUPS, Group
from bot.words.text import clean

BINS = 10
THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7)
LONG_ENOUGH = 3  # words from which language detection should be right
Found = dict[str, list[Understood]]


def accuracy(found: Iterable[Understood]) -> float:
    """The share of sentences with the right intent; asking back (the fallback) counts as wrong."""
    rights = [one.right for one in found]
    return sum(rights) / len(rights)


def interval(share: float, count: int) -> tuple[float, float]:
    """The 95 % Wilson score interval of a share of so many cases."""
    z = 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * ((share * (1 - share) / count + z * z / (4 * count**2)) ** 0.5) / (1 + z * z / count)
    return middle - half, middle + half


def _scores(found: list[Understood], labels: list[str]) -> Any:
    """Precision, recall, F1 and number of sentences of each label."""
    from sklearn.metrics import precision_recall_fscore_support  # a second at the start of every command otherwise

    expected, given = [one.sentence.label for one in found], [one.intent for one in found]
    return precision_recall_fscore_support(expected, given, labels=labels, zero_division=0)


def of_set(found: list[Understood]) -> dict[str, float]:
    """Number of sentences, accuracy with its confidence interval, and macro-F1 over the set's intents."""
    right = accuracy(found)
    labels = sorted({one.sentence.label for one in found})
    _, _, f1, _ = _scores(found, labels)
    low, high = interval(right, len(found))
    return {"sentences": len(found), "accuracy": right, "low": low, "high": high, "macro_f1": float(np.mean(f1))}


def of_intents(found: list[Understood], examples: int = 5) -> dict[str, dict[str, Any]]:
    """Precision, recall and F1 of each intent, with examples of misclassified sentences."""
    labels = sorted({one.sentence.label for one in found})
    scores = _scores(found, labels)
    wrong: dict[str, list[dict[str, str]]] = {label: [] for label in labels}
    for one in found:
        if not one.right and len(wrong[one.sentence.label]) < examples:
            wrong[one.sentence.label].append({"text": one.sentence.text, "taken_for": one.intent})
    return {
        label: {
            "precision": float(precision),
            "recall": float(recall),
            "f1": float(f1),
            "sentences": int(count),
            "errors": wrong[label],
        }
        for label, precision, recall, f1, count in zip(labels, *scores, strict=True)
    }


def of_scope(found: list[Understood]) -> dict[str, Any]:
    """Out-of-scope detection: shares of out-of-scope sentences caught and of in-scope ones turned away, and the ROC."""
    from sklearn.metrics import roc_auc_score, roc_curve  # see `_scores`

    out = [one for one in found if one.sentence.label == Intent.OUT_OF_SCOPE]
    inside = [one for one in found if one.sentence.label != Intent.OUT_OF_SCOPE]
    answers = [one.sentence.label == Intent.OUT_OF_SCOPE for one in found]
    scores = [one.out_of_scope for one in found]
    false, true, _ = roc_curve(answers, scores)
    return {
        "out_of_scope": len(out),
        "in_scope": len(inside),
        "caught": sum(one.intent == Intent.OUT_OF_SCOPE for one in out) / len(out),
        "caught_or_asked_back": sum(one.intent in {Intent.OUT_OF_SCOPE, Intent.NLU_FALLBACK} for one in out) / len(out),
        "turned_away": sum(one.intent == Intent.OUT_OF_SCOPE for one in inside) / len(inside),
        "auc": float(roc_auc_score(answers, scores)),
        "roc": [[round(float(x), 4), round(float(y), 4)] for x, y in zip(false, true, strict=True)],
    }


def of_confidence(found: list[Understood]) -> dict[str, Any]:
    """Calibration: bins of confidence with the accuracy of each, and their mean distance (expected calibration
    error)."""
    sure = np.asarray([one.confidence for one in found])
    right = np.asarray([one.guess == one.sentence.label for one in found])
    places = np.minimum((sure * BINS).astype(int), BINS - 1)
    bins = [
        {
            "confidence": float(sure[places == place].mean()),
            "right": float(right[places == place].mean()),
            "sentences": int((places == place).sum()),
        }
        for place in range(BINS)
        if (places == place).any()
    ]
    distance = sum(abs(one["confidence"] - one["right"]) * one["sentences"] for one in bins) / len(found)
    return {"bins": bins, "expected_calibration_error": distance}


def of_thresholds(found: list[Understood]) -> list[dict[str, float]]:
    """The cost of each confidence threshold for asking back: sentences asked back, and how many of them were right."""
    return [
        {
            "threshold": threshold,
            "asked_back": sum(one.confidence < threshold for one in found),
            "would_have_been_right": sum(
                one.confidence < threshold and one.guess == one.sentence.label for one in found
            ),
            "wrong_answers_left": sum(one.confidence >= threshold and one.guess != one.sentence.label for one in found),
        }
        for threshold in THRESHOLDS
    ]


def of_language(found: Found, group: Group) -> dict[str, float]:
    """Accuracy of language detection on sentences of three words or more, by language."""
    shares = {}
    for language in LANGUAGES:
        own = [
            one
            for name in group.intents
            for one in found[name]
            if one.sentence.language == language and len(clean(one.sentence.text).split()) >= LONG_ENOUGH
        ]
        shares[language] = sum(one.language == language for one in own) / len(own)
    if group.others:
        foreign = [one for one in found[group.others] if len(clean(one.sentence.text).split()) >= LONG_ENOUGH]
        shares["other"] = sum(one.language == "other" for one in foreign) / len(foreign)
    return shares


def of_questions(found: Found, group: Group) -> dict[str, dict[str, float]]:
    """For messages with two questions, the share where both are found; for long ones with one, where only that is."""
    return {
        name: {
            "messages": len(found[name]),
            "all_found": sum(one.intents == set(one.sentence.label.split("+")) for one in found[name])
            / len(found[name]),
            "none_missed": sum(one.intents >= set(one.sentence.label.split("+")) for one in found[name])
            / len(found[name]),
        }
        for name in group.questions
    }


def of_places(found: list[Understood]) -> dict[str, float]:
    """The share of messages whose place entities are found exactly; none may be found where none is named."""
    return {
        "messages": len(found),
        "right": sum("+".join(one.places) == one.sentence.label for one in found) / len(found),
    }


def confusions(found: list[Understood], count: int = 25) -> list[tuple[str, str, int]]:
    """The most frequent confusions: (intent, taken for, how often)."""
    pairs = Counter((one.sentence.label, one.intent) for one in found if not one.right)
    return [(label, intent, number) for (label, intent), number in pairs.most_common(count)]


def different(found: Found, group: Group) -> list[Understood]:
    """Each sentence with one intent of a group, once: sets without diacritics repeat the clean ones."""
    return [one for name in group.intents if "bare." not in name for one in found[name]]


def of_model(found: Found, group: Group) -> dict[str, Any]:
    """All metrics of one model on a group of test sets."""
    everything = different(found, group)
    return {
        "sets": {name: of_set(found[name]) for name in group.intents},
        "intents": {
            language: of_intents([one for one in everything if one.sentence.language == language])
            for language in LANGUAGES
        },
        "confusions": confusions(everything),
        "scope": of_scope(everything),
        "confidence": of_confidence(everything),
        "thresholds": of_thresholds(everything),
        "language": of_language(found, group),
        "questions": of_questions(found, group),
        "places": of_places(found[group.places]) if group.places else None,
    }


def of_groups(found: Found) -> dict[str, dict[str, Any]]:
    """All metrics of one model, by group of test sets."""
    return {group.name: of_model(found, group) for group in GROUPS}
