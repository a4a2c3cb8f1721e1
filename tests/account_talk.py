"""A conversation about an account without Rasa: on the demo customers, with a phone that gets the codes."""

from datetime import UTC, date, datetime
from queue import Queue
from typing import Any

from sqlalchemy.orm import Session

from bot.accounts.dialogue import Dialogue
from bot.accounts.senders import CodeMessage, Delivery
from bot.accounts.sql_source import SqlAccountSource
from bot.accounts.steps import DialogueStep
from bot.accounts.utterance import Utterance
from bot.accounts.verification import Verification

TODAY = date(2020, 3, 25)
LATE, PAID, UNKNOWN, UNREACHABLE = "90010000033", "90010000011", "90019999999", "90010003131"
THREE = "90010002525"  # bills: two overdue, one due
BUSINESS = ("90010000066", "90010000077")
STATUS = "check_account_status"


class Phone:
    """A customer's phone."""

    def __init__(self) -> None:
        self.codes: Queue[CodeMessage] = Queue()

    def send(self, message: CodeMessage) -> None:
        self.codes.put(message)


class Talk:
    """A conversation about an account; a test can set its clock."""

    def __init__(self, session: Session, url: str, name: str = "web-1") -> None:
        self.now = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
        self.phone = Phone()
        self.delivery = Delivery(self.phone, self.phone, pause=0)
        self.session, self.name = session, name
        compose = lambda code, language, recipient: CodeMessage(recipient, language, code)  # noqa: E731
        self.dialogue = Dialogue(session, SqlAccountSource(url), self.delivery, compose, name, lambda: self.now)

    def begin(self, text: str = "", question: str = STATUS, **found: Any) -> DialogueStep:
        return self.dialogue.begin(question, Utterance(text, "lv", **found), TODAY)

    def say(self, text: str, **found: Any) -> DialogueStep:
        return self.dialogue.go_on(Utterance(text, "lv", **found), TODAY)

    @staticmethod
    def heard(text: str, **found: Any) -> Utterance:
        return Utterance(text, "lv", **found)

    def code(self) -> str:
        """The next code that reaches the phone."""
        return self.phone.codes.get(timeout=10).text

    def open(self, number: str) -> None:
        Verification(self.session, lambda: self.now).open(number, self.name)


def keys(step: DialogueStep) -> list[str]:
    return [said.key for said in step.replies]
