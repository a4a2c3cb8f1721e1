"""One request with its conversation: what was said, what is said now, notes, drafts, and what can be done."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from starlette.responses import Response

from bot.console.console_routes import ConsoleRoute, Handler
from bot.console.console_visit import Refusal, Visit, whole_number
from bot.console.drafted_replies import canned_reply, canned_topics, drafted_reply
from bot.console.queue_page import PATH, age
from bot.console.transcripts import TranscriptTurn, last_understood, transcript
from bot.desk import desk_events
from bot.desk.call_backs import call_back_of
from bot.desk.claiming import claim, close, give_back, hand_on
from bot.desk.desk_events import agent_said, events_after, last_heard
from bot.desk.desk_requests import Request, by_reference, found, held_by
from bot.desk.kinds import RequestOutcome, RequestState, can_be_written_to
from bot.desk.presence import present
from bot.desk.ratings import VALUES, ratings_of
from bot.desk.refusals import AlreadyClosed, AlreadyHeld, NotHeld, UnknownRequest
from bot.desk.sharing import shared
from bot.desk.typing import stopped_typing, typing
from bot.message_limits import MESSAGE_LIMIT
from bot.staff.permissions import StaffAct
from bot.staff.staff_audit import AuditedAct

ONE = f"{PATH}/{{reference}}"
LONGEST_CLIENT_ID = 64  # characters
MOST_EVENTS = 2000
OUTCOMES = tuple(one for one in RequestOutcome if one != RequestOutcome.RETURNED)
Acting = Callable[[Visit, Request], Response]


def _on_request(act: Acting) -> Handler:
    """A handler that finds the request of the address, and says why the desk refuses."""

    @wraps(act)
    def handler(visit: Visit) -> Response:
        request = by_reference(visit.session, str(visit.request.path_params["reference"]))
        if request is None:
            raise Refusal(404, "no_reference")
        try:
            return act(visit, request)
        except AlreadyHeld as error:
            raise Refusal(409, "already_held", name=error.name) from error
        except AlreadyClosed as error:
            raise Refusal(409, "already_closed") from error
        except NotHeld as error:
            raise Refusal(409, "not_held") from error
        except UnknownRequest as error:
            raise Refusal(404, "no_reference") from error

    return handler


def show(visit: Visit, request: Request) -> Response:
    """The page; that somebody reads it is recorded."""
    turns, events = transcript(visit.session, request.conversation_id), _events(visit, request, 0)
    state, draft = _state(visit, request), _drafted(visit, request, turns)
    # After all that is read: from here on SQLite lets nobody else write.
    visit.audit(AuditedAct.CONVERSATION_READ, request.reference.number)
    return visit.page(
        "conversation.html",
        **state,
        turns=turns,
        events=events,
        number=events[-1].number if events else 0,
        draft=draft,
        topics=canned_topics(visit.session, visit.language),
        longest=MESSAGE_LIMIT,
    )


def show_state(visit: Visit, request: Request) -> Response:
    """Who holds it, and what can be done now."""
    return visit.page("_state.html", **_state(visit, request))


def show_events(visit: Visit, request: Request) -> Response:
    """What happened after a number."""
    after = whole_number(visit.parameter("after")) or 0
    return visit.page("_events.html", request=request, events=_events(visit, request, after))


def show_draft(visit: Visit, request: Request) -> Response:
    """What the assistant would answer to what the customer wrote last."""
    turns = transcript(visit.session, request.conversation_id)
    return visit.page("_draft.html", request=request, draft=_drafted(visit, request, turns))


def show_mine(visit: Visit) -> Response:
    """The list of what the agent holds, for the side of the page."""
    return visit.page("_mine.html", mine=held_by(visit.session, visit.person.id), current=visit.parameter("current"))


def take(visit: Visit, request: Request) -> Response:
    """Take it."""
    claim(visit.session, request.reference, visit.person.id, visit.person.name)
    visit.audit(AuditedAct.TAKEN, request.reference.number)
    return visit.done(f"{PATH}/{request.reference}")


def say(visit: Visit, request: Request) -> Response:
    """Write to the customer."""
    text = _text(visit)
    stopped_typing(visit.session, request.conversation_id, str(visit.person.id))
    # Last, since others with events wait from here to the commit.
    agent_said(visit.session, request.reference, visit.person.id, text, _client_id(visit))
    return visit.done(f"{PATH}/{request.reference}")


def write_note(visit: Visit, request: Request) -> Response:
    """Write a note, which the customer does not see."""
    person = visit.person
    desk_events.note(visit.session, request.reference, person.id, person.name, _text(visit), _client_id(visit))
    return visit.done(f"{PATH}/{request.reference}")


def note_typing(visit: Visit, request: Request) -> Response:
    """The agent types."""
    if request.state == RequestState.HELD and request.agent_id == visit.person.id:
        typing(visit.session, request.conversation_id, str(visit.person.id))
    return Response(status_code=204)


def hand_to(visit: Visit, request: Request) -> Response:
    """Hand it on to a colleague who is there."""
    colleagues = {str(one.agent_id): one for one in present(visit.session, datetime.now(UTC))}
    colleague = colleagues.get(visit.form.get("to", ""))
    if colleague is None:
        raise Refusal(409, "not_there")
    hand_on(visit.session, request.reference, visit.person.id, colleague.agent_id, colleague.name)
    visit.audit(AuditedAct.HANDED_ON, request.reference.number)
    return visit.done(PATH)


def return_it(visit: Visit, request: Request) -> Response:
    """Give the conversation back to the assistant."""
    give_back(visit.session, request.reference, visit.person.id)
    visit.audit(AuditedAct.GIVEN_BACK, request.reference.number)
    return visit.done(PATH)


def close_it(visit: Visit, request: Request) -> Response:
    """Close it with an outcome; a number to call is erased."""
    outcome = next((one for one in OUTCOMES if one.value == visit.form.get("outcome")), None)
    if outcome is None:
        raise Refusal(400, "no_outcome")
    note = visit.form.get("note", "").strip()[:MESSAGE_LIMIT] or None
    call = call_back_of(visit.session, request.reference)
    close(visit.session, request.reference, visit.person.id, outcome, note)
    visit.audit(AuditedAct.CLOSED, request.reference.number)
    if call and call.done_at is None:
        visit.audit(AuditedAct.CALL_BACK_DONE, request.reference.number)
    return visit.done(PATH)


def read_clear_text(visit: Visit, request: Request) -> Response:
    """What the customer let the person read, in clear; only for who holds it, and recorded."""
    _must_hold(visit, request)
    visit.audit(AuditedAct.CLEAR_TEXT_READ, request.reference.number)
    return visit.page("_clear_text.html", turns=shared(visit.session, request.conversation_id) or [])


def read_number(visit: Visit, request: Request) -> Response:
    """The number to call; only for who holds it, and recorded."""
    _must_hold(visit, request)
    call = call_back_of(visit.session, request.reference)
    visit.audit(AuditedAct.NUMBER_READ, request.reference.number)
    return visit.page("_number.html", number=call.number if call else None)


def show_answer(visit: Visit, request: Request) -> Response:
    """The answer to a topic from the facts in force, in the customer's language."""
    text = canned_reply(visit.session, visit.parameter("about"), request.language)
    if text is None:
        raise Refusal(404, "not_found")
    return visit.as_json({"text": text})


