"""What an announcement changes besides answers: topics with questions of their own, and replies that name events."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from bot.announcements.preview import topics_asked
from bot.knowledge.published_topics import PublishedTopic, question_of_key
from bot.knowledge.remembered import facts_now
from bot.known_channels import MESSENGER, PHONE, WEB, Channel
from bot.replies.catalogue import catalogues
from bot.replies.fixed_replies import fixed_during
from bot.replies.named_events import NamedEvents, named_events
from bot.replies.speech import spoken
from bot.replies.topic_buttons import topic_buttons
from bot.settings import LANGUAGES


@dataclass(frozen=True)
class TopicChange:
    """A topic that is understood by questions of its own from an announcement on, or no longer.

    Attributes:
        question: its name; titles: of its button, by language.
        examples: how many questions it has, by language.
        days: on which it is understood where it was not, or the other way about.
        understood: whether it is understood then.
        offered: whether "What has changed?" offers its button on one of these days.
    """

    question: str
    titles: dict[str, str]
    examples: dict[str, int]
    days: tuple[date, ...]
    understood: bool
    offered: bool


@dataclass(frozen=True)
class FixedChange:
    """A reply of the catalogue that names the events in force, and will name others.

    Attributes:
        reply: its key in data/responses.
        before, after: by channel.
    """

    reply: str
    language: str
    days: tuple[date, ...]
    before: dict[str, str]
    after: dict[str, str]


def topic_changes(session: Session, other: Session, days: Sequence[date]) -> Iterator[TopicChange]:
    """The topics that are understood in only one of two states of the facts, or with other questions or titles."""
    known = {day: (topics_asked(session, day), topics_asked(other, day)) for day in days}
    changed: dict[tuple[str, bool], list[date]] = {}
    for day, (before, after) in known.items():
        for key in sorted({*before, *after}):
            if _asked_as(before.get(key)) != _asked_as(after.get(key)):
                changed.setdefault((key, key in after), []).append(day)
    for (key, understood), on in changed.items():
        topic = known[on[0]][1 if understood else 0][key]
        buttons = [button.title for day in on for button in topic_buttons(other, LANGUAGES[0], day)]
        examples = {language: len(several) for language, several in topic.questions.items()}
        offered = topic.titles[LANGUAGES[0]] in buttons
        yield TopicChange(question_of_key(key), dict(topic.titles), examples, tuple(on), understood, offered)


def _asked_as(topic: PublishedTopic | None) -> object:
    return topic and (topic.titles, topic.questions)


def fixed_changes(
    session: Session, other: Session, days: Sequence[date], languages: Iterable[str]
) -> Iterator[FixedChange]:
    """The replies that name other events in one state of the facts than in the other."""
    for language in languages:
        texts = catalogues()[language]
        for key in (key for key in texts.responses if texts.names_events(key)):
            yield from _changes_of(key, language, session, other, days)


def _changes_of(
    key: str, language: str, session: Session, other: Session, days: Iterable[date]
) -> Iterator[FixedChange]:
    found: dict[str, FixedChange] = {}
    for day in days:
        before, after = (_worded(key, language, _events(one, language, day)) for one in (session, other))
        if before != after:
            same = found.get(told := repr((before, after)))
            on = (*(same.days if same else ()), day)
            found[told] = FixedChange(key, language, on, before, after)
    yield from found.values()


def _events(session: Session, language: str, day: date) -> NamedEvents | None:
    return named_events(facts_now(session).events, language, day)


def _worded(key: str, language: str, events: NamedEvents | None) -> dict[str, str]:
    def text(channel: Channel) -> str:
        return fixed_during(events, key, language, channel.medium).text

    return {"web": text(WEB), "messenger": text(MESSENGER), "spoken": spoken(text(PHONE), language)}
