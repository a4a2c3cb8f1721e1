"""The latency of a whole turn about an open account: NLU, form, answer, storing the conversation.

The assistant runs in this process, as `bot chat` has it; only the HTTP between channel, Rasa server and action server
is missing. It needs the model ('bot train'). The baseline in the same run is a turn that needs no account.
"""

import asyncio
import os
from collections.abc import Callable
from random import Random
from time import perf_counter
from typing import Any

from benchmarks.customers import TODAY, numbers
from benchmarks.databases import Databases, Filled
from benchmarks.outcome import Goal, Outcome
from benchmarks.times import spread
from bot.accounts.verification import Verification
from bot.rasa.local_assistant import LocalAssistant
from bot.storage.engine import session_scope
from bot.training.trained_model import model_path

TURNS, WARM_UP = 300, 20
MOST_MS = 150  # p95
QUESTIONS = ("Cik es esmu parādā?", "Kāds ir mans pēdējais rēķins?", "Has my payment been received?")
PEER = ("Vai Rīgas centrs ir slēgts?", "Will I be cut off if I pay late?")
PARTS = {"account": "about the account", "announcement": "about the announcement"}


def run(databases: Databases, tell: Callable[[str], None]) -> Outcome:
    """Run conversations about randomly chosen accounts; a goal is missed if p95 is not below `MOST_MS`."""
    os.environ["BOT_AS_OF"] = TODAY.isoformat()
    assistant = LocalAssistant(model_path())
    figures: dict[str, dict[str, Any]] = {}
    for name, filled in databases.filled.items():
        tell(f"Holding {TURNS} conversations on {name} …")
        os.environ["DATABASE_URL"] = filled.url
        times = asyncio.run(_measured(assistant, filled))
        figures[name] = {part: spread(times[part]) for part in PARTS}
    return Outcome(
        columns=("a whole turn", "database", "p50, ms", "p95, ms", "as the peer"),
        rows=tuple(
            (title, name, f"{one[part]['p50']:.1f}", f"{one[part]['p95']:.1f}", _ratio(one, part))
            for part, title in PARTS.items()
            for name, one in figures.items()
        ),
        figures=figures,
        goals=tuple(
            Goal(f"a turn on {name}: p95 below {MOST_MS} ms", f"{p95:.1f} ms", p95 < MOST_MS)
            for name, p95 in ((name, one["account"]["p95"]) for name, one in figures.items())
        ),
    )


def _ratio(one: dict[str, Any], part: str) -> str:
    return f"× {one[part]['p50'] / one['announcement']['p50']:.2f}"


async def _measured(assistant: LocalAssistant, filled: Filled) -> dict[str, list[float]]:
    """Milliseconds of each kind of turn, without those of the warm-up; each is the second of its conversation."""
    random = Random(27)  # noqa: S311  (a choice, not a secret)
    with session_scope(filled.url) as session:
        chosen = random.sample(numbers(session, with_phone=True), TURNS + WARM_UP)
    times: dict[str, list[float]] = {part: [] for part in PARTS}
    for number in chosen:
        for part, questions in zip(PARTS, (QUESTIONS, PEER), strict=True):
            assistant.restart()
            await assistant.say("Labdien!")
            with session_scope(filled.url) as session:
                Verification(session).open(number, assistant.conversation_id)
            question, began = random.choice(questions), perf_counter()
            await assistant.say(question)
            times[part].append((perf_counter() - began) * 1000)
    return {part: taken[WARM_UP:] for part, taken in times.items()}
