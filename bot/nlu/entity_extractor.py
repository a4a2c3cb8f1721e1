"""Entities: places, contract numbers, amounts, dates, months, instalments, languages."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.tokens import Doc

from bot.domain_names import EntityName
from bot.message_limits import MESSAGE_LIMIT
from bot.nlu.annotations import add_entities, seen_in
from bot.nlu.fingerprint import content_digest
from bot.nlu.place_recognition import place_names
from bot.nlu.said_numbers import said_entities
from bot.parse_result import Entity
from bot.settings import LANGUAGES
from bot.words.kinds_of_number import CONTRACT_DIGITS, times
from bot.words.lexicon import ELSEWHERE, LEXICON, PhraseFinder, document, lexicon, word_pattern

# Any number that is long enough, in groups or not: the account dialogue decides what it is (docs/nlu.md).
_CONTRACT = re.compile(rf"(?<![\d.,-])\d(?:[ ]?\d){times(CONTRACT_DIGITS, less=1)}(?![\d.,]*\d)")
_SUM = r"(?:\d{1,3}(?:[ \u00a0]\d{3})+|\d{1,6})(?:[.,]\d{1,2})?"
_AMOUNT = re.compile(
    rf"€\s?(?P<after>{_SUM})(?![\d.,]*\d)|(?<![\d.,])(?P<before>{_SUM})\s?(?:€|(?:eur|euro|euros|eiro)\b)",
    re.IGNORECASE,
)
_ISO_DATE = re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})\b")
_DOTTED_DATE = re.compile(
    r"\b(?P<d>\d{1,2})[./](?P<m>\d{1,2})(?:[./](?P<y>\d{4}))?\b\.?(?!\d)(?!\s?(?:[kmg]?wh?|kv|%)\b)",
    re.IGNORECASE,  # 3.4 kW is not a date
)
_ROUND_THE_CLOCK = re.compile(r"24/7(?!/?\d)")
# A time of day: "plkst. 8.12", "no plkst. 8.12 līdz 9.15", "at 8.12", "8.12 pm".
_CLOCK_BEFORE = re.compile(
    r"\b(?:(?:plkst|pulkst|pl)\b\.?|pulksten\w*|at) ?(?:(?:no|ap|pēc|līdz|around) )?"
    r"(?:\d{1,2}[.:]\d\d ?(?:[-–]|līdz|to) ?(?:plkst\.? ?)?)?$",
    re.IGNORECASE,
)
_CLOCK_AFTER = re.compile(r" ?(?:[ap]\.?m\b|o'?clock\b)", re.IGNORECASE)
BEFORE_TIME = 40  # characters that are searched
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,3})?\b", re.IGNORECASE)


class WordEntities:
    """Extracts entities from words: places, months, dates with a month's name, instalments, languages."""

    def __init__(self) -> None:
        words = lexicon("words")
        self._languages = PhraseFinder({code: [[word_pattern(w)]] for code, w in words["languages"].items()})
        months = {f"{number:02d}": word_pattern(w) for number, w in words["months"].items()}
        self._months = PhraseFinder({number: [[pattern]] for number, pattern in months.items()})
        ordinal = {"TEXT": {"REGEX": r"^\d{1,2}(st|nd|rd|th|\.)?$"}}
        dot, of = {"TEXT": ".", "OP": "?"}, {"LOWER": "of", "OP": "?"}
        self._dates = PhraseFinder(
            {number: [[ordinal, dot, of, pattern], [pattern, ordinal]] for number, pattern in months.items()}
        )
        parts = word_pattern(words["parts"])
        self._instalments = PhraseFinder(
            {
                str(n): [[word_pattern(w), parts], [word_pattern(w), {"TEXT": {"REGEX": r"^\w+$"}}, parts]]
                for n, w in words["numbers"].items()
            }
        )

    def find(self, doc: Doc) -> list[Entity]:
        found = [Entity(EntityName.LANGUAGE, label, *span) for label, *span in self._languages.find(doc)]
        dates = self._dates.find(doc)
        for label, start, end in dates:
            day = re.search(r"\d+", doc.text[start:end])
            if day and 1 <= int(day.group()) <= 31:
                found.append(Entity(EntityName.DATE, f"{label}-{int(day.group()):02d}", start, end))
        months = self._months.find(doc)
        said = [Entity(*one) for one in said_entities(doc, _by_token(doc, months))]
        found += said
        dates += [(item.value, item.start, item.end) for item in said if item.name == EntityName.DATE]
        for label, start, end in months:
            inside = any(first <= start < last for _, first, last in dates)
            if not inside and not _modal_may(doc.text, start, end):
                found.append(Entity(EntityName.MONTH, label, start, end))
        found += [Entity(EntityName.INSTALMENTS, label, *span) for label, *span in self._instalments.find(doc)]
        return found + self._named_places(doc)

    def _named_places(self, doc: Doc) -> list[Entity]:
        names = place_names()
        for token in doc:
            token.norm_ = names.slips.get(token.norm_, token.norm_)
        return [Entity(EntityName.PLACE, label, *span) for label, *span in names.finder.find(doc) if label != ELSEWHERE]


