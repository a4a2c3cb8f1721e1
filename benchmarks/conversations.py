"""Customers who ask about an account and verify their identity: one transaction per message, as in a channel."""

import re
from queue import Queue

from benchmarks.customers import TODAY
from bot.accounts.dialogue import Dialogue
from bot.accounts.senders import CodeMessage, Delivery
from bot.accounts.sql_source import SqlAccountSource
from bot.accounts.steps import DialogueStep
from bot.accounts.utterance import Utterance
from bot.replies.account_answers import code_message
from bot.storage.engine import session_scope

WAIT = 10.0  # seconds


class Phone:
    """A fake sender that records what it should send."""

    def __init__(self) -> None:
        self._messages: Queue[CodeMessage] = Queue()

    def send(self, message: CodeMessage) -> None:
        self._messages.put(message)

    def code(self) -> str:
        """The next code; waits for it."""
        found = re.search(r"\d{6}", self._messages.get(timeout=WAIT).text)
        assert found is not None, "A message with a code holds one."  # noqa: S101
        return found.group()


class Conversations:
    """Conversations about accounts on one database, by id."""

    def __init__(self, url: str, delivery: Delivery) -> None:
        self.source, self._url, self._delivery = SqlAccountSource(url), url, delivery

    def begin(self, conversation_id: str, question: str, text: str, language: str) -> DialogueStep:
        """A question with what is said in it."""
        with session_scope(self._url) as session:
            dialogue = Dialogue(session, self.source, self._delivery, code_message, conversation_id)
            return dialogue.begin(question, Utterance(text, language), TODAY)

    def go_on(self, conversation_id: str, text: str, language: str) -> DialogueStep:
        """A further message."""
        with session_scope(self._url) as session:
            dialogue = Dialogue(session, self.source, self._delivery, code_message, conversation_id)
            return dialogue.go_on(Utterance(text, language), TODAY)
