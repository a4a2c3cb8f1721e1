"""Customers signed in on the website: no number, no code; and invalid tokens."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from running import Running  # tests/running.py
from sign_in import FOREIGN, LATE, TWO_CONTRACTS, post, session_of, started, token  # tests/sign_in.py

from harness.ports import free_port

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def website_without_billing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The same, but the billing system is unreachable."""
    nowhere = f"http://127.0.0.1:{free_port()}"
    running = started(tmp_path_factory.mktemp("without_billing"), BOT_ACCOUNTS_URL=nowhere)
    yield running
    running.stop()


def said(running: Running, session: str, text: str) -> str:
    return "\n".join(reply["text"] for reply in running.ask(text, session))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Cik es esmu parādā?", r"kavēts maksājums – 52,10.€"),
        ("How much do I owe?", r"a payment of €52\.10 is overdue"),
    ],
)
def test_who_is_signed_in_hears_of_the_account_at_once(website: Running, question: str, answer: str) -> None:
    assert re.search(answer, said(website, session_of(website, LATE), question))


def test_who_has_several_contracts_chooses_one(website: Running) -> None:
    session = session_of(website, TWO_CONTRACTS)
    choices = said(website, session, "Cik es esmu parādā?")
    assert re.search(r"1\. P•••• \d.*\n2\. P•••• \d", choices)
    assert "Par adresi Parauga prospekts" in said(website, session, "2")


def test_one_may_sign_in_in_the_middle_of_a_conversation(website: Running) -> None:
    session = website.session()
    said(website, session, "Vai Rīgas centrs ir slēgts?")
    assert post(website, "sign-in", {"token": token(LATE)}, session).status_code == 200
    assert "52,10" in said(website, session, "Cik es esmu parādā?")


def test_who_signs_in_when_asked_for_a_number_need_not_give_it(website: Running) -> None:
    session = website.session()
    assert "līguma numurs" in said(website, session, "Cik es esmu parādā?")
    post(website, "sign-in", {"token": token(LATE)}, session)
    assert "52,10" in said(website, session, "Cik es esmu parādā?")


def test_signing_in_as_another_closes_the_first_account_and_is_for_a_new_conversation(website: Running) -> None:
    session = session_of(website, LATE)
    assert post(website, "sign-in", {"token": token(TWO_CONTRACTS)}, session).status_code == 409
    assert "līguma numurs" in said(website, session, "Cik es esmu parādā?")


def test_signing_in_again_as_the_same_customer_goes_on(website: Running) -> None:
    session = session_of(website, LATE)
    assert post(website, "sign-in", {"token": token(LATE)}, session).status_code == 200
    assert "52,10" in said(website, session, "Cik es esmu parādā?")


def test_whom_billing_does_not_know_is_asked_for_a_number(website: Running) -> None:
    assert "Kāds ir Jūsu līguma numurs" in said(website, session_of(website, "999999"), "Cik es esmu parādā?")


def test_a_customer_whom_billing_does_not_know_is_not_signed_in(website: Running) -> None:
    begun = post(website, "session", {"token": token("999999")})
    later = post(website, "sign-in", {"token": token("999999")}, website.session())
    assert [(answer.status_code, answer.json()["signed_in"]) for answer in (begun, later)] == [
        (201, False),
        (200, False),
    ]


ELSEWHERE = {"X-Forwarded-For": "203.0.113.7"}


