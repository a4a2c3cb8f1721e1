"""What a server loads at its first message otherwise: language data took the first customers up to three seconds."""

import gc
from typing import Any

from bot.knowledge.topics import topics
from bot.nlu.lexicon import is_follow_up
from bot.privacy import redact
from bot.replies.catalogue import catalogues
from bot.settings import LANGUAGES

NEW_OBJECTS = 20_000  # until the garbage collector looks at them, instead of 700
SENTENCE = "Vai Rīgas centrs ir slēgts? Is the Riga centre closed?"


def warm_actions() -> None:
    """Load what actions need: texts, topics, spaCy's language data, redaction."""
    catalogues()
    topics()
    redact(SENTENCE)
    for language in LANGUAGES:
        is_follow_up(SENTENCE, language)


async def warm_agent(agent: Any) -> None:
    """Load what understanding needs; `agent` is Rasa's, which the action server does without."""
    redact(SENTENCE)
    await agent.parse_message(SENTENCE)


def spare_what_stays() -> None:
    """Let the garbage collector pass over all that is loaded, the model above all; otherwise it looks through it again
    and again while customers wait. Called last.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)
