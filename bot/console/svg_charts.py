"""Charts as SVG within a page: plain attributes only, since the Content-Security-Policy allows no inline style.

Colours and fonts come from `figures.css`, so that a chart follows the dark scheme. Behind each chart stands a table.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import Element, tostring

import leather  # type: ignore[import-untyped]
from leather.scales import Ordinal  # type: ignore[import-untyped]
from markupsafe import Markup

WIDTH, HEIGHT, BAR = 800, 300, 26
LABELS = 6  # at most on an axis of time
COLOURS = ("#00605a", "#c47f00", "#6a4c93", "#a3161b")  # told apart with every common colour blindness
FONT = "sans-serif"


def lines(series: Sequence[tuple[str, Sequence[int]]], moments: Sequence[datetime | date]) -> Markup:
    """Counts over time, one line for each series; the points are as far from each other as each other.

    Args:
        series: names with a count for each moment.
    """
    chart = leather.Chart()
    last = max(1, len(moments) - 1)
    highest = max((count for _, counts in series for count in counts), default=0)
    chart.add_x_scale(0, last)
    chart.add_y_scale(0, max(1, highest))
    wanted = sorted({round(number * last / (LABELS - 1)) for number in range(LABELS)}) if last > LABELS else None
    ticks = wanted or list(range(last + 1))
    chart.add_x_axis(ticks=ticks, tick_formatter=lambda value, *_: _moment(moments, int(value)))
    for (name, counts), colour in zip(series, COLOURS, strict=False):
        points = list(enumerate(counts)) if len(counts) > 1 else [(0, counts[0]), (1, counts[0])]
        chart.add_line(points, name=name, stroke_color=colour, width=2)
    return _svg(chart, HEIGHT)


def bars(counts: Sequence[tuple[str, int]]) -> Markup:
    """Names with counts, the first on top."""
    chart = leather.Chart()
    # Numbered: two topics may have one title.
    names = [f"{number}" for number in range(len(counts))]
    chart.set_y_scale(Ordinal(names))
    chart.add_x_scale(0, max(1, *(count for _, count in counts)))
    chart.add_y_axis(tick_formatter=lambda value, *_: counts[int(value)][0])
    chart.add_bars([(count, name) for name, (_, count) in zip(names, counts, strict=True)], fill_color=COLOURS[0])
    return _svg(chart, BAR * len(counts) + 2 * BAR + WIDTH // 10)


def _moment(moments: Sequence[datetime | date], place: int) -> str:
    if place >= len(moments):
        return ""
    at = moments[place]
    return f"{at:%H:%M}" if isinstance(at, datetime) else f"{at.day}.{at.month}."


def _svg(chart: Any, height: int) -> Markup:
    group: Callable[..., Element] = chart.to_svg_group
    root = Element("svg", {"viewBox": f"0 0 {WIDTH} {height}", "class": "chart", "aria-hidden": "true"})
    root.append(group(WIDTH, height))
    for part in root.iter():
        if "font-family" in part.attrib:
            part.set("font-family", FONT)
        if part.tag == "rect" and part.get("fill") == leather.theme.background_color:
            part.set("fill", "none")
    return Markup(tostring(root, encoding="unicode"))  # noqa: S704 (made of elements, so all text in it is escaped)
