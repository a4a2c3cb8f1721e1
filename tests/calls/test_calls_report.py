"""The page of the report, and the command that writes it."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from bot.calls import call_report
from bot.calls.call_figures import ReportDays, collect
from bot.calls.cited import cited_calls
from bot.calls.models import RecordedCall, RecordedTurn
from bot.commands.calls_report import report
from bot.storage.engine import session_scope

pytestmark = pytest.mark.both_databases
HOSTILE = [
    "<script>alert(1)</script>",
    "</td></table><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "$\\frac{$ {{ 7 * 7 }} {% raw %}",
]


class Page(HTMLParser):
    """Elements with their attributes in order, and all text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def fill(texts: list[str], days: int = 1) -> None:
    """For each text, a call in which every string is this text."""
    with session_scope() as session:
        for number, text in enumerate(texts):
            held = datetime(2026, 11, 1 + number * days, 12, tzinfo=UTC)
            topics = [{"intent": text, "confidence": 0.5, "turns": 1}]
            plain: dict[str, Any] = {"source": "made up", "model": "m", "imported_at": held, "summary": text}
            session.add(
                RecordedCall(
                    id=str(number),
                    held_at=held,
                    topics=topics,
                    requests=[text],
                    mood=text[:20],
                    language=text[:8],
                    **plain,
                )
            )
            session.flush()
            for at, problem in enumerate(("low_confidence", "out_of_scope")):
                said = {"text": text, "intent": text, "language": text[:8], "confidence": 0.7, "answered": False}
                session.add(
                    RecordedTurn(
                        call_id=str(number), position=at, problem=problem, alternatives=[text], entities=[], **said
                    )
                )


def page_of(folder: Path) -> Page:
    with session_scope() as session:
        figures = collect(session, ReportDays())
        path = call_report.write(figures, cited_calls(session, figures), folder)
    return Page(path.read_text(encoding="utf-8"))


def run(*arguments: str) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(report)
    done = CliRunner().invoke(app, arguments)
    return done.exit_code, " ".join(done.output.split())


def test_hostile_texts_stay_texts(database: str, tmp_path: Path) -> None:
    fill(HOSTILE)
    page = page_of(tmp_path)
    assert not page.all("script")
    assert not page.all("img")
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert all(text in page.text for text in HOSTILE)


@pytest.mark.parametrize("days", [1, 7])
def test_every_picture_is_described_and_followed_by_a_table(database: str, tmp_path: Path, days: int) -> None:
    fill(["pay", "outage", "invoice"], days)
    page = page_of(tmp_path)
    order = [tag for tag, _ in page.elements if tag in ("svg", "table")]
    assert order.count("svg") >= 8
    assert all(after == "table" for before, after in zip(order, [*order[1:], ""], strict=True) if before == "svg")
    assert all(svg["role"] == "img" and svg["aria-label"] for svg in page.all("svg"))


def test_tables_have_captions_and_scopes(database: str, tmp_path: Path) -> None:
    fill(["pay", "outage"])
    page = page_of(tmp_path)
    assert len(page.all("table")) == len(page.all("caption"))
    assert all(header.get("scope") in ("row", "col") for header in page.all("th"))
    assert page.all("html")[0]["lang"] == "en"


def test_ids_are_there_once_and_nothing_is_loaded(database: str, tmp_path: Path) -> None:
    fill(["pay", "outage"])
    page = page_of(tmp_path)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [value for _, one in page.elements for name, value in one.items() if name in ("href", "src", "xlink:href")]
    assert all(link and link.startswith("#") and link[1:] in ids for link in links)


def test_topics_have_titles_and_no_names_of_intents(database: str, tmp_path: Path) -> None:
    fill(["ask_place_closed", "request_human", "ask_something_else"])
    text = page_of(tmp_path).text
    assert [name for name in ("What is closed?", "Talk to a person", "ask something else") if name not in text] == []
    assert [name for name in ("low_confidence", "out_of_scope") if name in text] == []
    html = (tmp_path / "calls.html").read_text(encoding="utf-8")
    topics = html[html.index('id="time"') : html.index('id="unanswered"')]  # the spoken texts are the same here
    assert [name for name in ("ask_place_closed", "request_human") if name in topics] == []


def test_every_topic_is_in_the_table_over_time(database: str, tmp_path: Path) -> None:
    topics = [f"topic {number}" for number in range(20)]
    fill(topics)
    html = (tmp_path / "calls.html").read_text(encoding="utf-8") if page_of(tmp_path) else ""
    over_time = html[html.index('id="time"') : html.index('id="topics"')]
    assert [topic for topic in topics if f'<th scope="row">{topic}</th>' not in over_time] == []


def test_examples_link_to_the_call_they_stand_in(database: str, tmp_path: Path) -> None:
    fill(["pay", "outage"])
    page = page_of(tmp_path)
    targets = [attributes["id"] for tag, attributes in page.elements if tag == "tr" and "id" in attributes]
    links = [link["href"] for link in page.all("a") if str(link["href"]).startswith("#call-")]
    # Each call has two turns, both unanswered; equal texts give one example, and each problem has one text.
    assert sorted(targets) == [f"call-{call}-{position}" for call in (0, 1) for position in (0, 1)]
    assert len(links) == 2 + 4
    assert {str(link)[1:] for link in links} <= set(targets)


def test_a_page_of_a_call_without_anything_can_be_written(database: str, tmp_path: Path) -> None:
    held = datetime(2026, 11, 1, tzinfo=UTC)
    with session_scope() as session:
        plain = {"source": "x", "model": "m", "imported_at": held, "summary": ""}
        session.add(RecordedCall(id="a", held_at=held, topics=[], requests=[], **plain))
    assert "1 call with 0 turns" in page_of(tmp_path).text


@pytest.mark.parametrize(
    ("formats", "files"),
    [
        (
            "csv,json,parquet",
            ["calls.csv", "calls.jsonl", "calls.parquet", "turns.csv", "turns.jsonl", "turns.parquet"],
        ),
        (" CSV ,csv", ["calls.csv", "turns.csv"]),
        ("", []),
    ],
)
def test_the_command_writes_and_shows_paths(database: str, tmp_path: Path, formats: str, files: list[str]) -> None:
    fill(["pay"])
    status, output = run(str(tmp_path / "new"), "--formats", formats)
    assert status == 0
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted(["calls.html", *files])
    assert all(str(tmp_path / "new" / name) in output for name in ["calls.html", *files])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--formats", "csv,xml"), "'xml' is not a format; there are csv, json and parquet."),
        (("--formats", "csv,"), "'' is not a format"),
        (("--since", "soon"), "'soon' is not a date; write it like 2020-03-20."),
        (("--since", "2026-11-01T10:00"), "is more than a day"),
        (("--since", "2026-11-02", "--until", "2026-11-01"), "No day is since 2026-11-02 and until 2026-11-01."),
        (("--since", "2027-01-01"), "No imported call was held in these days."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    database: str, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    fill(["pay"])
    status, output = run(str(tmp_path / "new"), *arguments)
    assert (status, said in output, (tmp_path / "new").exists()) == (1, True, False)


def test_no_calls_yet_is_said(database: str, tmp_path: Path) -> None:
    assert run(str(tmp_path)) == (1, "No calls were imported yet, so there is nothing to report.")


def test_a_folder_that_cannot_be_written_to_is_said(database: str, tmp_path: Path) -> None:
    fill(["pay"])
    (tmp_path / "file").write_text("")
    status, output = run(str(tmp_path / "file" / "new"))
    assert (status, "cannot be written to" in output, "database" in output) == (1, True, False)
