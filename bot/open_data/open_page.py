"""The open file as one page for people: both languages, what is in force, what is announced, what was said and when."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.knowledge.facts_on_day import FactStatus
from bot.open_data.known_facts import TAKEN_BACK
from bot.open_data.page_words import page_words, topic_title
from bot.replies.formats import SpokenDate
from bot.settings import LANGUAGES

TEMPLATE = "open_page.html.j2"
_LATVIAN = re.compile("[āčēģīķļņšūž]", re.IGNORECASE)
_SHOWN_TWICE = ("__again", "__whether")  # an answer said again, or to a yes or no: the file has them, the page does not
OVER = (FactStatus.ENDED.value, FactStatus.WITHDRAWN.value, TAKEN_BACK)


@dataclass(frozen=True)
class Statement:
    """A text on the page, the line about its days, its source and quote (with the quote's language)."""

    text: str
    days: str
    source: str
    url: str | None
    quote: str | None
    quote_language: str


@dataclass(frozen=True)
class PagePart:
    """A heading with its statements by topic."""

    id: str
    title: str
    topics: tuple[tuple[str, tuple[Statement, ...]], ...]


def open_page(content: dict[str, Any]) -> str:
    """The page of an open file's content (`bot.open_data.open_facts`), as HTML without scripts or other files."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    words = {language: _words(language) for language in LANGUAGES}
    parts = {language: [*_parts(content, language)] for language in LANGUAGES}
    return environment.get_template(TEMPLATE).render(languages=LANGUAGES, words=words, parts=parts) + "\n"


def _words(language: str) -> dict[str, str]:
    return {name: texts[language] for name, texts in page_words().words.items()}


def _parts(content: dict[str, Any], language: str) -> Iterator[PagePart]:
    words, day = _words(language), date.fromisoformat(content["as_of"])
    facts = [fact for fact in content["facts"] if not fact["key"].endswith(_SHOWN_TWICE)]
    in_force = [(fact, fact["versions"][-1]) for fact in facts if fact["status"] == FactStatus.IN_FORCE.value]
    announced = [(fact, fact["versions"][-1]) for fact in facts if fact["status"] == FactStatus.ANNOUNCED.value]
    former = [(fact, version) for fact in facts for version in _former(fact)]
    title = words["in_force"].format(day=SpokenDate(day, language))
    for name, heading, shown in (
        ("in_force", title, in_force),
        ("announced", words["announced"], announced),
        ("former", words["former"], former),
    ):
        yield PagePart(f"{name}-{language}", heading, tuple(_by_topic(content, shown, language)))


def _former(fact: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The versions that were said and no longer are, one for each wording."""
    *earlier, present = fact["versions"]
    said = [version for version in (*earlier, *([present] if fact["status"] in OVER else ())) if _was_said(version)]
    kept = {version["text"][LANGUAGES[0]]: version for version in said}
    if fact["status"] not in OVER:
        kept.pop(present["text"][LANGUAGES[0]], None)
    yield from kept.values()


def _was_said(version: dict[str, Any]) -> bool:
    ends = [end for end in (version["valid_until"], version["known_until"]) if end]
    return not ends or min(ends) >= version["valid_from"]


def _by_topic(
    content: dict[str, Any], shown: Iterable[tuple[dict[str, Any], dict[str, Any]]], language: str
) -> Iterator[tuple[str, tuple[Statement, ...]]]:
    leads = {topic["lead"] for topic in content["topics"]}
    # What answers a whole topic before what answers single questions, and first of all what decides it.
    shown = sorted(shown, key=lambda one: ("__" in one[0]["key"], one[0]["key"] not in leads))
    topic_of = _topics_of_keys(content)
    sources = {source["id"]: source for source in content["sources"]}
    for intent in [*(topic["id"] for topic in content["topics"]), None]:
        own = [_statement(*one, sources, language) for one in shown if topic_of.get(one[0]["key"]) == intent]
        if own:
            title = topic_title(intent, language) if intent else _words(language)["other_topics"]
            yield title, tuple({(one.text, one.days): one for one in own}.values())


def _topics_of_keys(content: dict[str, Any]) -> dict[str, str]:
    """The topic under which each key is shown: the one that it leads, or the first that uses it."""
    found = {key: topic["id"] for topic in reversed(content["topics"]) for key in topic["keys"]}
    return found | {topic["lead"]: topic["id"] for topic in reversed(content["topics"])}


def _statement(
    fact: dict[str, Any], version: dict[str, Any], sources: dict[str, dict[str, Any]], language: str
) -> Statement:
    source, url = sources[fact["source"]], sources[fact["source"]]["url"]
    is_coming = fact["status"] == FactStatus.ANNOUNCED.value and version["coming"]
    return Statement(
        text=(version["coming"] if is_coming else version["text"])[language],
        days=_days(fact, version, language),
        source=source["title"][language],
        url=url if url and url.startswith(("https://", "http://")) else None,
        quote=version["quote"],
        quote_language=LANGUAGES[0] if _LATVIAN.search(version["quote"] or "") else LANGUAGES[1],
    )


def _days(fact: dict[str, Any], version: dict[str, Any], language: str) -> str:
    words = _words(language)
    ends = [end for end in (version["valid_until"], version["known_until"]) if end]
    days = {"first": version["valid_from"], **({"last": min(ends)} if ends else {})}
    told = {name: SpokenDate(date.fromisoformat(day), language) for name, day in days.items()}
    if fact["status"] == FactStatus.ANNOUNCED.value:
        return words["begins"].format(**told)
    is_present = version is fact["versions"][-1] and fact["status"] == FactStatus.IN_FORCE.value
    if not ends:
        return words["since"].format(**told)
    return words["until" if is_present else "lasted"].format(**told)
