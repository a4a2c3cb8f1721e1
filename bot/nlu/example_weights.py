"""How much each training example counts. Independent of Rasa."""

import math
from collections.abc import Sequence


def weights_of(intents: Sequence[str], are_plain: Sequence[bool], plain: float) -> list[float]:
    """How much each example counts: plain sentences of an intent `plain`, its messages from conversations 1.

    An intent without plain sentences would be overlooked beside the others; its messages count in between.
    """
    with_plain = {intent for intent, is_plain in zip(intents, are_plain, strict=True) if is_plain}
    between = math.sqrt(plain)
    return [
        plain if is_plain else (1.0 if intent in with_plain else between)
        for intent, is_plain in zip(intents, are_plain, strict=True)
    ]
