"""What customers write while a person holds the conversation at the desk; and the way back to the assistant."""

from functools import partial

from sqlalchemy.orm import Session

from bot.channels.messenger import outcomes
from bot.channels.messenger.inbox import Task
from bot.channels.messenger.incoming import EventContent, MessengerEventKind
from bot.channels.messenger.outcomes import OutboxItem
from bot.channels.messenger.profile import TO_ASSISTANT
from bot.channels.whom_it_is_for import given_to_a_person
from bot.desk.call_backs import call_back_of
from bot.desk.claiming import give_back
from bot.desk.desk_requests import locked_of_conversation
from bot.desk.holding import holder
from bot.desk.kinds import RequestKind, RequestState
from bot.replies.catalogue import catalogues
from bot.settings import LANGUAGES
from bot.storage.engine import session_scope, single_statements
from bot.words.lexicon import lexicon

MESSAGES = frozenset(
    {
        MessengerEventKind.TEXT,
        MessengerEventKind.POSTBACK,
        MessengerEventKind.ATTACHMENT,
        MessengerEventKind.STANDBY,
    }
)


def wants_the_assistant(content: EventContent) -> bool:
    """Whether a message calls the assistant back: the menu, the button, or words such as "Uz asistentu"."""
    said = str(content.get("text", "")).strip(" .!„”\"'").casefold()
    titles = {catalogues()[language].titles["to_assistant"].casefold() for language in LANGUAGES}
    others = {words for language in LANGUAGES for words in lexicon("desk")["back_to_assistant"][language]}
    return content.get("payload") == TO_ASSISTANT or said in titles | others


def is_for_a_person(task: Task) -> bool:
    """Whether a person gets the event while they hold the conversation."""
    return task.kind in MESSAGES and not wants_the_assistant(task.content or {})


def is_held(conversation: str) -> bool:
    """Whether a person holds a conversation now."""
    with single_statements() as session:
        return holder(session, conversation) is not None


def give(task: Task, *, is_urgent: bool, understood: str | None = None) -> bool:
    """Give a message to the person who holds the conversation, also if the assistant's reply waits to be sent.

    Returns whether somebody holds it; if not, nothing has changed.
    """
    with session_scope() as session:
        if not _given(session, task, is_urgent=is_urgent, understood=understood):
            return False
        outcomes.drop_unsent(session, task.id)
        return True


def keep_replies(task: Task, items: list[OutboxItem], *, is_urgent: bool) -> None:
    """Store the replies to an event; a person who has taken the conversation meanwhile gets the message instead."""
    is_message = is_for_a_person(task)
    unless = partial(_given, task=task, is_urgent=is_urgent) if is_message else lambda _: False
    outcomes.keep_replies(task.id, items, unless=unless)


def leave_people(conversation: str) -> bool:
    """Give a conversation back to the assistant: from the person who holds it, or from the queue.

    Returns whether there was anything to give back, of which an event of the desk then tells the customer.
    """
    with session_scope() as session:
        held = holder(session, conversation, for_update=True)
        if held is not None:
            give_back(session, held.reference, None)
            return True
        given_up = [
            request
            for request in locked_of_conversation(session, conversation)
            if (request.kind, request.state) == (RequestKind.PERSON, RequestState.WAITING)
            and call_back_of(session, request.reference) is None
        ]
        for request in given_up:
            give_back(session, request.reference, None)
        return bool(given_up)


def _given(session: Session, task: Task, *, is_urgent: bool, understood: str | None = None) -> bool:
    about = (task.thread.conversation, _as_read(task), task.key)
    number = given_to_a_person(session, *about, is_urgent=is_urgent, understood=understood)
    return number is not None


def _as_read(task: Task) -> str:
    """A message as the person reads it; what the desk cannot show is only named."""
    content = task.content or {}
    said = content.get("text") or content.get("title")
    return said or catalogues()[LANGUAGES[0]].variant("messenger_attachment_for_person").text
