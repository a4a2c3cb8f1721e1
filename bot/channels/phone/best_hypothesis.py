"""Reranks the recogniser's n-best list: believes a hypothesis that is understood, not just the recogniser's best."""

from collections.abc import Awaitable, Callable

from bot.accounts.given_numbers import contract_numbers, one_time_codes
from bot.channels.intake import CustomerText, customer_text
from bot.channels.phone.gateway_messages import Hypothesis
from bot.domain_names import Intent
from bot.parse_result import ParseResult

Parse = Callable[[CustomerText], Awaitable[ParseResult]]
MOST = 5  # hypotheses that are considered
UNKNOWN = 0.7  # the confidence assumed where a recogniser gives none
NOT_UNDERSTOOD = {Intent.NLU_FALLBACK, Intent.OUT_OF_SCOPE, None}
LITTLE = 0.25  # the understanding of such a hypothesis
CLEAR = 0.3  # threshold of recogniser's confidence times understanding, from which a hypothesis is believed
SURE = 0.6  # threshold of the recogniser's confidence from which a text was said, understood or not


async def best(hypotheses: tuple[Hypothesis, ...], language: str, parse: Parse) -> tuple[Hypothesis | None, float]:
    """The hypothesis to believe, and how much, from 0 to 1; None where nothing was said.

    Args:
        parse: the model's parse of a text.
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
    parsed = await parse(customer_text(text))
    return LITTLE if parsed.intent in NOT_UNDERSTOOD else max(LITTLE, parsed.confidence)
