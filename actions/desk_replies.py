"""What a customer is told of people: whether somebody is there, how many wait before, and what became of a request."""

import re
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from actions.turn import Outcome, Turn
from bot.desk.call_backs import ask_call_back
from bot.desk.desk_requests import by_reference, found, of_conversation, position, spoken_state
from bot.desk.kinds import LIVE_KINDS, OPEN_STATES, RequestKind, RequestOutcome, RequestState
from bot.desk.numbers_to_call import number_to_call
from bot.desk.opening_hours import Availability, AvailabilityState, availability
from bot.domain_names import ALARMS, Form, Intent, Slot
from bot.known_channels import MESSENGER, WEB
from bot.replies.carried import reply_of_event
from bot.replies.formats import SpokenDate, counted_text
from bot.replies.heard_reference import heard_reference
from bot.replies.reply import RecordedRequest, Reply
from bot.settings.channels import AT_DESK, MESSENGER_PEOPLE
from bot.storage.engine import session_scope
from bot.words.lexicon import lexicon
from bot.words.reference import WRITTEN, Reference

# Texts by what became of a request; others are merely finished.
ENDED = {RequestOutcome.CALLED_BACK: "utter_request_called", RequestOutcome.NOT_REACHED: "utter_request_not_reached"}
# What a question when somebody will come or call may be taken for; "when will the power come back?" is none of these.
MAY_ASK_WHEN = frozenset(
    {
        Intent.REQUEST_HUMAN,
        Intent.ASK_CONTACT,
        Intent.OUT_OF_SCOPE,
        Intent.FOLLOW_UP,
        Intent.INFORM,
        Intent.NLU_FALLBACK,
    }
)
MOST_WORDS_BESIDE_NUMBER = 12  # a message with more is about something else than the number to call
_PHONE = re.compile(r"\+?\d(?:[ -]?\d){7,14}")
_PERHAPS_REFERENCE = re.compile(r"\bEL[\s–—-]?\w{4}[\s–—-]?\w{4}\b", re.IGNORECASE)


def recorded(session: Session, turn: Turn, reference: Reference) -> Reply:
    """That a request for a person is recorded; where somebody answers in the channel, also whether they are there."""
    if not answers_here(turn):
        return turn.fixed("utter_person_recorded", reference=reference)
    return turn.fixed("utter_person_waits", reference=reference, there=there(session, turn, reference))


def answers_here(turn: Turn) -> bool:
    """Whether people answer in the turn's channel from the desk."""
    name = turn.channel.name
    return name == WEB.name or (name == MESSENGER.name and MESSENGER_PEOPLE.value() == AT_DESK)


def leave_number(turn: Turn) -> str:
    """The offer to be called back; nothing to a caller, whose number is known."""
    return "" if turn.medium else turn.fixed("desk_leave_number").text


def there(session: Session, turn: Turn, reference: Reference) -> str:
    """Whether somebody is there for a request that waits, how many wait before and how long; or why not, and when."""
    now = availability(session, datetime.now(UTC))
    parts = [turn.fixed(f"desk_{now.state}").text]
    if now.state in {AvailabilityState.OPEN, AvailabilityState.ALL_BUSY}:
        parts.append(_queue(session, turn, reference, now))
    else:
        parts += [opens(turn, now), leave_number(turn)]
    return " ".join(filter(None, parts))


def opens(turn: Turn, now: Availability) -> str:
    """When the next working hours begin; nothing within them."""
    if now.opens_at is None:
        return ""
    day = SpokenDate(now.opens_at.date(), turn.language)
    return turn.fixed("desk_opens", since=day, time=f"{now.opens_at:%H:%M}").text


def _queue(session: Session, turn: Turn, reference: Reference, now: Availability) -> str:
    before = position(session, reference)
    persons = counted_text("waiting_before", before, turn.language)
    parts = [turn.fixed("desk_before", persons=persons) if before else turn.fixed("desk_first")]
    if now.wait_minutes:
        low, high = now.wait_minutes
        values = {
            "low": counted_text("minutes_from", low, turn.language),
            "high": counted_text("minutes_up_to", high, turn.language),
        }
        parts.append(turn.fixed("desk_wait", **values))
    return " ".join(part.text for part in parts)