def _must_hold(visit: Visit, request: Request) -> None:
    if request.state != RequestState.HELD or request.agent_id != visit.person.id:
        raise NotHeld("Only who holds it reads this.")


def _state(visit: Visit, request: Request) -> dict[str, Any]:
    now = datetime.now(UTC)
    is_mine = request.state == RequestState.HELD and request.agent_id == visit.person.id
    return {
        "request": found(visit.session, request.reference),
        "age": age(visit, request.waits_since),
        "is_mine": is_mine,
        "can_write": is_mine and can_be_written_to(request.channel),
        "call": call_back_of(visit.session, request.reference),
        "ratings": ratings_of(visit.session, request.reference),
        "highest_rating": max(VALUES),
        "has_shared": shared(visit.session, request.conversation_id) is not None,
        "colleagues": [one for one in present(visit.session, now) if one.agent_id != visit.person.id],
        "outcomes": OUTCOMES,
        "mine": held_by(visit.session, visit.person.id),
        "current": request.reference.number,
    }


def _drafted(visit: Visit, request: Request, turns: list[TranscriptTurn]) -> str | None:
    heard = last_heard(visit.session, request.conversation_id)
    return drafted_reply(visit.session, last_understood(turns, heard), request.language)


def _events(visit: Visit, request: Request, after: int) -> list[desk_events.DeskEvent]:
    return events_after(visit.session, after, conversation_id=request.conversation_id, limit=MOST_EVENTS)


def _text(visit: Visit) -> str:
    text = visit.form.get("text", "").replace("\r\n", "\n").strip()
    if not text:
        raise Refusal(400, "no_text")
    if len(text) > MESSAGE_LIMIT:
        raise Refusal(413, "too_long")
    return text


def _client_id(visit: Visit) -> str:
    given = visit.form.get("client_id", "")
    if not 0 < len(given) <= LONGEST_CLIENT_ID or not given.isascii():
        raise Refusal(400, "no_form")
    return given


ROUTES = (
    ConsoleRoute("GET", f"{PATH}/mine", StaffAct.SEE_QUEUE, show_mine, by_hand=False),
    ConsoleRoute("GET", ONE, StaffAct.READ_CONVERSATION, _on_request(show)),
    ConsoleRoute("GET", f"{ONE}/state", StaffAct.READ_CONVERSATION, _on_request(show_state), by_hand=False),
    ConsoleRoute("GET", f"{ONE}/events", StaffAct.READ_CONVERSATION, _on_request(show_events), by_hand=False),
    ConsoleRoute("GET", f"{ONE}/draft", StaffAct.ANSWER, _on_request(show_answer)),
    ConsoleRoute("GET", f"{ONE}/drafted", StaffAct.ANSWER, _on_request(show_draft), by_hand=False),
    ConsoleRoute("POST", f"{ONE}/take", StaffAct.TAKE, _on_request(take)),
    ConsoleRoute("POST", f"{ONE}/say", StaffAct.ANSWER, _on_request(say)),
    ConsoleRoute("POST", f"{ONE}/typing", StaffAct.ANSWER, _on_request(note_typing)),
    ConsoleRoute("POST", f"{ONE}/note", StaffAct.WRITE_NOTE, _on_request(write_note)),
    ConsoleRoute("POST", f"{ONE}/hand-on", StaffAct.HAND_ON, _on_request(hand_to)),
    ConsoleRoute("POST", f"{ONE}/give-back", StaffAct.GIVE_BACK, _on_request(return_it)),
    ConsoleRoute("POST", f"{ONE}/close", StaffAct.CLOSE, _on_request(close_it)),
    ConsoleRoute("POST", f"{ONE}/clear-text", StaffAct.READ_CLEAR_TEXT, _on_request(read_clear_text)),
    ConsoleRoute("POST", f"{ONE}/number", StaffAct.READ_NUMBER, _on_request(read_number)),
)
