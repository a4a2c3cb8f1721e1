"""The desk's events as a visitor's client gets them, in the stream and in the history."""

from typing import NotRequired, TypedDict

from sqlalchemy.orm import Session

from bot.channels.web.private_replies import without_long_numbers
from bot.channels.web.shown import ShownButton, ShownSource, TurnContent
from bot.desk import typing
from bot.desk.desk_events import DeskEvent, events_after
from bot.desk.kinds import SEEN_BY_CUSTOMER, About, DeskEventKind

# Who has said something, for clients.
CUSTOMER, ASSISTANT, PERSON, NOTICE = typing.CUSTOMER, str(About.ASSISTANT), str(About.PERSON), "notice"
# What the visitor wrote to a person stands in the website's own turns, sealed with the visitor's secret.
NOT_IN_TURNS = SEEN_BY_CUSTOMER - {DeskEventKind.CUSTOMER_SAID}


# Something that was said, or a notice (openapi.yml: `Said`). `number` is its place among the desk's events.
Said = TypedDict(
    "Said",
    {
        "id": str,
        "from": str,
        "text": str,
        "at": str,
        "language": str | None,
        "buttons": list[ShownButton],
        "sources": list[ShownSource],
        "number": NotRequired[int],
        "name": NotRequired[str | None],
        "event": NotRequired[str],
    },
)


def said_at_desk(event: DeskEvent) -> Said:
    """An event of `SEEN_BY_CUSTOMER`."""
    said: Said = {
        "id": f"desk-{event.number}",
        "from": NOTICE,
        "text": event.text or "",
        "at": event.at.isoformat(timespec="milliseconds"),
        "language": None,
        "buttons": [],
        "sources": [],
        "number": event.number,
    }
    if event.kind == DeskEventKind.CUSTOMER_SAID:
        return {
            **said,
            "id": event.client_id or said["id"],
            "from": CUSTOMER,
            "text": without_long_numbers(said["text"]),
        }
    if event.kind == DeskEventKind.AGENT_SAID:
        return {**said, "from": PERSON, "name": event.agent_name}
    return {**said, "event": str(event.kind), "name": event.agent_name}


def desk_history(session: Session, conversation: str) -> list[DeskEvent]:
    """What a person said in a conversation, and what happened, the oldest first."""
    found: list[DeskEvent] = []
    while more := events_after(
        session, found[-1].number if found else 0, conversation_id=conversation, kinds=NOT_IN_TURNS
    ):
        found += more
    return found


def woven(turns: list[tuple[str, TurnContent]], events: list[DeskEvent]) -> list[tuple[str, TurnContent] | DeskEvent]:
    """Turns and events in one order: by their numbers where both have one, else by their times."""
    rest, found = [*events], list[tuple[str, TurnContent] | DeskEvent]()
    for message_id, content in turns:
        number, at = content.get("number"), content["at"]
        while rest and (rest[0].number < number if number else rest[0].at.isoformat() < at):
            found.append(rest.pop(0))
        found.append((message_id, content))
    return [*found, *rest]
