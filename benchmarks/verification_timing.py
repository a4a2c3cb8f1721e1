"""Timing attacks: whether the response time reveals which contract numbers exist, are locked out or have no contact."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from statistics import median
from typing import Any

from scipy.stats import mannwhitneyu

from benchmarks.conversations import Conversations
from benchmarks.customers import UNKNOWN, contract_number, numbers
from benchmarks.databases import Databases, Filled
from benchmarks.outcome import Goal, Outcome
from benchmarks.sms_gateway import sms_gateway
from benchmarks.times import taken
from bot.accounts import setup
from bot.accounts.code_limits import TRIES
from bot.accounts.senders import Delivery
from bot.storage.engine import session_scope

ASKED, WARM_UP = 500, 50  # of each kind
KNOWN = "known"
KINDS = (KNOWN, "unknown", "guessed", "unreachable")
# Not distinguishable over a network: either is enough.
LEAST_MS, LEAST_SHARE = 0.3, 0.05
MANY = "100000"
QUESTION, LANGUAGE = "check_account_status", "lv"


def run(databases: Databases, tell: Callable[[str], None]) -> Outcome:
    """Ask about numbers of every kind in turn; a goal is missed if one kind differs from the known ones."""
    figures: dict[str, dict[str, Any]] = {}
    for name, filled in databases.filled.items():
        tell(f"Asking {ASKED} times about numbers of each kind on {name} …")
        with _delivery() as delivery:
            times = _measured(filled, Conversations(filled.url, delivery))
        figures[name] = {kind: _against_known(times[kind], times[KNOWN]) for kind in KINDS}
    return Outcome(
        columns=("", "number", "median, ms", "differs by, ms", "takes longer than a known one"),
        rows=tuple(
            (name, kind, f"{one['median']:.2f}", f"{one['differs']:+.2f}", f"{one['longer']:.0%}")
            for name, kinds in figures.items()
            for kind, one in kinds.items()
        ),
        figures=figures,
        goals=tuple(
            Goal(
                f"{kind} numbers on {name}: within {LEAST_MS} ms or {LEAST_SHARE:.0%} of known ones",
                f"{kinds[kind]['differs']:+.2f} ms",
                abs(kinds[kind]["differs"]) < max(LEAST_MS, LEAST_SHARE * kinds[KNOWN]["median"]),
            )
            for name, kinds in figures.items()
            for kind in KINDS
            if kind != KNOWN
        ),
    )


def _against_known(times: list[float], known: list[float]) -> dict[str, float]:
    """Milliseconds, and the Mann-Whitney test.

    "differs" is the median of the differences of those that were asked about in one turn, when the machine was as busy.
    "longer" is its effect size: of a pair of this kind and a known one, how often this one takes longer (0.5: nobody
    can tell); "p" is how likely so much is by chance.
    """
    test = mannwhitneyu(times, known)
    return {
        "median": median(times),
        "differs": median(one - other for one, other in zip(times, known, strict=True)),
        "longer": float(test.statistic) / (len(times) * len(known)),
        "p": float(test.pvalue),
    }


@contextmanager
def _delivery() -> Iterator[Delivery]:
    """The settings of an installation with an SMS gateway: sending takes time too, and must not delay the answer."""
    with sms_gateway() as address:
        os.environ["BOT_SMS_URL"] = address
        os.environ["BOT_LIMIT_CODES"] = MANY  # more are requested here than by real customers in an hour
        setup.delivery.cache_clear()
        delivery = setup.delivery()
        yield delivery
        delivery.close()


def _measured(filled: Filled, conversations: Conversations) -> dict[str, list[float]]:
    """Milliseconds of the first message with a number, by kind; each number and each conversation is used once."""
    random, each = Random(26), ASKED + WARM_UP  # noqa: S311  (an order, not a secret)
    with session_scope(filled.url) as session:
        reachable = random.sample(numbers(session, with_phone=True), 2 * each)
        unreachable = random.sample(numbers(session, with_phone=False), each)
    unknown = [contract_number(place, UNKNOWN) for place in random.sample(range(filled.contracts), each)]
    chosen = dict(zip(KINDS, (reachable[:each], unknown, reachable[each:], unreachable), strict=True))
    for place, number in enumerate(chosen["guessed"]):
        _guess(conversations, number, f"guessing-{place}")
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for place in range(each):
        # In random order each time, so that the result does not depend on the previous request.
        for kind in random.sample(KINDS, len(KINDS)):
            text, conversation = f"mans līgums ir {chosen[kind][place]}", f"{kind}-{place}"
            times[kind].append(taken(conversations.begin, conversation, QUESTION, text, LANGUAGE))
    return {kind: taken_by[WARM_UP:] for kind, taken_by in times.items()}


def _guess(conversations: Conversations, number: str, conversation: str) -> None:
    """Give wrong codes elsewhere, until that address is locked out; hitting the right one by chance is negligible."""
    conversations.begin(conversation, QUESTION, number, LANGUAGE)
    for _ in range(TRIES):
        conversations.go_on(conversation, "000000", LANGUAGE)
