"""The questions of a message that asks several. Independent of Rasa."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.accounts.account_intents import QUESTIONS as ACCOUNT_QUESTIONS
from bot.domain_names import PLACE_TOPICS, Intent
from bot.knowledge.topics import topics
from bot.nlu.beside_numbers import has_number
from bot.nlu.cascade import Cascade
from bot.nlu.segments import MOST, Segment, segments
from bot.nlu.two_questions import Margins, Span, two_questions
from bot.parse_result import Guess, Question

# Priority of intents when a message has two questions: danger first, then the one that asks something back.
_LEADING: tuple[str, ...] = (Intent.REPORT_DANGER, Intent.REPORT_OUTAGE)


def leads(intent: str) -> int:
    """An intent's priority rank, lowest first; where neither question has one, the first leads."""
    return _LEADING.index(intent) if intent in _LEADING else len(_LEADING)


def _span_of_place(one: Question) -> Span | None:
    """Questions about places are kept apart: each may name another place."""
    return (one.start, one.end) if one.intent in PLACE_TOPICS else None


def answerable() -> frozenset[str]:
    """Intents with an answer of their own, so that two of them can be answered in one reply."""
    return frozenset((*topics(), Intent.FOLLOW_UP))


class QuestionFinder:
    """Finds the different questions of a message with a trained cascade."""

    def __init__(self, cascade: Cascade, ranking: Callable[[str], Sequence[Guess]], config: Mapping[str, Any]) -> None:
        """
        Args:
            ranking: the likeliest intents of a text, likeliest first.
            config: asked, stated, numbered and told, as in `CascadeIntentClassifier.get_default_config`.
        """
        self._cascade, self._ranking, self._config = cascade, ranking, config

    def find(self, text: str, language: str) -> list[Question]:
        """The different questions of a text, in order; one or none where it asks a single one."""
        found: list[Question] = []
        parts = segments(text)
        for one in parts if len(parts) > 1 else []:
            found += self._two(text, one, language) or self._one(text, one)
        if len(found) < 2:
            found = self._two(text, Segment(0, len(text)), language)
            found = [each for one in found for each in self._two(text, Segment(one.start, one.end), language) or [one]]
        found = without_echoes(text, found)
        if len({one.intent for one in found}) == 1 and found[0].intent in PLACE_TOPICS:
            return []  # one question about several places
        different = {(self.with_about(text, one).about or one.intent, _span_of_place(one)): one for one in found}
        return list(different.values())[:MOST]

    def _one(self, text: str, segment: Segment) -> list[Question]:
        """The question of a segment, if it asks one that can be answered beside others."""
        said = text[segment.start : segment.end]
        guess = self._ranking(said)[0]
        least = float(self._config["numbered" if segment.is_question else "told"])
        if guess.intent not in answerable() or guess.confidence < least or has_number(said):
            return []
        return [Question(guess.intent, guess.confidence, segment.start, segment.end)]

    def _two(self, text: str, segment: Segment, language: str) -> list[Question]:
        """The two questions of a segment that joins them, or none."""
        cascade, margins = self._cascade, Margins(self._config["asked"], self._config["stated"])
        said = text[segment.start : segment.end]
        pair = two_questions(said, language, cascade.glance, cascade.distributions, answerable(), margins)
        moved = (replace(one, start=one.start + segment.start, end=one.end + segment.start) for one in pair or ())
        return list(moved)

    def with_about(self, text: str, one: Question) -> Question:
        asked = self._about(text[one.start : one.end], one.intent)
        return replace(one, about=asked.intent if asked else None)

    def _about(self, text: str, intent: str) -> Guess | None:
        """The question within an intent that a text asks."""
        found = self._cascade.questions(text, intent)
        if not found:
            return None
        name = max(found, key=lambda question: found[question])
        return Guess(name, round(found[name], 4))


def without_echoes(text: str, found: Sequence[Question]) -> list[Question]:
    """The questions without those that only finish what came before: "I booked a visit. Will it take place?"

    A follow-up is a question of its own only after a question, and not after one about an account, which rests on no
    facts.
    """
    kept: list[Question] = []
    for one in found:
        before = kept[-1] if kept else one
        asked = text[before.start : before.end].rstrip().endswith("?") and before.intent not in ACCOUNT_QUESTIONS
        if one.intent != Intent.FOLLOW_UP or asked:
            kept.append(one)
    return kept
