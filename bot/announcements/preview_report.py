"""The preview as people and the console read it: a summary, equal entries once, new topics, and the fixed replies.

Filters (`Wanted`) leave out what is not looked at; they also spare the time to compose it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from bot.announcements.announcement_document import AnnouncementDocument
from bot.announcements.announcement_steps import overview
from bot.announcements.changed_replies import FixedChange, TopicChange, fixed_changes, topic_changes
from bot.announcements.checking import tried_out
from bot.announcements.preview import ASKED, AnswerChange, Shown, changes_between, days_of_change
from bot.announcements.scratch_copy import renew, scratch_copy
from bot.announcements.undoing import take_back
from bot.knowledge.fact_versions import Signed
from bot.knowledge.records import KnowledgeError
from bot.settings import LANGUAGES

SHOWN_ON = tuple(field.name for field in fields(Shown))  # names of the channels, as filters give them


@dataclass(frozen=True)
class Wanted:
    """What of a preview is looked at; None for everything.

    Attributes:
        day: one of the days on which something changes, or a day before one.
        question: a part of the names of questions.
        channel: web, messenger or spoken.
        language: lv or en.

    Raises:
        KnowledgeError: there is no such channel or language.
    """

    day: date | None = None
    question: str | None = None
    channel: str | None = None
    language: str | None = None

    def __post_init__(self) -> None:
        for name, value, known in (("channel", self.channel, SHOWN_ON), ("language", self.language, LANGUAGES)):
            if value not in (None, *known):
                raise KnowledgeError(f"--{name} {value}: give one of {', '.join(known)}.")

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that are looked at."""
        return tuple(one for one in LANGUAGES if self.language in (None, one))

    def names(self, question: str) -> bool:
        """Whether a question is looked at."""
        return (self.question or "") in question


@dataclass(frozen=True)
class MergedChange:
    """Answers that differ in the same way: the same text before and the same after, on the same days.

    Attributes:
        questions: their names; ` again` marks the answer where the question was answered before, and (open) or
            (whether) one that differs only so asked.
        before, after: by channel.
    """

    questions: tuple[str, ...]
    language: str
    days: tuple[date, ...]
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True)
class PreviewReport:
    """What an announcement changes, as far as it is looked at.

    Attributes:
        days: on which something changes, and the days before; of these, those that are looked at.
        differing: how many answers differ (by question, language, days, and whether it was answered before).
        answers: the same, equal ones merged.
        topics: that are understood by questions of their own from then on, or no longer.
        fixed: replies that name the events in force: greeting, help, the page's title.
    """

    announcement: str
    made_public: date | None
    days: tuple[date, ...]
    differing: int
    answers: tuple[MergedChange, ...]
    topics: tuple[TopicChange, ...]
    fixed: tuple[FixedChange, ...]

    @property
    def questions(self) -> int:
        """How many questions there are whose answers differ."""
        names = (name for change in self.answers for name in change.questions)
        return len({name.partition(" ")[0] for name in names})


def preview_report(session: Session, document: AnnouncementDocument, wanted: Wanted | None = None) -> PreviewReport:
    """What an announcement changes.

    Raises:
        KnowledgeError: it cannot be published.
    """
    with tried_out(session, document) as copy:
        return _report(session, copy, document, wanted or Wanted())


def undo_report(session: Session, announcement: str, today: date, wanted: Wanted | None = None) -> PreviewReport:
    """What undoing an announcement changes.

    Args:
        today: the first day on which it is undone, where the proposal to undo it names none.

    Raises:
        KnowledgeError: there is none, or it cannot be undone.
    """
    found = overview(session, announcement)
    with scratch_copy(session) as copy:
        take_back(copy, announcement, Signed("trying out", None, found.undo_from or today, announcement))
        renew(copy)
        return _report(session, copy, found.document, wanted or Wanted())


def _report(session: Session, copy: Session, document: AnnouncementDocument, wanted: Wanted) -> PreviewReport:
    days = [day for day in days_of_change(copy, document) if wanted.day in (None, day)]
    changes = changes_between(session, copy, days, wanted.languages)
    changes = [change for change in changes if wanted.names(change.question.name)]
    return PreviewReport(
        announcement=document.id,
        made_public=document.made_public,
        days=tuple(days),
        differing=len(changes),
        answers=tuple(_merged(changes, wanted.channel)),
        topics=tuple(one for one in topic_changes(session, copy, days) if wanted.names(one.question)),
        fixed=tuple(_of_channel(fixed_changes(session, copy, days, wanted.languages), wanted)),
    )


def report_content(report: PreviewReport) -> dict[str, Any]:
    """A report as JSON's types, for the console: `summary`, `answers`, `topics`, `fixed`; days in ISO 8601."""
    content = asdict(report, dict_factory=_written)
    whole = {name: content.pop(name) for name in ("answers", "topics", "fixed")}
    counts = {"differing_questions": report.questions, **{name: len(several) for name, several in whole.items()}}
    return {"summary": {**content, **counts}, **whole}


def _written(items: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in items}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return [_plain(one) for one in value] if isinstance(value, tuple | list) else value


def _merged(changes: Iterable[AnswerChange], channel: str | None) -> Iterator[MergedChange]:
    found: dict[object, MergedChange] = {}
    for change in changes:
        before, after = (on_channels(shown, channel) for shown in (change.before, change.after))
        key = (change.language, change.days, *before.values(), *after.values())
        one = found.setdefault(key, MergedChange((), change.language, change.days, before, after))
        found[key] = replace(one, questions=(*one.questions, _name(change)))
    yield from found.values()


def _name(change: AnswerChange) -> str:
    asked = "" if len(change.asks) == len(ASKED) else f" ({', '.join(change.asks)})"
    return f"{change.question.name}{' again' if change.again else ''}{asked}"


def on_channels(shown: Shown, channel: str | None) -> dict[str, str]:
    """A text by channel; of one channel only, where one is given."""
    return {name: str(getattr(shown, name)) for name in SHOWN_ON if channel in (None, name)}


def _of_channel(changes: Iterable[FixedChange], wanted: Wanted) -> Iterator[FixedChange]:
    for change in changes:
        texts = [
            {name: text for name, text in one.items() if wanted.channel in (None, name)}
            for one in (change.before, change.after)
        ]
        if wanted.names(change.reply) and texts[0] != texts[1]:
            yield replace(change, before=texts[0], after=texts[1])
