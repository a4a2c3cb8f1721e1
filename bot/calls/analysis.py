"""What a call was about, made of its turns; every text is redacted here, before anything is kept."""

from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from bot.calls.turns import Call, Role, Turn
from bot.calls.understanding import Meaning
from bot.nlu import signals
from bot.nlu.lexicon import lexicon
from bot.nlu.text import fold
from bot.privacy import redact
from bot.replies.catalogue import catalogues
from bot.settings import LANGUAGES
from bot.storage.call_models import LOW_CONFIDENCE, OUT_OF_SCOPE

# What is asked, and what is asked for; everything else keeps a conversation going and is no topic.
QUESTIONS = ("ask_", "check_")
REQUESTS = ("request_", "report_", "complain")
AN_ANSWER = 4  # words; less is "yes" or "just a moment"
MOST_TOPICS = 5  # of a summary
Understand = Callable[[str], Meaning]
Row = dict[str, Any]


def analysed(call: Call, understand: Understand) -> tuple[Row, list[Row]]:
    """The row of a call (without when it was and with which model) and those of its turns.

    Args:
        understand: how a customer's turn is understood.
    """
    known = any(turn.role for turn in call.turns)
    meanings = [understand(turn.text) if turn.role is not Role.AGENT else None for turn in call.turns]
    answered = [_is_answered(call.turns, n) if known and _asks(meaning) else None for n, meaning in enumerate(meanings)]
    turns = [
        _turn_row(call, n, turn, meaning, answer)
        for n, (turn, meaning, answer) in enumerate(zip(call.turns, meanings, answered, strict=True))
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
    """A sentence or two, in the call's language, or else the first of ours."""
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


def _turn_row(call: Call, position: int, turn: Turn, meaning: Meaning | None, answered: bool | None) -> Row:
    problems = {signals.FALLBACK: LOW_CONFIDENCE, signals.OUT_OF_SCOPE: OUT_OF_SCOPE}
    return {
        "call_id": call.id,
        "position": position,
        "role": turn.role.value if turn.role else None,
        "started": turn.start,
        "ended": turn.end,
        "text": redact(turn.text, addresses=True),
        "confidence": turn.confidence,
        "alternatives": [redact(each, addresses=True) for each in turn.alternatives],
        "language": (meaning.language if meaning else None) or turn.language or call.language,
        "intent": meaning.intent if meaning else None,
        "intent_confidence": meaning.confidence if meaning else None,
        "entities": list(meaning.entities) if meaning else [],
        "problem": problems.get(str(meaning.intent)) if meaning else None,
        "answered": answered,
    }


def _asks(meaning: Meaning | None) -> bool:
    return meaning is not None and str(meaning.intent).startswith(QUESTIONS)


def _is_answered(turns: tuple[Turn, ...], n: int) -> bool:
    """Whether an agent says something to a question before the customer asks on, other than that it is not known."""
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
    """Of most of what the customer says; a turn counts by its length."""
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
