"""Messenger against the running assistant: when staff answer, the assistant is silent."""

import time

import pytest
from graph.connected import APP, MessengerPage, events_of, texts  # tests/graph
from graph.webhooks import PAGE_INBOX

pytestmark = pytest.mark.server
CUT_OFF, NOT_CUT_OFF = "Vai mani atslēgs, ja kavēšu maksājumu?", "kavētu maksājumu dēļ"
META = events_of()


def test_who_wants_a_person_is_passed_to_the_inbox_and_then_there_is_silence(page: MessengerPage, person: str) -> None:
    page.say(person, "Gribu runāt ar cilvēku")
    (told,) = page.hears(person)
    assert ("EL-" in told, "nododu klientu servisam" in told) == (True, True)
    assert page.graph.page.owner(person) == PAGE_INBOX
    page.deliver(META.text(person, "Vai kāds ir?"), channel="standby")
    page.hears(person)


def test_the_assistant_comes_back_when_it_is_called(page: MessengerPage, person: str) -> None:
    page.say(person, "Gribu runāt ar cilvēku")
    page.hears(person)
    page.deliver(META.text(person, "uz asistentu"), channel="standby")
    assert "Atkal atbild asistents" in page.hears(person, 2)[-1]
    assert page.graph.page.owner(person) == APP
    page.say(person, CUT_OFF)
    assert NOT_CUT_OFF in page.hears(person, 3)[-1]


def wrote_a_minute_ago(page: MessengerPage, person: str) -> None:
    page.say(person, "Labdien!", at=time.time() - 60)
    page.hears(person)


@pytest.mark.parametrize("app", [int(PAGE_INBOX), PAGE_INBOX, None], ids=["number", "text", "none"])
def test_while_a_person_writes_the_assistant_is_silent(page: MessengerPage, person: str, app: int | str | None) -> None:
    wrote_a_minute_ago(page, person)
    page.deliver(META.echo_inbox(person, "Labdien, raksta Anna.", app))
    page.say(person, CUT_OFF)
    page.hears(person, 1)


@pytest.mark.parametrize("variant", ["inbox", "none"])
def test_an_automatic_reply_of_the_page_does_not_silence_the_assistant(
    page: MessengerPage, person: str, variant: str
) -> None:
    """Nothing in the event distinguishes it from a person's, except how soon it comes."""
    at = time.time() - 60
    page.deliver(
        META.text(person, "Labdien!", at=at), META.echo_automatic(person, "Drīz atbildēsim.", variant, at=at + 2)
    )
    page.hears(person)
    page.say(person, CUT_OFF)
    assert NOT_CUT_OFF in page.hears(person, 2)[-1]
    kinds = "SELECT count(*) FROM messenger_events WHERE person = :person AND kind = 'automatic'"
    assert page.rows(kinds, person=person) == [(1,)]  # of which 'bot messenger check' tells


def test_who_answers_at_once_while_people_hold_the_thread_is_a_person(page: MessengerPage, person: str) -> None:
    wrote_a_minute_ago(page, person)
    page.deliver(META.echo_inbox(person, "Labdien, raksta Anna."))
    page.say(person, "Vai kāds ir?")
    page.deliver(META.echo_inbox(person, "Jā."))
    page.say(person, CUT_OFF)
    page.hears(person, 1)


def test_the_echo_of_its_own_message_does_not_silence_the_assistant(page: MessengerPage, person: str) -> None:
    """Each message that the assistant sends is echoed in these tests; here one comes a minute after the customer's."""
    wrote_a_minute_ago(page, person)
    sent = page.graph.sent[-1]
    page.deliver(META.echo_own(person, sent.message["text"], sent.mid, metadata=sent.message["metadata"]))
    page.say(person, CUT_OFF)
    page.hears(person, 2)


def test_who_takes_the_thread_in_the_inbox_is_not_interrupted(page: MessengerPage, person: str) -> None:
    """Graph refuses the answer then, although the assistant has not been notified yet."""
    page.graph.wrote(person)
    page.graph.set_owner(person, PAGE_INBOX)
    page.hooks.post(page.hooks.envelope(META.text(person, CUT_OFF)))
    page.settle()
    assert texts(page.graph, person) == []
    assert page.rows("SELECT set_aside_at FROM messenger_events WHERE person = :person", person=person) == [(None,)]
    page.graph.requests.clear()  # among them one that was refused, as it should be


def test_who_is_given_the_thread_answers(page: MessengerPage, person: str) -> None:
    page.say(person, "Gribu runāt ar cilvēku")
    page.hears(person)
    page.graph.set_owner(person, APP)
    page.deliver(META.control("pass_thread_control", person, PAGE_INBOX, APP))
    page.say(person, CUT_OFF)
    assert NOT_CUT_OFF in page.hears(person, 2)[-1]
