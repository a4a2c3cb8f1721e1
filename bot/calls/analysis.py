"""Analyses what a call was about, from its turns; every text is redacted here, before anything is stored."""

from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from bot.calls.call_turns import Call, CallTurn, Role
from bot.calls.caller_meaning import Meaning
from bot.calls.models import LOW_CONFIDENCE, OUT_OF_SCOPE
from bot.calls.redaction import redacted
from bot.domain_names import Intent
from bot.replies.catalogue import catalogues
from bot.settings import LANGUAGES
from bot.words.lexicon import lexicon
from bot.words.text import fold

# Prefixes of intents that ask a question or request something; all other intents are not topics.
QUESTIONS = ("ask_", "check_")
REQUESTS = ("request_", "report_", Intent.COMPLAIN)
AN_ANSWER = 4  # words of an answer at least; less is "yes" or "just a moment"
MOST_TOPICS = 5  # in a summary
Understand = Callable[[str], Meaning]
Row = dict[str, Any]


def analysed(call: Call, understand: Understand) -> tuple[Row, list[Row]]:
    """The row of a call (without its time and its model) and the rows of its turns.

    Args:
        understand: parses a customer's turn.
    """
    known = any(turn.role for turn in call.turns)
    meanings = [understand(turn.text) if turn.role is not Role.AGENT else None for turn in call.turns]
    answered = [_is_answered(call.turns, n) if known and _asks(meaning) else None for n, meaning in enumerate(meanings)]
    texts, alternatives = redacted(call.turns)
    turns = [
        _turn_row(call, n, meaning, answer) | {"text": texts[n], "alternatives": alternatives[n]}
        for n, (meaning, answer) in enumerate(zip(meanings, answered, strict=True))
    ]
    said = [meaning for meaning in meanings if meaning]
    language = _language(call, meanings)
    topics = _topics(said)
    requests = [topic["intent"] for topic in topics if topic["intent"].startswith(REQUESTS)]
    mood = _mood(" ".join(turn.text for turn in call.turns if turn.role is not Role.AGENT), language)
    open_questions = {
        str(meaning.intent) for meaning, answer in zip(meanings, answered, strict=True) if meaning and answer is False
    }
    row = {
        "id": call.id,
        "source": call.source,
        "language": language,
        "topics": topics,
        "requests": requests,
        "answered": None if not known else not open_questions,
        "mood": mood,
        "summary": summary(language, topics, open_questions, mood),
    }
    return row, turns


def summary(language: str | None, topics: list[Row], open_questions: set[str], mood: str | None) -> str:
    """A summary of one or two sentences, in the call's language or else in our first one."""
    texts = catalogues()[language if language in LANGUAGES else LANGUAGES[0]]

    def said(key: str, intents: list[str]) -> list[str]:
        titles = [texts.titles.get(intent, intent) for intent in intents[:MOST_TOPICS]]
        return [texts.variant(key).text.format(topics="; ".join(titles))] if titles else []

    intents = [topic["intent"] for topic in topics]
    sentences = [
        *said("call_asked", [intent for intent in intents if intent.startswith(QUESTIONS)]),
        *said("call_unanswered", [intent for intent in intents if intent in open_questions]),
        *said("call_requested", [intent for intent in intents if intent.startswith(REQUESTS)]),
        *([texts.variant(f"call_{mood}").text] if mood else []),
    ]
    return " ".join(sentences) or texts.variant("call_unclear").text


def _turn_row(call: Call, position: int, meaning: Meaning | None, answered: bool | None) -> Row:
    """The columns of a turn, without its texts."""
    turn = call.turns[position]
    problems: dict[str, str] = {Intent.NLU_FALLBACK: LOW_CONFIDENCE, Intent.OUT_OF_SCOPE: OUT_OF_SCOPE}
    return {
        "call_id": call.id,
        "position": position,
        "role": turn.role.value if turn.role else None,
        "started": turn.start,
        "ended": turn.end,
        "confidence": turn.confidence,
        "language": (meaning.language if meaning else None) or turn.language or call.language,
        "intent": meaning.intent if meaning else None,
        "intent_confidence": meaning.confidence if meaning else None,
        "entities": list(meaning.entities) if meaning else [],
        "problem": problems.get(str(meaning.intent)) if meaning else None,
        "answered": answered,
    }


def _asks(meaning: Meaning | None) -> bool:
    return meaning is not None and str(meaning.intent).startswith(QUESTIONS)


def _is_answered(turns: tuple[CallTurn, ...], n: int) -> bool:
    """Whether an agent answers a question before the customer's next one, and not only that it is not known."""
    for turn in turns[n + 1 :]:
        if turn.role is Role.AGENT:
            if len(turn.text.split()) >= AN_ANSWER and not _says(turn.text, "put_off"):
                return True
        elif len(turn.text.split()) >= AN_ANSWER:
            return False
    return False


def _topics(said: list[Meaning]) -> list[Row]:
    counts: Counter[str] = Counter()
    best: dict[str, float] = {}
    for meaning in said:
        for intent in dict.fromkeys((meaning.intent, *meaning.questions)):
            if intent and intent.startswith((*QUESTIONS, *REQUESTS)):
                counts[intent] += 1
                best[intent] = max(best.get(intent, 0.0), meaning.confidence)
    return [
        {"intent": intent, "confidence": round(best[intent], 3), "turns": count}
        for intent, count in counts.most_common()
    ]


def _language(call: Call, meanings: list[Meaning | None]) -> str | None:
    """The language of most of what the customer says; turns are weighted by length."""
    lengths: Counter[str] = Counter()
    for turn, meaning in zip(call.turns, meanings, strict=True):
        if meaning and meaning.language:
            lengths[meaning.language] += len(turn.text)
    return lengths.most_common(1)[0][0] if lengths else call.language


def _mood(text: str, language: str | None) -> str | None:
    return next((mood for mood in ("afraid", "angry", "thankful") if _says(text, mood, language)), None)


def _says(text: str, mood: str, language: str | None = None) -> bool:
    phrases = _phrases()[mood]
    some = phrases.get(str(language)) or [phrase for each in phrases.values() for phrase in each]
    said = f" {fold(text)} "
    return any(f" {phrase} " in said for phrase in some)


@lru_cache(maxsize=1)
def _phrases() -> dict[str, dict[str, list[str]]]:
    return {
        mood: {language: [fold(phrase) for phrase in phrases] for language, phrases in by_language.items()}
        for mood, by_language in lexicon("moods").items()
    }
