"""Writes the report of recorded calls: one HTML file that needs nothing else, for the company's staff.

What it says stands in the template, which asks for its pictures here.
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

from bot.calls.figure_records import Figures, Period
from bot.clock import now

TEMPLATE = "report.html.j2"
WIDTH = 4.5  # inches: so narrow that letters can still be read where a telephone shows it smaller
LONGEST_LABEL = 28  # letters
BARS = 12  # at most in a picture; the table has all
TIMES = 4  # at most named below a picture
# The page's style decides on colours, for light and dark; matplotlib only knows fixed ones, so these stand for them.
COLOURS = {"#010203": "var(--ink)", "#040506": "var(--line)", "#070809": "var(--bar)"}
INK, LINE, BAR = COLOURS
STYLE = {
    "svg.hashsalt": "calls",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
    "text.parse_math": False,  # a dollar in a name is a dollar
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


def write(figures: Figures, folder: Path) -> Path:
    """Write `calls.html` into a folder, and give back its path.

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
    page = template.render(figures=figures, pictures=Pictures(), made=now().isoformat(" ", "minutes")[:16])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "calls.html"
    path.write_text(page, encoding="utf-8")
    return path


class Pictures:
    """The pictures of one page, as SVG; what they show in words is `described`, for who cannot see them."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def bars(self, counts: list[tuple[str, int]], described: str, axis: str) -> Markup:
        """Lying bars, the first on top; `axis` says what is counted."""
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
        """Standing bars by time, one row for each intent, all on one scale."""
        width = 0.8 if step == "day" else 5.6
        days = [date.fromisoformat(period.begins).toordinal() for period in periods]
        named = periods[:: -(-len(periods) // TIMES)]
        highest = max([1, *(period.topics.get(intent, 0) for period in periods for intent in intents)])
        with mpl.rc_context(STYLE):
            figure = Figure(figsize=(WIDTH, 0.6 + 0.85 * len(intents)), layout="constrained")
            rows = figure.subplots(len(intents), sharex=True, squeeze=False)[:, 0]
            for axes, intent in zip(rows, intents, strict=True):
                axes.bar(days, [period.topics.get(intent, 0) for period in periods], width, color=BAR)
                axes.set_title(_short(intent), loc="left", fontsize=9, pad=3)
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
        # Each picture calls its parts the same, but on a page an id may be there only once.
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
