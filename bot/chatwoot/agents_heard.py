"""What agents did in Chatwoot, brought to the desk: their messages in order and once, and that they are done.

A webhook is only a hint to look: webhooks come twice, in any order, or never, while Chatwoot's own records have the
messages in order. So nothing depends on which webhooks arrive; without any, conversations are looked at now and then.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from bot.channels.json_values import Object, object_of
from bot.chatwoot import chatwoot_links as links
from bot.chatwoot.agent_texts import NotDelivered, problem_text
from bot.chatwoot.agent_words import AgentWords, agent_words, first_name
from bot.chatwoot.chatwoot_api import RESOLVED, ChatwootApi, ChatwootError, ChatwootFault
from bot.chatwoot.chatwoot_links import ChatwootLink
from bot.desk import claiming
from bot.desk.call_backs import call_back_of
from bot.desk.desk_events import agent_said
from bot.desk.desk_outbox import undelivered
from bot.desk.desk_requests import Request, by_number, change, locked_of_conversation
from bot.desk.event_writing import already_written
from bot.desk.kinds import (
    DeskEventKind,
    RequestKind,
    RequestOutcome,
    RequestState,
    can_be_written_to,
    is_live_when_taken,
)
from bot.desk.refusals import AlreadyClosed, AlreadyHeld, DeskError, NotHeld
from bot.message_limits import RAW_MESSAGE_LIMIT
from bot.storage.engine import session_scope

# Without a webhook: where somebody talks or waits to talk, and where other work waits.
LOOK_AGAIN, LOOK_AT_OTHERS = timedelta(seconds=30), timedelta(minutes=5)
# Ids are given before messages are stored, so a message with a smaller id may appear after one with a greater id; for
# so long it is looked for. What is older and was seen has been heard, even if what is stored of it was purged.
APPEARS_LATE = timedelta(minutes=10)
NOBODY = -(2**31 - 1)  # the desk's id of an agent whose id is not known


def look(api: ChatwootApi, link: ChatwootLink, until: datetime) -> None:
    """Bring what agents did in a conversation to the desk.

    Args:
        until: the moment until which the look was taken.

    Raises:
        ChatwootError: Chatwoot could not be asked.
    """
    if link.number is None or link.opened_with is None:
        return
    # The status first: what was written before an agent resolved the conversation is then among the messages.
    shown = api.conversation(link.number)
    messages = api.messages(link.number, max(link.seen, link.opened_with))
    seen = link.seen
    for message in messages:
        said = agent_words(message)
        if said is not None and said.id > link.opened_with:
            _hear(api, link, said)
        message_id = message.get("id")
        seen = max(seen, message_id) if isinstance(message_id, int) else seen
    if shown.get("status") == RESOLVED:
        _end(link, object_of(object_of(shown.get("meta")).get("assignee")))
    with session_scope() as session:
        links.looked(session, link, until, seen, _next_look(session, link))


def _hear(api: ChatwootApi, link: ChatwootLink, said: AgentWords) -> None:
    """Bring one message to the desk, and show the agent in Chatwoot what became of it where that shows otherwise."""
    now = datetime.now(UTC)
    if said.id <= link.seen and now - said.at > APPEARS_LATE:
        return
    problem = _say(link, said)
    is_shown = (said.is_failed and said.problem == problem) if problem else not said.is_failed
    if is_shown:
        return
    try:
        api.note_delivery(link.number_there, said.id, problem)
    except ChatwootError as error:
        if error.fault in {ChatwootFault.LATER, ChatwootFault.SETTING}:
            raise


def _say(link: ChatwootLink, said: AgentWords) -> str | None:
    """Give a message to the customer; returns why that is not possible."""
    try:
        with session_scope() as session:
            # Locked before it is asked what is written: another process may bring the same messages.
            open_ones = locked_of_conversation(session, link.conversation_id)
            request = by_number(session, link.reference)
            is_there = already_written(session, link.conversation_id, DeskEventKind.AGENT_SAID, said.client_id)
            if request is None or is_there:
                return None
            if problem := _what_is_wrong(request, said):
                return problem
            _take(session, request, open_ones, said)
            agent_said(session, link.reference, said.agent_id, said.text, said.client_id)
            return None
    except AlreadyHeld as error:
        return problem_text(NotDelivered.HELD, name=error.name)
    except (AlreadyClosed, NotHeld):
        return problem_text(NotDelivered.CLOSED)


def _what_is_wrong(request: Request, said: AgentWords) -> str | None:
    if not can_be_written_to(request.channel):
        return problem_text(NotDelivered.NOT_WRITABLE)
    if said.has_files or not said.text:
        return problem_text(NotDelivered.NO_TEXT)
    if len(said.text) > RAW_MESSAGE_LIMIT:
        return problem_text(NotDelivered.TOO_LONG, most=RAW_MESSAGE_LIMIT)
    return None


def _take(session: Session, request: Request, open_ones: list[Request], said: AgentWords) -> None:
    """Take a request for an agent of Chatwoot, also from a colleague there, who needs no page of ours to hand it on."""
    for other in open_ones:
        is_colleagues = other.state == RequestState.HELD and (other.agent_id or 0) < 0
        if is_colleagues and other.agent_id != said.agent_id:
            claiming.hand_on(session, other.reference, int(other.agent_id or 0), said.agent_id, said.name)
    claiming.claim(session, request.reference, said.agent_id, said.name)


def _end(link: ChatwootLink, assignee: Object) -> None:
    """Close a request whose conversation an agent has resolved; the assistant answers again."""
    # Somebody may hold it here, and it is theirs to close; what is stored of it may just have been erased.
    with suppress(DeskError), session_scope() as session:
        open_ones = locked_of_conversation(session, link.conversation_id)
        request = next((each for each in open_ones if each.reference == link.reference), None)
        if request is None or _is_opened_again(session, link):
            return
        links.is_resolved(session, link)
        _close(session, request, assignee)


def _is_opened_again(session: Session, link: ChatwootLink) -> bool:
    """Whether the customer wrote something that an agent who resolved the conversation has not seen.

    Looked at in this order: what is delivered meanwhile has been counted. From now on the customer cannot write to the
    desk until this transaction ends.
    """
    if undelivered(session, link.conversation_id):
        return True
    now_told = links.of_request(session, link.reference)
    return now_told is None or now_told.told != link.told


def _close(session: Session, request: Request, assignee: Object) -> None:
    if request.state == RequestState.HELD:
        holder = int(request.agent_id or 0)
        if holder >= 0:
            raise AlreadyHeld(str(request.agent_name))
        if request.is_live and request.first_answer_at is None and not _is_call_planned(session, request):
            claiming.give_back(session, request.reference, holder)
        else:
            claiming.close(session, request.reference, holder, _outcome(session, request))
        return
    if is_live_when_taken(request.kind, request.channel):
        # Nobody has come: the customer's client must not say so.
        if not _is_call_planned(session, request):
            claiming.give_back(session, request.reference, None)
            return
        change(session, request.reference, kind=RequestKind.CALL_BACK)  # whoever resolved it has called
    number = assignee.get("id")
    agent_id = -number if isinstance(number, int) else NOBODY
    claiming.claim(session, request.reference, agent_id, first_name(assignee))
    claiming.close(session, request.reference, agent_id, _outcome(session, request))


def _outcome(session: Session, request: Request) -> RequestOutcome:
    return RequestOutcome.CALLED_BACK if _is_call_planned(session, request) else RequestOutcome.ANSWERED


def _is_call_planned(session: Session, request: Request) -> bool:
    call = call_back_of(session, request.reference)
    return call is not None and call.done_at is None


def _next_look(session: Session, link: ChatwootLink) -> datetime | None:
    request = by_number(session, link.reference)
    if request is None or request.state == RequestState.CLOSED:
        return None
    talks = request.is_live or is_live_when_taken(request.kind, request.channel)
    return datetime.now(UTC) + (LOOK_AGAIN if talks else LOOK_AT_OTHERS)
