"""The report's charts, as SVG."""

import io
import re
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.metrics import confusion_matrix

from bot.domain_names import Intent
from bot.evaluation.understood_sentences import Understood

Named = dict[str, dict[str, Any]]  # figures by the name of their model


def svg(figure: Figure) -> str:
    """A figure as deterministic SVG."""
    written = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "report", "svg.fonttype": "none"}):
        figure.savefig(written, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None})
    return re.sub(r"^.*?(?=<svg)", "", written.getvalue(), flags=re.DOTALL)


def _axes(width: float = 5.0, height: float = 4.0) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height))
    axes = figure.add_subplot()
    axes.grid(alpha=0.3)
    return figure, axes


def confusion(found: list[Understood]) -> str:
    """The confusion matrix, as shares of each row. Rows: true intent; columns: predicted intent."""
    labels = [*sorted({one.sentence.label for one in found}), Intent.NLU_FALLBACK]
    counts = confusion_matrix([one.sentence.label for one in found], [one.intent for one in found], labels=labels)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, axes = _axes(12, 11)
    axes.grid(visible=False)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(labels)), labels, rotation=90, fontsize=8)
    axes.set_yticks(range(len(labels)), labels, fontsize=8)
    axes.set_xlabel("taken for")
    axes.set_ylabel("intent")
    for row, column in np.argwhere(counts):
        dark = shares[row, column] > 0.5
        axes.text(column, row, counts[row, column], ha="center", va="center", size=6, color="w" if dark else "k")
    return svg(figure)


def scope(models: Named) -> str:
    """ROC curve of out-of-scope detection: caught out-of-scope sentences over turned-away in-scope sentences."""
    figure, axes = _axes()
    for name, figures in models.items():
        false, true = zip(*figures["scope"]["roc"], strict=True)
        axes.plot(false, true, label=f"{name} (area {figures['scope']['auc']:.3f})")
    axes.set_xlabel("in scope, turned away")
    axes.set_ylabel("out of scope, caught")
    axes.legend()
    return svg(figure)


def reliability(models: Named) -> str:
    """Reliability diagram (calibration): accuracy over confidence; on the diagonal, confidence is calibrated."""
    figure, axes = _axes()
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":")
    for name, figures in models.items():
        bins = figures["confidence"]["bins"]
        error = figures["confidence"]["expected_calibration_error"]
        axes.plot(
            [one["confidence"] for one in bins],
            [one["right"] for one in bins],
            marker="o",
            label=f"{name} (mean distance {error:.3f})",
        )
    axes.set_xlabel("confidence")
    axes.set_ylabel("right")
    axes.legend()
    return svg(figure)


def curve(points: list[dict[str, Any]]) -> str:
    """Learning curve: accuracy on the clean sets over the number of training examples."""
    figure, axes = _axes()
    for language in ("lv", "en"):
        axes.plot([one["examples"] for one in points], [one[language] for one in points], marker="o", label=language)
    axes.set_xlabel("training examples, both languages")
    axes.set_ylabel("accuracy, untouched clean set")
    axes.legend()
    return svg(figure)
