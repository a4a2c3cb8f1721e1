"""Which of the recogniser's guesses to believe: the one that can be understood, not just the one it likes best."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.accounts.numbers import contract_numbers, one_time_codes
from bot.channels.intake import customer_text
from bot.channels.phone.calls import Hypothesis
from bot.nlu.signals import FALLBACK, OUT_OF_SCOPE

Parse = Callable[[str], Awaitable[dict[str, Any]]]
MOST = 5  # guesses that are looked at
UNKNOWN = 0.7  # a recogniser that gives no confidence is believed so much
NOT_UNDERSTOOD = {FALLBACK, OUT_OF_SCOPE, None}
LITTLE = 0.25  # how much such a guess is understood
CLEAR = 0.3  # recogniser's confidence times understanding, from which a guess is believed
SURE = 0.6  # recogniser's confidence from which what it heard was said, whether or not we understand it


async def best(hypotheses: tuple[Hypothesis, ...], language: str, parse: Parse) -> tuple[Hypothesis | None, float]:
    """The guess to believe, and how much, from 0 to 1; None where nothing was said.

    Args:
        parse: understands a text: {"intent": {"name", "confidence"}}, such as `Agent.parse_message`.
    """
    found: tuple[Hypothesis | None, float] = (None, 0.0)
    for one in [each for each in hypotheses if each.text.strip()][:MOST]:
        belief = (UNKNOWN if one.confidence is None else one.confidence) * await _understood(one.text, language, parse)
        if found[0] is None or belief > found[1]:
            found = (one, belief)
    return found


async def _understood(text: str, language: str, parse: Parse) -> float:
    if contract_numbers(text, language) or one_time_codes(text, language):
        return 1.0
    intent = (await parse(customer_text(text))).get("intent") or {}
    return LITTLE if intent.get("name") in NOT_UNDERSTOOD else max(LITTLE, float(intent.get("confidence") or 0.0))
