"""Writes the report of recorded calls for the company's staff: one self-contained HTML file.

Its texts are in the template, which calls this module for the charts and the titles of topics.
"""

import io
import re
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from bot.calls.cited import CitedCall
from bot.calls.figure_records import Figures, Period
from bot.calls.models import LOW_CONFIDENCE, OUT_OF_SCOPE
from bot.clock import now
from bot.replies.catalogue import catalogues

TEMPLATE = "report.html.j2"
WIDTH = 4.5  # inches: narrow enough to be readable when scaled down on a phone
LONGEST_LABEL = 28  # letters
BARS = 12  # at most in a chart; the table has all
TIMES = 4  # labels at most on a time axis
TITLES = {  # of problems, which are not topics
    LOW_CONFIDENCE: "Not sure what was meant",
    OUT_OF_SCOPE: "Not one of its topics",
    "afraid": "Afraid",
    "angry": "Dissatisfied",
    "thankful": "Thankful",
}
# The page's CSS sets the colours, for light and dark; matplotlib needs fixed ones, so these are placeholders.
COLOURS = {"#010203": "var(--ink)", "#040506": "var(--line)", "#070809": "var(--bar)"}
INK, LINE, BAR = COLOURS
STYLE = {
    "svg.hashsalt": "calls",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
    "text.parse_math": False,  # a "$" in a name is not math
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": LINE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "grid.color": LINE,
    "grid.alpha": 0.5,
}


def write(figures: Figures, calls: list[CitedCall], folder: Path) -> Path:
    """Write `calls.html` into a folder; returns its path.

    Args:
        calls: those that the figures cite.

    Raises:
        OSError: the folder cannot be written to.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template(TEMPLATE)
    made = now().isoformat(" ", "minutes")[:16]
    page = template.render(
        figures=figures, calls=calls, pictures=Pictures(), title=title, titled=_titled, clock=_clock, made=made
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "calls.html"
    path.write_text(page, encoding="utf-8")
    return path


def title(intent: str | None) -> str:
    """The title of a topic, as on the assistant's English buttons."""
    if intent is None:
        return "no topic"
    return catalogues()["en"].titles.get(intent) or TITLES.get(intent) or intent.replace("_", " ")


def _titled(counts: dict[str, int]) -> list[tuple[str, int]]:
    return [(title(name), number) for name, number in counts.items()]


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"


class Pictures:
    """The charts of one page, as SVG; `described` is their text alternative, for people who cannot see them."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def bars(self, counts: list[tuple[str, int]], described: str, axis: str) -> Markup:
        """A horizontal bar chart, the first on top; `axis` says what is counted."""
        shown = counts[:BARS]
        with mpl.rc_context(STYLE):
            figure = Figure(figsize=(WIDTH, 0.6 + 0.26 * len(shown)), layout="constrained")
            axes = figure.add_subplot()
            numbers = [number for _, number in shown]
            drawn = axes.barh(range(len(shown)), numbers, color=BAR, height=0.7)
            axes.bar_label(drawn, padding=3)
            axes.set_yticks(range(len(shown)), [_short(name) for name, _ in shown])
            axes.tick_params(axis="y", length=0)
            axes.set_ylim(len(shown) - 0.4, -0.6)
            axes.set_xlim(0, max([1, *numbers]) * 1.12)
            _whole_numbers(axes, "x")
            axes.set_xlabel(axis)
            return self._svg(figure, described)

    def over_time(self, periods: list[Period], intents: list[str], step: str, described: str, axis: str) -> Markup:
        """Vertical bar charts over time, one row for each topic, all on one scale."""
        width = 0.8 if step == "day" else 5.6
        days = [date.fromisoformat(period.begins).toordinal() for period in periods]
        named = periods[:: -(-len(periods) // TIMES)]
        highest = max([1, *(period.topics.get(intent, 0) for period in periods for intent in intents)])
        with mpl.rc_context(STYLE):
            figure = Figure(figsize=(WIDTH, 0.6 + 0.85 * len(intents)), layout="constrained")
            rows = figure.subplots(len(intents), sharex=True, squeeze=False)[:, 0]
            for axes, intent in zip(rows, intents, strict=True):
                axes.bar(days, [period.topics.get(intent, 0) for period in periods], width, color=BAR)
                axes.set_title(_short(title(intent)), loc="left", fontsize=9, pad=3)
                axes.set_ylim(0, highest * 1.05)
                _whole_numbers(axes, "y", 2)
            rows[-1].set_xticks(
                [date.fromisoformat(period.begins).toordinal() for period in named], [period.name for period in named]
            )
            figure.supylabel(axis, fontsize=9)
            return self._svg(figure, described)

    def _svg(self, figure: Figure, described: str) -> Markup:
        file = io.StringIO()
        nothing: dict[str, Any] = {"Date": None, "Creator": None, "Format": None, "Type": None}
        figure.savefig(file, format="svg", transparent=True, metadata=nothing)
        drawn = re.sub(r"^.*?<svg", "", file.getvalue(), flags=re.DOTALL)
        # Each chart uses the same ids for its parts, but ids must be unique on a page.
        drawn = re.sub(r'( id="|href="#|url\(#)', rf"\1picture{next(self._numbers)}-", drawn)
        for fixed, ours in COLOURS.items():
            drawn = drawn.replace(fixed, ours)
        return Markup('<svg role="img" aria-label="{}"').format(described) + Markup(drawn)  # noqa: S704 (it escapes)


def _whole_numbers(axes: Axes, direction: Any, ticks: int = 5) -> None:
    axis = axes.xaxis if direction == "x" else axes.yaxis
    axis.set_major_locator(MaxNLocator(ticks, integer=True))
    axes.grid(axis=direction)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1] + "…"
