"""Counts what recorded calls were about: the figures of the report.

Rows are read in chunks, and only counts and a few examples are kept, so memory does not grow with the number of calls.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.calls.figure_records import (
    Confidence,
    Example,
    Figures,
    FrequentText,
    LanguageCalls,
    Period,
    ProblemTurns,
    TopicFigures,
    Unanswered,
)
from bot.calls.models import CORRECTION, LOW_CONFIDENCE, OUT_OF_SCOPE, RecordedCall, RecordedTurn
from bot.clock import RIGA
from bot.domain_names import Intent

CHUNK = 1_000  # rows in memory at a time
DAILY_BELOW = 15  # days; longer spans are counted by week
EXAMPLES = 5  # per intent
MOST_FREQUENT = 20  # texts listed per problem
TEXTS_HELD = 20_000  # distinct texts of a problem that are counted at a time
BINS = 10  # of confidence
PROBLEMS = (LOW_CONFIDENCE, OUT_OF_SCOPE)


@dataclass(frozen=True)
class ReportDays:
    """Days in Riga, both inclusive; None: unlimited on that side."""

    since: date | None = None
    until: date | None = None

    def conditions(self) -> list[Any]:
        """SQL conditions for the calls of these days. A correction that a reviewer added for training is not a call."""
        held, found = RecordedCall.held_at, [RecordedCall.source != CORRECTION]
        if self.since:
            found.append(held >= datetime.combine(self.since, time.min, tzinfo=RIGA))
        if self.until:
            found.append(held < datetime.combine(self.until + timedelta(days=1), time.min, tzinfo=RIGA))
        return found


class TextTally:
    """Counts texts, ignoring case; when there are too many distinct ones, the rarer half is dropped."""

    def __init__(self, held: int = TEXTS_HELD) -> None:
        self.turns, self.exact = 0, True
        self._held = held
        self._counts: Counter[str] = Counter()
        self._first: dict[str, tuple[str, str | None, str, int]] = {}

    def add(self, text: str, language: str | None, call: str, position: int) -> None:
        """Count a text, which is at a position of a call."""
        key = text.strip().casefold()
        self.turns += 1
        self._counts[key] += 1
        self._first.setdefault(key, (text, language, call, position))
        if len(self._counts) > self._held:
            self.exact = False
            self._counts = Counter(dict(self._counts.most_common(self._held // 2)))
            self._first = {kept: self._first[kept] for kept in self._counts}

    def most_frequent(self) -> list[FrequentText]:
        """The most frequent texts; ties in alphabetical order."""
        found = []
        for key, turns in _ranked(self._counts)[:MOST_FREQUENT]:
            text, language, call, position = self._first[key]
            found.append(FrequentText(text, language, turns, call, position))
        return found


def count_calls(session: Session) -> int:
    """How many calls were imported, of any time."""
    return int(
        session.execute(select(func.count()).select_from(RecordedCall).where(*ReportDays().conditions())).scalar_one()
    )


def collect(session: Session, span: ReportDays) -> Figures:
    """Count the calls of a span of days, and their turns."""
    first, last = _ends(session, span)
    step: Literal["day", "week"] = "week"
    if first is None or last is None or (last - first).days + 1 < DAILY_BELOW:
        step = "day"
    return Figures(
        since=span.since.isoformat() if span.since else None,
        until=span.until.isoformat() if span.until else None,
        first=first.isoformat() if first else None,
        last=last.isoformat() if last else None,
        step=step,
        **_of_calls(session, span, step),
        **_of_turns(session, span),
    )


def _ends(session: Session, span: ReportDays) -> tuple[date | None, date | None]:
    held = RecordedCall.held_at
    ends = session.execute(select(func.min(held), func.max(held)).where(*span.conditions())).one()
    first, last = (None if moment is None else moment.astimezone(RIGA).date() for moment in ends)
    return first, last


def _of_calls(session: Session, span: ReportDays, step: str) -> dict[str, Any]:
    calls = 0
    by_period: Counter[date] = Counter()
    by_language: Counter[str | None] = Counter()
    periods: defaultdict[date, Counter[str]] = defaultdict(Counter)
    languages: defaultdict[str | None, Counter[str]] = defaultdict(Counter)
    topic_calls, topic_turns, requests, moods = (Counter[str]() for _ in range(4))
    answered = Counter(yes=0, no=0, unknown=0)
    columns = (RecordedCall.held_at, RecordedCall.language, RecordedCall.topics, RecordedCall.requests)
    for held_at, language, topics, wanted, all_answered, mood in _rows(
        session, select(*columns, RecordedCall.answered, RecordedCall.mood).where(*span.conditions())
    ):
        calls += 1
        day = held_at.astimezone(RIGA).date()
        begins = day if step == "day" else day - timedelta(days=day.weekday())
        intents = {topic["intent"] for topic in topics}
        by_period[begins] += 1
        by_language[language] += 1
        periods[begins].update(intents)
        languages[language].update(intents)
        topic_calls.update(intents)
        for topic in topics:
            topic_turns[topic["intent"]] += topic["turns"]
        answered["unknown" if all_answered is None else "yes" if all_answered else "no"] += 1
        requests.update(set(wanted))
        if mood:
            moods[mood] += 1
    return {
        "calls": calls,
        "periods": [
            Period(_name(begins, step), begins.isoformat(), by_period[begins], dict(_ranked(periods[begins])))
            for begins in sorted(periods)
        ],
        "topics": [TopicFigures(intent, number, topic_turns[intent]) for intent, number in _ranked(topic_calls)],
        "languages": [
            LanguageCalls(language, number, dict(_ranked(languages[language])))
            for language, number in _ranked(by_language)
        ],
        "calls_answered": dict(answered),
        "handoffs": requests[Intent.REQUEST_HUMAN],
        "requests": dict(_ranked(requests)),
        "moods": dict(_ranked(moods)),
    }


def _of_turns(session: Session, span: ReportDays) -> dict[str, Any]:
    turns = questions = unknown = 0
    unanswered: dict[str | None, Unanswered] = {}
    problems = {problem: TextTally() for problem in PROBLEMS}
    bins, total = [0] * BINS, 0.0
    newest_first = select(RecordedTurn).join(RecordedCall, RecordedCall.id == RecordedTurn.call_id)
    newest_first = newest_first.where(*span.conditions()).order_by(RecordedTurn.id.desc())
    wanted = ("call_id", "position", "language", "text", "intent", "problem", "answered", "confidence")
    columns = [getattr(RecordedTurn, name) for name in wanted]
    for call, position, language, text, intent, problem, answered, confidence in _rows(
        session, newest_first.with_only_columns(*columns, maintain_column_froms=True)
    ):
        turns += 1
        questions += answered is not None
        if answered is False:
            of_intent = unanswered.setdefault(intent, Unanswered(intent))
            of_intent.turns += 1
            if _is_new(text, of_intent.examples):
                of_intent.examples.append(Example(call, position, language, text))
        if problem:
            problems.setdefault(problem, TextTally()).add(text, language, call, position)
        if confidence is None or not math.isfinite(confidence):
            unknown += 1
        else:
            bins[min(max(int(confidence * BINS), 0), BINS - 1)] += 1
            total += confidence
    return {
        "turns": turns,
        "questions": questions,
        "unanswered": sorted(unanswered.values(), key=lambda one: (-one.turns, one.intent or "")),
        "problems": [ProblemTurns(name, one.turns, one.exact, one.most_frequent()) for name, one in problems.items()],
        "confidence": Confidence(bins, total / sum(bins) if any(bins) else None, unknown),
    }


def _is_new(text: str, examples: list[Example]) -> bool:
    said = {example.text.strip().casefold() for example in examples}
    return len(examples) < EXAMPLES and text.strip().casefold() not in said


def _name(begins: date, step: str) -> str:
    year, week, _ = begins.isocalendar()
    return begins.isoformat() if step == "day" else f"{year}-W{week:02}"


def _ranked(counts: "Counter[Any]") -> list[tuple[Any, int]]:
    """The most frequent first; ties in alphabetical order, so that two reports can be compared."""
    return sorted(counts.items(), key=lambda item: (-item[1], str(item[0] or "")))


def _rows(session: Session, query: Any) -> Iterator[Iterable[Any]]:
    yield from session.execute(query, execution_options={"yield_per": CHUNK})
