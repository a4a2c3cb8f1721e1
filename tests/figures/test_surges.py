"""Simulated weeks: bursts are found within 15 minutes, and where there is none, at most one false alarm a week."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import numpy
import pytest

from bot.clock import RIGA
from bot.domain_names import Intent
from bot.figures.alike_sentences import NotUnderstood, alike
from bot.figures.counted_things import QUARTER, Counted, key
from bot.figures.counting_rows import add_counts
from bot.figures.surge_watch import OVER, counted_surges, dismiss, notice, noticed, take_look
from bot.figures.surges import Surge, SurgeKind, surge
from bot.storage.engine import session_scope

FIRST = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
WEEK = timedelta(days=7)
TOPICS = [0.3, 1, 3, 10, 30, 100] * 5  # messages an hour at noon, of thirty topics
Series = dict[datetime, int]


def busyness(at: datetime) -> float:
    """How busy it is compared with noon of a working day: quiet nights, and half as much at weekends."""
    local = at.astimezone(RIGA)
    by_day = 0.02 if local.hour < 6 else 0.3 if local.hour < 8 or local.hour >= 21 else 1.0
    return by_day * (0.5 if local.weekday() >= 5 else 1.0)


def simulated(seed: int, hourly: float, weeks: int) -> Series:
    """Weeks of a topic; days differ by chance by a fifth, and so do quarters of an hour, beyond what Poisson makes."""
    chance = numpy.random.default_rng(seed)
    moments = [FIRST + number * QUARTER for number in range(7 * 96 * weeks)]
    of_days = numpy.repeat(chance.lognormal(0, 0.2, 7 * weeks), 96)
    means = [hourly / 4 * busyness(at) for at in moments] * of_days * chance.lognormal(0, 0.1, len(moments))
    return dict(zip(moments, map(int, chance.poisson(means)), strict=True))


def alarms(series: Series, begin: datetime, weeks: int) -> Iterator[datetime]:
    """When a surge is found that was not there two hours before, looking at the end of each quarter of an hour."""
    last = None
    for number in range(weeks * 7 * 96):
        at = begin + number * QUARTER
        if surge(SurgeKind.OF_TOPIC, "t", series, at + QUARTER - timedelta(seconds=1), FIRST):
            if last is None or at - last > OVER:
                yield at
            last = at


@pytest.mark.parametrize("seed", [0])
def test_weeks_without_a_burst_have_at_most_one_false_alarm_each(seed: int) -> None:
    weeks = 2
    found = [
        at
        for number, hourly in enumerate(TOPICS)
        for at in alarms(simulated(seed * 1_000 + number, hourly, 8 + weeks), FIRST + 8 * WEEK, weeks)
    ]
    assert len(found) <= weeks, found


HOURS = {
    "noon": timedelta(days=2, hours=10),
    "night": timedelta(days=3, hours=1),
    "weekend": timedelta(days=5, hours=12),
}


@pytest.mark.parametrize("weeks", [8, 4, 1])
@pytest.mark.parametrize("when", HOURS)
@pytest.mark.parametrize("hourly", [1, 10, 100])
def test_a_burst_is_found_within_a_quarter_of_an_hour(hourly: float, when: str, weeks: int) -> None:
    began = FIRST + weeks * WEEK + HOURS[when] + timedelta(minutes=7)
    series = simulated(7, hourly, weeks + 1)
    # Within 15 minutes twenty messages more, or four times as many where it is busy: an outage, a rumour, a bill.
    # With a past of one week it is compared with other weekdays, and a weekend's must reach theirs.
    more = max(20, round(hourly * (1.0 if weeks == 1 else busyness(began))))
    series = {at: count // 2 if at > began else count for at, count in series.items() if at <= began + QUARTER}
    for number in range(more):
        at = began + number * QUARTER / more
        quarter = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
        series[quarter] = series.get(quarter, 0) + 1
    found = surge(SurgeKind.OF_TOPIC, "t", series, began + QUARTER, FIRST)
    assert found is not None
    before = {at: count for at, count in series.items() if at <= began - QUARTER}
    assert surge(SurgeKind.OF_TOPIC, "t", before, began - timedelta(minutes=8), FIRST) is None


@pytest.mark.parametrize(
    ("counts", "is_found"), [(7, False), (29, False), (30, True)], ids=["small", "no past", "no past, many"]
)
def test_without_a_past_only_much_is_a_surge(counts: int, is_found: bool) -> None:
    assert (surge(SurgeKind.OF_TOPIC, "t", {FIRST: counts}, FIRST, FIRST) is not None) == is_found


def test_what_only_carries_a_conversation_on_is_no_topic() -> None:
    assert surge(SurgeKind.OF_TOPIC, Intent.THANK, {FIRST: 500}, FIRST, FIRST) is None


def test_summer_time_compares_the_same_hours_of_the_clock() -> None:
    # Every day at 9 in Riga it is busy; the clocks change on 29 March 2026.
    series = {
        datetime(2026, 1, 5, 9, tzinfo=RIGA).replace(tzinfo=None).replace(tzinfo=RIGA): 0,
    }
    for day in range(90):
        local = (datetime(2026, 1, 5, 9) + timedelta(days=day)).replace(tzinfo=RIGA)  # noqa: DTZ001 (given its zone)
        series |= {local.astimezone(UTC) + number * QUARTER: 40 for number in range(8)}
    at = datetime(2026, 3, 30, 9, 40, tzinfo=RIGA)
    assert surge(SurgeKind.OF_TOPIC, "t", series, at, FIRST) is None


@pytest.mark.both_databases
def test_a_surge_is_noticed_once_and_may_come_again(database: str) -> None:
    now = FIRST + 9 * WEEK + timedelta(hours=10)
    with session_scope() as session:
        usual = {FIRST + number * WEEK + timedelta(hours=10): 3 for number in range(9)}
        add_counts(
            session, {key(at, Counted.TOPIC, "web", "lv", Intent.ASK_CONTACT): count for at, count in usual.items()}
        )
        add_counts(
            session,
            {
                key(now, what, "web", "lv", name): 30
                for what, name in ((Counted.TOPIC, Intent.ASK_CONTACT), (Counted.PLACE, "ogre"))
            },
        )
        add_counts(session, {key(now, Counted.TOPIC, "recorded calls", "lv", Intent.COMPLAIN): 90})
    told = []
    for minutes in (1, 2, 400):
        with session_scope() as session:
            found = counted_surges(session, now + timedelta(minutes=1))
            told.append(len(notice(session, found if minutes < 400 else [], now + timedelta(minutes=minutes))))
    with session_scope() as session:
        again = notice(session, found, now + timedelta(minutes=401))
        listed = noticed(session, now)
        first = dismiss(session, listed[0].id, "anna", now), dismiss(session, listed[0].id, "bruno", now)
    assert told == [2, 0, 0]
    assert {(one.kind, one.name, one.count) for one in found} == {
        (SurgeKind.OF_TOPIC, Intent.ASK_CONTACT, 30),
        (SurgeKind.OF_PLACE, "ogre", 30),
    }
    assert (len(again), len(listed), first) == (2, 4, (True, False))


@pytest.mark.both_databases
def test_of_several_consoles_one_looks_each_minute(database: str) -> None:
    looks = []
    for seconds in (0, 1, 59, 60, 61):
        with session_scope() as session:
            looks.append(take_look(session, FIRST + timedelta(seconds=seconds)))
    assert looks == [True, False, False, True, False]


ASKED = [
    "kad man nomainīs skaitītāju",
    "vai skaitītāju maiņa notiks",
    "skaitītāja nomaiņa, kad?",
    "kad būs skaitītāju nomaiņa",
    "jums solīja nomainīt skaitītāju",
    "skaitītāju nomaiņas grafiks",
    "vai nomainīsiet skaitītāju arī Ogrē",
    "skaitītāja nomaiņa dzīvoklī",
]
OTHERS = [
    "man nepatīk šis laiks",
    "cik maksā maize veikalā",
    "pastāsti anekdoti par lapsu",
    "kas uzvarēja vakar hokejā",
    "kāds ir labākais pusdienu piedāvājums",
    "vai tu esi dzīvs cilvēks vai nē",
    "gribu pirkt jaunu telefonu",
    "kur nopirkt lētas lidmašīnas biļetes",
]
NOW = datetime(2026, 3, 9, 10, tzinfo=UTC)


def asked(texts: list[str], ago: timedelta, people: int = 100) -> list[NotUnderstood]:
    return [NotUnderstood(text, f"c{number % people}", NOW - ago) for number, text in enumerate(texts)]


LATELY, EARLIER = timedelta(minutes=10), timedelta(hours=5)
CASES: dict[str, tuple[Callable[[], list[NotUnderstood]], int]] = {
    "new": (lambda: asked([*ASKED, *OTHERS], LATELY) + asked(OTHERS * 3, EARLIER), 1),
    "different": (lambda: asked(OTHERS, LATELY) + asked(OTHERS, EARLIER), 0),
    "few": (lambda: asked([*ASKED[:4], *OTHERS], LATELY), 0),
    "one person": (lambda: asked([*ASKED, *OTHERS], LATELY, people=1), 0),
    "earlier": (lambda: asked([*ASKED, *OTHERS], EARLIER), 0),
    "usual": (lambda: asked([*ASKED, *OTHERS], LATELY) + asked(ASKED * 5, EARLIER), 0),
    "no words": (lambda: asked(["???"] * 20, LATELY), 0),
}


@pytest.mark.parametrize("case", CASES)
def test_sentences_that_are_alike_are_a_surge_where_they_are_new_and_of_several_people(case: str) -> None:
    said, surges = CASES[case]
    found = alike(said(), NOW)
    assert len(found) == surges
    assert all(isinstance(one, Surge) and set(one.examples) <= set(ASKED) for one in found)
