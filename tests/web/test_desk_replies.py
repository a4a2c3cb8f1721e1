"""What the assistant says about people: who is there, how many wait, what became of a number, and a number to call."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from actions import desk_replies
from actions.customer_action import CustomerAction
from actions.desk_replies import about_request, recorded, state_of_request
from actions.people import ActionHandOver
from actions.turn import Turn
from bot.desk.call_backs import call_back_of
from bot.desk.claiming import claim, close
from bot.desk.desk_requests import of_conversation
from bot.desk.kinds import RequestOutcome
from bot.desk.opening_hours import Availability, AvailabilityState
from bot.domain_names import Form, Intent, Slot
from bot.handoff.handoff_requests import Origin, request_person
from bot.known_channels import MESSENGER, PHONE, WEB, Channel
from bot.parse_result import parse_result
from bot.replies.carried import utter_message_arguments
from bot.replies.reply import Reply
from bot.settings.channels import IN_INBOX, MESSENGER_PEOPLE
from bot.storage.engine import session_scope
from bot.words.reference import Reference

AGENT = 1
MONDAY = datetime(2026, 12, 7, 8, tzinfo=UTC)


def turn(text: str, intent: str = Intent.OUT_OF_SCOPE, *, said: Reply | None = None, **more: Any) -> Turn:
    """A turn on the website, in the conversation "c1"; `said` is what the assistant said just before."""
    before = [{"event": "user"}, *([_bot(said)] if said else []), {"event": "user"}]
    given = {"language": "en", "channel": WEB, "conversation_id": "c1", "slots": {}, "events": before, **more}
    return Turn(parsed=parse_result({"text": text, "intent": {"name": intent, "confidence": 0.9}}), **given)


def _bot(reply: Reply) -> dict[str, Any]:
    arguments = utter_message_arguments(reply)
    return {"event": "bot", "text": arguments.pop("text"), "data": {}, "metadata": arguments}


@pytest.fixture
def asked(database: str) -> Reference:
    with session_scope() as session:
        return request_person(session, Origin("c1", "web", "en"))


def text_of(found: Any) -> str:
    assert found is not None
    return str(found.replies[0].text)


OPENS = "The next working hours begin on 7 December 2026 at 08:00."
THERE = {
    AvailabilityState.OPEN: "Somebody will answer you here. Nobody is waiting before you. Lately people waited from 2",
    AvailabilityState.ALL_BUSY: "All our colleagues are busy right now",
    AvailabilityState.NOBODY_THERE: "None of our colleagues is available right now. If you would like us to call you",
    AvailabilityState.BEFORE_HOURS: f"have not begun yet. {OPENS} If you",
    AvailabilityState.AFTER_HOURS: f"are over for today. {OPENS} If you",
    AvailabilityState.WEEKEND: f"at the weekend. {OPENS} If you",
    AvailabilityState.HOLIDAY: "public holiday, and our colleagues do not answer here. The next",
    AvailabilityState.CLOSED_TODAY: "do not answer here today. The next",
}


@pytest.mark.parametrize(("state", "said"), THERE.items())
def test_it_tells_who_is_there(
    asked: Reference, monkeypatch: pytest.MonkeyPatch, state: AvailabilityState, said: str
) -> None:
    within = state in {AvailabilityState.OPEN, AvailabilityState.ALL_BUSY, AvailabilityState.NOBODY_THERE}
    now = Availability(state, None if within else MONDAY, 0, (2, 5) if within else None)
    monkeypatch.setattr(desk_replies, "availability", lambda *_, **__: now)
    with session_scope() as session:
        reply = recorded(session, turn("A person", Intent.REQUEST_HUMAN), asked)
    assert said in reply.text
    assert asked.number in reply.text


@pytest.mark.parametrize("channel", [PHONE, MESSENGER])
def test_it_promises_no_answer_here_where_nobody_answers(
    asked: Reference, monkeypatch: pytest.MonkeyPatch, channel: Channel
) -> None:
    monkeypatch.setenv(MESSENGER_PEOPLE.name, IN_INBOX)
    with session_scope() as session:
        reply = recorded(session, turn("A person", channel=channel), asked)
    assert reply == turn("", channel=channel).fixed("utter_person_recorded", reference=asked)


def test_who_asks_for_a_person_again_hears_what_became_of_the_request(asked: Reference) -> None:
    (reply,) = ActionHandOver().answer(turn("A person!", Intent.REQUEST_HUMAN)).replies
    assert f"Request {asked} has been recorded and waits" in reply.text
    assert reply.request is not None
    assert (reply.handover, reply.request.reference) == (asked, asked)


ENDS = {
    RequestOutcome.ANSWERED: "is finished",
    RequestOutcome.RETURNED: "is finished",
    RequestOutcome.CALLED_BACK: "We have called you",
    RequestOutcome.NOT_REACHED: "could not reach you",
}


@pytest.mark.parametrize(("outcome", "said"), ENDS.items())
def test_the_number_tells_how_it_ended(asked: Reference, outcome: RequestOutcome, said: str) -> None:
    with session_scope() as session:
        claim(session, asked, AGENT, "Ilze")
        assert "working on" in state_of_request(session, turn(""), asked)[0].text
        close(session, asked, AGENT, outcome)
    assert said in text_of(about_request(turn(f"What about {asked}?", conversation_id="c2")))


@pytest.mark.parametrize("written", ["{}", "my number is {}", "kas ar {}", "what about {}, please, the bill?"])
@pytest.mark.parametrize("change", [str, str.lower, lambda number: number.replace("-", " ")])
def test_a_number_is_recognised_however_it_is_written(asked: Reference, written: str, change: Any) -> None:
    assert asked.number in text_of(about_request(turn(written.format(change(asked.number)), Intent.CHECK_INVOICE)))


def test_a_number_that_nobody_has_is_not_found(database: str) -> None:
    assert "cannot find a request" in text_of(about_request(turn("What about EL-AAAA-AAAA?")))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("When will somebody call me?", "en"),
        ("how long do I have to wait?", "en"),
        ("Kad kāds man atzvanīs?", "lv"),
        ("Cik ilgi vēl jāgaida?", "lv"),
    ],
)
def test_when_somebody_will_call_is_answered_where_a_request_is_open(
    asked: Reference, text: str, language: str
) -> None:
    assert asked.number in text_of(about_request(turn(text, language=language)))
    assert about_request(turn(text, language=language, conversation_id="c2")) is None


def test_a_phone_number_after_the_offer_is_a_call_back(asked: Reference) -> None:
    (offer,) = ActionHandOver().answer(turn("A person!", Intent.REQUEST_HUMAN)).replies
    found = about_request(turn("26 000 000, please", Intent.INFORM, said=offer))
    assert "The call has been recorded" in text_of(found)
    with session_scope() as session:
        planned = call_back_of(session, asked)
        spoken = state_of_request(session, turn(""), asked)[0].text
    assert planned is not None
    assert (planned.number, planned.consent_at is not None) == ("+37126000000", True)
    assert "We will call you about" in spoken


@pytest.mark.parametrize(
    "of",
    [
        {"text": "26000000"},  # nothing was offered
        {"text": "Is the museum open?"},
        {"text": "There is a fire, when will somebody call me?", "intent": Intent.REPORT_DANGER},
        {"text": "When will the power come back?", "intent": Intent.REPORT_OUTAGE},
        {"text": "When will you call me?", "slots": {Slot.TOPIC: Intent.REPORT_DANGER}},
        {"text": "You never called me about {}", "form": Form.COMPLAINT},
        {"text": "90010000011", "form": Form.ACCOUNT, "slots": {Slot.ACCOUNT_QUESTION: "check_invoice"}},
    ],
    ids=lambda of: of["text"],
)
def test_other_messages_are_not_about_the_request(asked: Reference, of: dict[str, Any]) -> None:
    assert about_request(turn(**{**of, "text": of["text"].format(asked)})) is None


def test_a_complaint_is_offered_a_way_to_be_answered(database: str) -> None:
    from actions.people import ActionEndComplaint

    (reply,) = ActionEndComplaint().answer(turn("", slots={Slot.COMPLAINT_DETAILS: "Rude."}, form=None)).replies
    assert "write your phone number here" in reply.text
    with session_scope() as session:
        (request,) = of_conversation(session, "c1")
    assert reply.request is not None
    assert reply.request.reference == request.reference
    assert request.created_at - datetime.now(UTC) < timedelta(minutes=1)


async def test_an_action_answers_about_the_request_before_all_else(asked: Reference) -> None:
    class Other(CustomerAction):
        def answer(self, turn: Turn) -> Any:
            raise AssertionError

    assert asked.number in text_of(Other()._answer(turn(f"{asked}?")))