def about_request(turn: Turn) -> Outcome | None:
    """The answer to a message about a request: its number, when somebody will call, or the phone number to call.

    None where the message is about something else.
    """
    if turn.is_button or turn.intent in ALARMS or turn.form == Form.COMPLAINT or _goes_on_with_account(turn):
        return None
    with session_scope() as session:
        replies = _about_number(session, turn) or _number_to_call(session, turn) or _when(session, turn)
    return Outcome(replies, ends_form=bool(turn.form)) if replies else None


def _goes_on_with_account(turn: Turn) -> bool:
    """Whether the message belongs to an account form that asked for something."""
    return turn.form == Form.ACCOUNT and turn.slots.get(Slot.ACCOUNT_QUESTION) is not None


def state_of_request(session: Session, turn: Turn, reference: Reference) -> list[Reply]:
    """What became of a request; nothing personal, since anybody may know its number."""
    told = spoken_state(session, reference, turn.conversation_id)
    if told is None:
        return [turn.fixed("utter_request_unknown", reference=reference)]
    number = {"reference": reference}
    if told.state == RequestState.CLOSED:
        key = ENDED.get(told.outcome or RequestOutcome.OTHER, "utter_request_answered")
        return [turn.fixed(key, **number)]
    if told.state == RequestState.HELD:
        return [turn.fixed("utter_request_taken", **number)]
    if told.is_call_back_planned:
        when = opens(turn, availability(session, datetime.now(UTC)))
        return [_spaced(turn.fixed("utter_request_call", there=when, **number))]
    is_awaited = told.is_own and told.kind in LIVE_KINDS and answers_here(turn)
    there_now = there(session, turn, reference) if is_awaited else ""
    reply = _spaced(turn.fixed("utter_request_waiting", there=there_now, **number))
    return [with_request(reply, reference, told.kind) if told.is_own else reply]


def with_request(reply: Reply, reference: Reference, kind: RequestKind) -> Reply:
    """The reply, from which the channel's client goes on with the request."""
    return replace(reply, request=RecordedRequest(reference, kind))


def _about_number(session: Session, turn: Turn) -> list[Reply]:
    heard = heard_reference(turn.text, turn.language) if turn.by_ear else None
    if heard is not None:
        return state_of_request(session, turn, heard)
    if not _PERHAPS_REFERENCE.search(turn.text):
        return []
    request = by_reference(session, turn.text)
    if request is not None:
        return state_of_request(session, turn, request.reference)
    written = re.search(WRITTEN, turn.text.upper())
    return [turn.fixed("utter_request_unknown", reference=Reference(written.group()))] if written else []


def _number_to_call(session: Session, turn: Turn) -> list[Reply]:
    """The call that a customer asks for who was just offered it, and writes a phone number."""
    number = _PHONE.search(turn.text)
    offered = _offered(turn) if number and not turn.medium else None
    called = number_to_call(number.group()) if number and offered else None
    if offered is None or called is None or len(turn.text.split()) > MOST_WORDS_BESIDE_NUMBER:
        return []
    now = datetime.now(UTC)
    reference = ask_call_back(session, turn.origin, called, None, consent_at=now, reference=offered, now=now)
    reply = turn.fixed("utter_call_recorded", reference=reference, there=opens(turn, availability(session, now)))
    return [with_request(_spaced(reply), reference, found(session, reference).kind)]


def _offered(turn: Turn) -> Reference | None:
    """The request about which the assistant has just offered a call."""
    users = [index for index, event in enumerate(turn.events) if event.get("event") == "user"]
    since = users[-2] if len(users) > 1 else 0
    said = [reply_of_event(event) for event in turn.events[since:] if event.get("event") == "bot"]
    return next((reply.request.reference for reply in reversed(said) if reply.request), None)


def _when(session: Session, turn: Turn) -> list[Reply]:
    """What becomes of the conversation's open request, to a customer who asks when somebody will come or call."""
    if turn.intent not in MAY_ASK_WHEN or turn.slots.get(Slot.TOPIC) in ALARMS:
        return []
    text = turn.text.casefold()
    first, then = lexicon("desk")["asks_when"][turn.language]
    begins = min((text.find(word) for word in first if word in text), default=-1)
    if begins < 0 or not any(word in text[begins:] for word in then):
        return []
    waits = [each for each in of_conversation(session, turn.conversation_id) if each.state in OPEN_STATES]
    return state_of_request(session, turn, waits[-1].reference) if waits else []


def _spaced(reply: Reply) -> Reply:
    """The reply without the double space that an empty part leaves."""
    return replace(reply, text=" ".join(reply.text.split()))