@pytest.fixture(scope="module")
def behind_a_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A website's assistant that trusts a proxy's X-Forwarded-For."""
    running = started(tmp_path_factory.mktemp("behind_a_proxy"), BOT_TRUSTED_PROXIES="127.0.0.1")
    yield running
    running.stop()


def begun(running: Running, given: str, headers: dict[str, str] | None = None) -> requests.Response:
    return post(running, "session", {"token": given}, headers=headers)


def test_a_token_signs_in_one_conversation_only(website: Running) -> None:
    stolen = token(LATE)
    said(website, begun(website, stolen).json()["session"], "Labdien!")
    assert begun(website, stolen).status_code == 403
    thief = website.session()
    assert post(website, "sign-in", {"token": stolen}, thief).status_code == 403
    assert "līguma numurs" in said(website, thief, "Cik es esmu parādā?")


def test_a_token_whose_signature_is_written_otherwise_is_the_same_token(website: Running) -> None:
    stolen = token(LATE)
    said(website, begun(website, stolen).json()["session"], "Labdien!")
    others = [stolen[:-1] + letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    assert {begun(website, other).status_code for other in others} == {403}


def test_a_thief_does_not_close_the_owners_accounts(website: Running) -> None:
    stolen = token(LATE)
    session = begun(website, stolen).json()["session"]
    said(website, session, "Labdien!")
    begun(website, stolen)
    assert "52,10" in said(website, session, "Cik es esmu parādā?")


def test_a_token_signs_in_again_in_its_conversation(website: Running) -> None:
    """In another tab, or after the connection was lost."""
    given = token(LATE)
    session = begun(website, given).json()["session"]
    said(website, session, "Labdien!")
    assert post(website, "sign-in", {"token": given}, session).json() == {"signed_in": True}
    assert "52,10" in said(website, session, "Cik es esmu parādā?")


def test_a_token_whose_answer_was_lost_may_begin_again(website: Running) -> None:
    given = token(LATE)
    lost = begun(website, given).json()["session"]
    assert begun(website, given).json()["signed_in"] is True
    assert "līguma numurs" in said(website, lost, "Cik es esmu parādā?")


def test_after_a_conversation_has_ended_its_token_begins_a_new_one(website: Running) -> None:
    """As "Start a new conversation" in the widget does."""
    given = token(LATE)
    session = begun(website, given).json()["session"]
    said(website, session, "Labdien!")
    post(website, "sign-out", {}, session)
    assert "52,10" in said(website, begun(website, given).json()["session"], "Cik es esmu parādā?")


@pytest.mark.parametrize("over", [False, True])
def test_from_elsewhere_a_token_signs_in_no_other_conversation(behind_a_proxy: Running, over: bool) -> None:
    given = token(LATE)
    session = begun(behind_a_proxy, given).json()["session"]
    if over:
        post(behind_a_proxy, "sign-out", {}, session)
    assert begun(behind_a_proxy, given, ELSEWHERE).status_code == 403


def test_a_customer_who_moves_to_another_network_stays_signed_in(behind_a_proxy: Running) -> None:
    given = token(LATE)
    session = begun(behind_a_proxy, given).json()["session"]
    said(behind_a_proxy, session, "Labdien!")
    assert post(behind_a_proxy, "sign-in", {"token": given}, session, ELSEWHERE).status_code == 200


def test_of_many_that_come_at_once_with_one_token_one_stays_signed_in(website: Running) -> None:
    given = token(LATE)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: begun(website, given), range(8)))
    sessions = [answer.json()["session"] for answer in answers if answer.status_code == 201]
    knows = ["52,10" in said(website, session, "Cik es esmu parādā?") for session in sessions]
    assert knows.count(True) == 1


@pytest.mark.parametrize(
    ("bad", "status"),
    [
        pytest.param(token(LATE, FOREIGN), 403, id="signed by somebody else"),
        pytest.param(token(LATE, lasts=-60), 403, id="expired"),
        pytest.param(token(LATE, iat=0, exp=253_370_764_800), 403, id="issued in 1970, good until 9999"),
        pytest.param("no token", 403, id="no token"),
        pytest.param(7, 400, id="no text"),
    ],
)
@pytest.mark.parametrize("path", ["session", "sign-in"])
def test_a_token_that_proves_nothing_is_refused(website: Running, path: str, bad: str, status: int) -> None:
    answer = post(website, path, {"token": bad}, website.session())
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_a_refused_token_opens_nothing(website: Running) -> None:
    session = website.session()
    post(website, "sign-in", {"token": token(LATE, FOREIGN)}, session)
    assert "līguma numurs" in said(website, session, "Cik es esmu parādā?")


def test_a_website_that_signs_nobody_in_refuses_every_token(assistant: Running) -> None:
    assert post(assistant, "session", {"token": token(LATE)}).status_code == 403


def test_the_chat_begins_while_accounts_cannot_be_read(website_without_billing: Running) -> None:
    answer = post(website_without_billing, "session", {"token": token(LATE)})
    assert (answer.status_code, answer.json()["signed_in"]) == (201, False)
    assert "8400" in said(website_without_billing, answer.json()["session"], "Kā ar Jums sazināties?")


def test_who_signs_in_later_hears_that_accounts_cannot_be_read(website_without_billing: Running) -> None:
    running = website_without_billing
    assert post(running, "sign-in", {"token": token(LATE)}, running.session()).status_code == 503
