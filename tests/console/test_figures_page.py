"""The page of figures and its files: sums of counts, each with its definition, in both languages."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from colleagues import Colleague  # tests/console/colleagues.py
from pyarrow import parquet
from sqlalchemy import text

from bot.clock import today
from bot.console.svg_charts import bars, lines
from bot.desk.claiming import claim
from bot.desk.desk_events import agent_said
from bot.desk.desk_requests import open_request
from bot.desk.kinds import About, RequestKind
from bot.desk.origin import Origin
from bot.desk.ratings import rate
from bot.domain_names import Intent
from bot.figures.counted_things import RECORDED_CALLS, Counted, key
from bot.figures.counting_rows import add_counts
from bot.figures.definitions import FigureName
from bot.figures.desk_counts import count_desk_events
from bot.figures.figure_values import FigureValue, figure_values
from bot.figures.folding import fold
from bot.figures.models import ConversationFacts
from bot.figures.reading import FiguresAsked, points, sums
from bot.staff.permissions import StaffRole
from bot.storage.engine import session_scope

NOW = datetime.now(UTC)
OLD = NOW - timedelta(days=3)
Counts = dict[tuple[datetime, Counted, str, str, str], int]
SOME: Counts = {
    (NOW, Counted.CONVERSATION, "web", "lv", ""): 4,
    (NOW, Counted.CONVERSATION_HANDED_OVER, "web", "lv", ""): 1,
    (NOW, Counted.TURN, "web", "lv", ""): 10,
    (NOW, Counted.ANSWERED, "web", "lv", ""): 6,
    (NOW, Counted.ASKED_BACK, "web", "lv", ""): 3,
    (NOW, Counted.NOT_UNDERSTOOD, "web", "lv", ""): 1,
    (NOW, Counted.TOPIC, "web", "lv", Intent.ASK_CONTACT): 10,
    (NOW, Counted.CONVERSATION, RECORDED_CALLS, "en", ""): 1,
    (NOW, Counted.TURN, RECORDED_CALLS, "en", ""): 2,
    (OLD, Counted.TURN, "web", "lv", ""): 1_234,
    (OLD, Counted.TURN, "messenger", "en", ""): 100,
}


@pytest.fixture
def counted(database: str) -> None:
    """Counts of today and of a day that is over and summed."""
    with session_scope() as session:
        add_counts(
            session,
            {
                key(at, what, channel, language, name): count
                for (at, what, channel, language, name), count in SOME.items()
            },
        )
        fold(session)


def period(first: datetime, last: datetime, **more: str) -> FiguresAsked:
    return FiguresAsked(first.date(), last.date(), **more)


@pytest.mark.both_databases
@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize(
    ("asked", "turns"),
    [
        (FiguresAsked(today(), today()), 12),
        (FiguresAsked(today() - timedelta(days=4), today()), 1_346),
        (FiguresAsked(today() - timedelta(days=4), today(), channel="web"), 1_244),
        (FiguresAsked(today() - timedelta(days=4), today(), language="en"), 102),
        (FiguresAsked(today() - timedelta(days=400), today()), 1_346),
        (FiguresAsked(date(2020, 1, 1), date(2020, 1, 2)), 0),
    ],
)
def test_sums_of_a_period_are_the_same_whether_its_days_are_summed_or_not(asked: FiguresAsked, turns: int) -> None:
    with session_scope() as session:
        whole = sums(session, asked, ("what",), [Counted.TURN])
        over_time = points(session, asked, [Counted.TURN])
    assert sum(one.count for one in whole) == turns
    assert sum(counts.get(Counted.TURN, 0) for _, counts in over_time) == turns


@pytest.mark.usefixtures("counted")
def test_a_day_is_summed_again_when_something_is_counted_late() -> None:
    with session_scope() as session:
        add_counts(session, {key(OLD, Counted.TURN, "web", "lv"): 1})
    asked = FiguresAsked(today() - timedelta(days=4), today(), channel="web")
    for _ in range(2):
        with session_scope() as session:
            assert sum(one.count for one in sums(session, asked, ("what",), [Counted.TURN])) == 1_245
            fold(session)


@pytest.mark.usefixtures("counted")
def test_figures_are_shares_of_what_their_definitions_say() -> None:
    with session_scope() as session:
        found = figure_values(sums(session, FiguresAsked(today(), today()), ("what", "name", "channel")))
    expected = {
        FigureName.CONVERSATIONS: FigureValue(5),
        FigureName.TURNS: FigureValue(12),
        FigureName.ALONE: FigureValue(3, 0.75),
        FigureName.HANDED_OVER: FigureValue(1, 0.25),
        FigureName.ANSWERED: FigureValue(6, 0.6),
        FigureName.ASKED_BACK: FigureValue(3, 0.3),
        FigureName.NOT_UNDERSTOOD: FigureValue(1, 1 / 12),
    }
    assert {name: found[name] for name in expected} == expected


@pytest.mark.both_databases
def test_the_desk_is_counted_once_and_stays_when_its_rows_are_gone(database: str) -> None:
    asked_at = NOW - timedelta(minutes=9)
    with session_scope() as session:
        request = open_request(session, RequestKind.PERSON, Origin("talk", "web", "lv"), now=asked_at).reference
        claim(session, request, 1, "Anna", now=asked_at + timedelta(seconds=50))
        agent_said(session, request, 1, "Labdien!", "one", now=asked_at + timedelta(seconds=200))
        agent_said(session, request, 1, "Vai varu palīdzēt?", "two", now=asked_at + timedelta(seconds=400))
        rate(session, request, About.PERSON, 4)
    for _ in range(2):
        with session_scope() as session:
            count_desk_events(session)
    with session_scope() as session:
        session.execute(text("DELETE FROM handoffs"))
        found = figure_values(
            sums(session, FiguresAsked(today() - timedelta(days=1), today()), ("what", "name", "channel"))
        )
    expected = {
        FigureName.REQUESTS: FigureValue(1),
        FigureName.WAITED: FigureValue(seconds="60"),
        FigureName.FIRST_ANSWER: FigureValue(seconds="300"),
        FigureName.RATING_PERSON: FigureValue(1, mean=4.0),
    }
    assert {name: found[name] for name in expected} == expected


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize("which", ["period=today", "period=year&channel=web", "first=2020-01-01&last=2020-01-02"])
def test_the_page_needs_no_script_and_no_style(colleague: Callable[..., Colleague], language: str, which: str) -> None:
    one = colleague("lead", StaffRole.ANALYST)
    one.browser.cookies.set("language", language)
    page = one.get(f"/figures?{which}")
    assert page.status_code == 200
    assert not re.search(r'style=|<style|<script(?! type="module" src)| on[a-z]+="', page.text)


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize(
    "which", ["first=2020-01-02&last=2020-01-01", "first=1&last=2", "first=2000-01-01&last=2020-01-01"]
)
def test_a_period_that_cannot_be_is_refused(colleague: Callable[..., Colleague], which: str) -> None:
    assert colleague("lead", StaffRole.EDITOR).get(f"/figures?{which}").status_code == 400


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_files_have_typed_rows_and_nothing_of_customers(colleague: Callable[..., Colleague], kind: str) -> None:
    with session_scope() as session:
        facts = {"turns": 2, "answered": 1, "asked_back": 1, "not_understood": 0, "out_of_scope": 0, "failed": 0}
        of_it = {"channel": "web", "language": "lv", "first_topic": "=1+1", "handed_over": True}
        session.add(ConversationFacts(conversation_id="secret", begun_at=NOW, last_at=NOW, **facts, **of_it))
    analyst = colleague("analyst", StaffRole.ANALYST)
    days, talks = (
        analyst.get(f"/figures/file?period=today&rows={rows}&kind={kind}").content for rows in ("days", "conversations")
    )
    assert b"secret" not in talks
    if kind == "csv":
        read = [list(csv.DictReader(io.StringIO(content.decode()))) for content in (days, talks)]
        assert read[1][0]["first_topic"] == "'=1+1"
    else:
        read = [parquet.read_table(io.BytesIO(content)).to_pylist() for content in (days, talks)]
    assert sum(int(row["count"]) for row in read[0] if row["what"] == "turn") == 12
    assert [int(row["turns"]) for row in read[1]] == [2]


@pytest.mark.both_databases
@pytest.mark.usefixtures("counted")
def test_views_are_there_for_other_tools(database: str) -> None:
    with session_scope() as session:
        quarters = session.execute(text("SELECT sum(count) FROM figures_quarters WHERE figure = 'turn'")).scalar()
        days = session.execute(text("SELECT sum(count) FROM figures_days WHERE figure = 'turn'")).scalar()
        columns = session.execute(text("SELECT * FROM figures_conversations")).keys()
    assert (quarters, days, "conversation_id" in columns) == (1_346, 1_334, False)


@pytest.mark.parametrize(
    "chart",
    [
        lines([("Ziņas", [3, 0, 7])], [date(2026, 1, number) for number in (1, 2, 3)]),
        lines([("a", [1]), ("b", [0])], [date(2026, 1, 1)]),
        lines([("a", [0] * 24)], [datetime(2026, 1, 1, hour, tzinfo=UTC) for hour in range(24)]),
        bars([("<b>& 'x'</b>", 3), ("<b>& 'x'</b>", 1)]),
    ],
)
def test_a_chart_is_well_formed_and_plain(chart: str) -> None:
    root = ElementTree.fromstring(chart)  # noqa: S314 (ours)
    names = {name for element in root.iter() for name in element.attrib}
    assert "style" not in names
    assert {element.tag for element in root.iter()} <= {"svg", "g", "rect", "line", "text", "path", "circle"}
