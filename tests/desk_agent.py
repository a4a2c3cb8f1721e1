"""A person at the desk of a running assistant, who acts through the desk's own functions."""

import uuid
from contextlib import AbstractContextManager
from dataclasses import dataclass

from running import Running, events  # tests/running.py
from sqlalchemy.orm import Session

from bot.desk.claiming import claim, close
from bot.desk.desk_events import DeskEvent, agent_said, events_after
from bot.desk.desk_requests import by_reference
from bot.desk.kinds import DeskEventKind, RequestOutcome
from bot.storage.engine import session_scope
from bot.words.reference import Reference

MOST_ASKED = 5
WANTS_A_PERSON = "Gribu runāt ar cilvēku"


@dataclass
class DeskAgent:
    """Somebody who answers at an assistant's desk."""

    running: Running
    id: int
    name: str = "Ilze"

    def session(self) -> AbstractContextManager[Session]:
        return session_scope(self.running.environment["DATABASE_URL"])

    def takes(self, reference: Reference) -> None:
        with self.session() as session:
            claim(session, reference, self.id, self.name)

    def says(self, reference: Reference, text: str) -> int:
        with self.session() as session:
            return agent_said(session, reference, self.id, text, str(uuid.uuid4()))

    def closes(self, reference: Reference) -> None:
        with self.session() as session:
            close(session, reference, self.id, RequestOutcome.ANSWERED)

    def hears(self, conversation: str) -> list[DeskEvent]:
        """What the customer has written."""
        with self.session() as session:
            return events_after(session, 0, conversation_id=conversation, kinds={DeskEventKind.CUSTOMER_SAID})


def asked_for_a_person(running: Running, session: str) -> tuple[Reference, str]:
    """Ask for a person; returns the request's reference and its conversation.

    On a machine with much else to do, an answer may be the apology that it takes too long: then it is asked again.
    """
    for _ in range(MOST_ASKED):
        answer = running.post({"text": WANTS_A_PERSON}, session)
        assert answer.status_code == 200, answer.text
        recorded = [data["request"]["reference"] for name, data in events(answer) if "request" in data]
        if recorded:
            break
    with session_scope(running.environment["DATABASE_URL"]) as database:
        request = by_reference(database, recorded[0])
        assert request is not None
        return request.reference, request.conversation_id
