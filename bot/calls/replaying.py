"""Replays recorded calls: what today's assistant would have answered, and how two models differ."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from bot.calls.models import CORRECTION, RecordedCall, RecordedTurn
from bot.known_channels import PHONE
from bot.storage.engine import session_scope

if TYPE_CHECKING:
    from bot.rasa.local_assistant import LocalAssistant

Turn = dict[str, Any]


async def replayed(model: Path, call: str | None, most: int) -> list[Turn]:
    """The customers' turns with a model's answers.

    Args:
        call: the id of one call; None for the latest `most`.

    Returns:
        {"call", "position", "text", "answers": {model's name: {"intent", "text"}}} of each turn.
    """
    assistant = _loaded(model)
    said: list[Turn] = []
    for _, turns in groupby(_turns(call, most), key=lambda turn: turn["call"]):
        assistant.restart()
        for turn in turns:
            heard = await assistant.say(turn["text"])
            answer = {"intent": heard["intent"], "text": " / ".join(reply["text"] for reply in heard["replies"])}
            said.append({**turn, "answers": {model.name: answer}})
    return said


async def differences(model: Path, other: Path, call: str | None, most: int) -> list[Turn]:
    """The turns that two models answer or classify differently, with both answers."""
    ones, others = await replayed(model, call, most), await replayed(other, call, most)
    pairs = zip(ones, others, strict=True)
    return [
        {**one, "answers": {f"{model.name} (today)": mine, other.name: theirs}}
        for one, another in pairs
        if (mine := one["answers"][model.name]) != (theirs := another["answers"][other.name])
    ]


def _loaded(model: Path) -> "LocalAssistant":
    from bot.rasa.local_assistant import LocalAssistant

    assistant = LocalAssistant(model)
    assistant.channel = PHONE
    return assistant


def _turns(call: str | None, most: int) -> Iterator[Turn]:
    """The customers' turns of the latest calls, or of one, in order; all turns of a call without known roles."""
    with session_scope() as session:
        real = RecordedCall.source != CORRECTION
        latest = select(RecordedCall.id).where(real).order_by(RecordedCall.held_at.desc(), RecordedCall.id).limit(most)
        ids = [call] if call else session.execute(latest).scalars().all()
        for each in ids:
            by_customer = or_(RecordedTurn.role == "customer", RecordedTurn.role.is_(None))
            of_it = select(RecordedTurn).where(RecordedTurn.call_id == each, by_customer)
            for row in session.execute(of_it.order_by(RecordedTurn.position)).scalars():
                yield {"call": each, "position": row.position, "text": row.text}
