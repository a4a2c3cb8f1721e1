"""Warm-up: loads at start what the first message would load; language data took the first customers up to 3 seconds."""

import gc
from typing import Any

from bot.knowledge.topics import topics
from bot.privacy import redact
from bot.replies.catalogue import catalogues
from bot.settings import LANGUAGES
from bot.words.lexicon import is_follow_up

NEW_OBJECTS = 20_000  # threshold of the garbage collector, instead of 700
PERSONAL = "Es esmu Anna, dzīvoju Brīvības ielā 12, Rīgā. Kods 123456."  # redaction loads its word lists for names
SENTENCE = "Vai Rīgas centrs ir slēgts? Is the Riga centre closed?"


def warm_actions() -> None:
    """Load what actions need: texts, topics, spaCy's language data, redaction."""
    catalogues()
    topics()
    redact(PERSONAL, addresses=True)
    for language in LANGUAGES:
        is_follow_up(SENTENCE, language)


async def warm_agent(agent: Any) -> None:
    """Load what NLU needs; `agent` is Rasa's (the action server has none)."""
    redact(PERSONAL, addresses=True)
    await agent.parse_message(SENTENCE)


def spare_what_stays() -> None:
    """Exempt all loaded objects, above all the model, from garbage collection (gc.freeze): otherwise they are traversed
    again and again while customers wait. To be called last.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)