def _by_token(doc: Doc, months: list[tuple[str, int, int]]) -> dict[int, tuple[str, int]]:
    """By the first token of a month: its number and the token after it."""
    spans = [(label, doc.char_span(start, end)) for label, start, end in months]
    return {span.start: (label, span.end) for label, span in spans if span is not None}


BEFORE_MONTH = 40  # characters that are searched
_BEFORE_MONTHS = {"in", "for", "of", "until", "till", "from", "by", "since", "to", "last", "next", "this"}


def _modal_may(text: str, start: int, end: int) -> bool:
    """English "may" and "march" are verbs in lower case or as the first word, unless a preposition comes before."""
    # A short window: a message full of months would otherwise be scanned again for each (quadratic).
    word, before = text[start:end], text[max(0, start - BEFORE_MONTH) : start].lower().split()
    if word.lower() not in {"may", "march"} or (before and before[-1] in _BEFORE_MONTHS):
        return False
    return word.islower() or (not before and word == "May")


def number_entities(text: str) -> list[Entity]:
    """The entities in digits: amounts, dates, contract numbers."""
    found = [
        Entity(EntityName.AMOUNT, re.sub(r"\s", "", match["after"] or match["before"]).replace(",", "."), *match.span())
        for match in _AMOUNT.finditer(text)
    ]
    for pattern in (_ISO_DATE, _DOTTED_DATE):
        for match in pattern.finditer(text):
            value = None if _is_no_day(text, match) else _date_value(match)
            if value and not _overlaps(found, match.start(), match.end()):
                found.append(Entity(EntityName.DATE, value, match.start(), match.end()))
    accounts = [match.span() for match in _IBAN.finditer(text)]
    for match in _CONTRACT.finditer(text):
        in_account = any(start < match.end() and match.start() < end for start, end in accounts)
        if not in_account and not _overlaps(found, match.start(), match.end()):
            found.append(Entity(EntityName.CONTRACT_NUMBER, match.group().replace(" ", ""), match.start(), match.end()))
    return found


def _is_no_day(text: str, match: re.Match[str]) -> bool:
    """Whether what has the digits of a date means round the clock, or a time of day."""
    if match.groupdict().get("y"):
        return False
    start, end = match.span()
    before = text[max(0, start - BEFORE_TIME) : start]
    return bool(_ROUND_THE_CLOCK.match(text, start) or _CLOCK_BEFORE.search(before) or _CLOCK_AFTER.match(text, end))


def _overlaps(found: list[Entity], start: int, end: int) -> bool:
    return any(start < item.end and item.start < end for item in found)


def _date_value(match: re.Match[str]) -> str | None:
    """ISO date; without a year `MM-DD`. None for numbers that are not a date (46.20)."""
    year = match["y"]
    try:
        day = date(int(year or 2020), int(match["m"]), int(match["d"]))
    except ValueError:
        return None
    return day.isoformat() if year else f"{day:%m-%d}"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class EntityExtractor(GraphComponent, EntityExtractorMixin):
    """Sets `entities` of messages by the lexicon and by patterns of digits."""

    def __init__(self) -> None:
        self._words = WordEntities()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityExtractor:
        return cls()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """A digest of the lexicon, so that a changed lexicon invalidates the training cache."""
        return content_digest(LEXICON.glob("*.yml"))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities of each message."""
        for message in messages:
            text = message.get(TEXT) or ""
            if text and not text.startswith("/"):
                found = self.extract(text[:MESSAGE_LIMIT], seen_in(message).language_code or LANGUAGES[0])
                add_entities(message, found, type(self).__name__)
        return messages

    def extract(self, text: str, language: str) -> list[Entity]:
        """The entities of a text, in order."""
        found = self._words.find(document(text, language))
        found += [item for item in number_entities(text) if not _overlaps(found, item.start, item.end)]
        return sorted(found, key=lambda item: item.start)
