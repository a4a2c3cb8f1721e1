"""The first words of an answer: "yes", "no" or neither, as it was asked and as an announcement has it."""

import re
from dataclasses import replace

from bot.domain_names import Intent
from bot.knowledge.conveyed import Opening
from bot.knowledge.facts_on_day import FactOnDay
from bot.knowledge.topics import Topic
from bot.replies.catalogue import catalogues

SILENCE = "silence"  # kind of a record: what a source does not say
WORD_OF = {Opening.YES: Intent.AFFIRM, Opening.NO: Intent.DENY}  # titles in the catalogue with the words themselves


def begun_as_known(topic: Topic, lead: FactOnDay) -> Topic:
    """The answer with the first words that an announcement gives it."""
    if lead.opening is not None:
        return replace(topic, opening=lead.opening)
    if topic.opening is Opening.NOT_SAID and lead.announced and lead.kind != SILENCE:
        return replace(topic, opening=Opening.OPEN)  # what was not said is said now
    return topic


def begun_as_asked(topic: Topic, *, openly: bool, confirmed: bool) -> Topic:
    """The answer with the first words that fit how it was asked."""
    if openly and topic.opening in WORD_OF:
        topic = replace(topic, opening=Opening.OPEN)
    if confirmed and topic.opening is not Opening.NOT_SAID:
        topic = replace(topic, opening=Opening.YES, confirmed=True)
    return topic


def begun(text: str, language: str, opening: Opening, *, afresh: bool) -> str:
    """A text that begins with "yes" or "no" where its opening says so, and else without.

    Args:
        afresh: whether "yes" confirms the whole text, so that a word with which it begins goes.
    """
    titles = catalogues()[language].titles
    words = {name: titles[title] for name, title in WORD_OF.items()}
    begins = next((name for name, word in words.items() if re.match(rf"{word}[,.:!]\s", text)), None)
    if begins and (afresh or opening not in words):
        rest = text[len(words[begins]) + 1 :].lstrip()
        text, begins = rest[:1].upper() + rest[1:], None
    if opening not in words:
        return text
    if begins or words[opening].casefold() in text.casefold().split(",")[0].split()[:3]:
        return text
    return f"{words[opening]}. {text}"
