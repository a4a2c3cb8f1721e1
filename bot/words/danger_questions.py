"""What somebody in danger asks or intends: to call or not, to touch something themselves."""

import re

from bot.words.lexicon import lexicon
from bot.words.text import plain_words


def asks_whether_to_call(text: str) -> bool:
    """Whether a message asks if a call is needed, or to whom."""
    return re.search(lexicon("danger")["call"], plain_words(text)) is not None


def intends_something(text: str) -> bool:
    """Whether somebody tells what they are about to do themselves."""
    return re.search(lexicon("danger")["intends"], plain_words(text)) is not None
