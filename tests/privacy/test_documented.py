"""The tables of docs/privacy.md are correct: what is found, what stays, and what is not found."""

import re
from collections import defaultdict

import pytest

from bot.privacy import redact
from bot.privacy.normalised_text import KINDS
from bot.settings import PROJECT

DOCUMENT = PROJECT / "docs" / "privacy.md"
FOUND, STAYS, NOT_FOUND = "Found", "Stays", "Not found"
_HEADING = re.compile(r"#+ (.*)")
_ROW = re.compile(r"\| (?P<about>[^|`]+) \| `(?P<text>[^`]+)` (?:\| `(?P<left>[^`]+)` )?\|")
# Kinds that are documented by their format, and tested in test_redacted.py.
BY_SHAPE = {"eic", "iban", "number", "personal code"}


def _rows() -> dict[str, list[re.Match[str]]]:
    """By heading, the rows of its table that contain an example."""
    rows = defaultdict(list)
    heading = ""
    for line in DOCUMENT.read_text("utf-8").splitlines():
        if title := _HEADING.fullmatch(line):
            heading = title[1]
        elif row := _ROW.fullmatch(line):
            rows[heading].append(row)
    return rows


ROWS = _rows()


@pytest.mark.parametrize("row", [pytest.param(row, id=row["text"]) for row in ROWS[FOUND]])
def test_what_is_said_to_be_found_is_taken_out(row: re.Match[str]) -> None:
    assert f"[{row['about']}]" in row["left"]
    assert redact(row["text"], addresses=True) == row["left"]
    assert redact(row["left"], addresses=True) == row["left"]


@pytest.mark.parametrize("row", [pytest.param(row, id=row["text"]) for row in ROWS[STAYS]])
def test_what_is_said_to_stay_stays(row: re.Match[str]) -> None:
    assert redact(row["text"], addresses=True) == row["text"]


@pytest.mark.parametrize("row", [pytest.param(row, id=row["text"]) for row in ROWS[NOT_FOUND]])
def test_limits_are_as_they_are_said_to_be(row: re.Match[str]) -> None:
    assert redact(row["text"], addresses=True) == row["left"]


def test_every_kind_has_an_example() -> None:
    assert {row["about"] for row in ROWS[FOUND]} | BY_SHAPE == set(KINDS)
    assert len(ROWS[STAYS]) > 20
    assert len(ROWS[NOT_FOUND]) > 5
