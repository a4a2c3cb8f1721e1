"""Signing out: answers about an account are not returned once it is closed, and an ended session opens nothing."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from chat import Visit  # tests/chat.py
from other_website import OtherWebsite  # tests/other_website.py
from running import Running, replies  # tests/running.py
from sign_in import LATE, TWO_CONTRACTS, post, session_of, token  # tests/sign_in.py
from sqlalchemy import update

from bot.accounts.opened import OPEN_FOR
from bot.accounts.verification_models import OpenedAccount
from bot.storage.engine import session_scope

pytestmark = pytest.mark.server
DEBT = "Cik es esmu parādā?"
AMOUNT = "52,10"
PAID = "1"  # a demo customer who owes nothing


def history(running: Running, session: str) -> list[dict[str, Any]]:
    answer = requests.get(running.url + "history", headers={"Authorization": f"Bearer {session}"}, timeout=10)
    assert answer.status_code == 200
    return list(answer.json()["messages"])


def let_pass(running: Running, time: timedelta) -> None:
    """Move the last use of the open accounts back in time."""
    with session_scope(running.environment["DATABASE_URL"]) as session:
        session.execute(update(OpenedAccount).values(used_at=datetime.now(UTC) - time))


def asked(running: Running, session: str) -> tuple[str, dict[str, Any]]:
    """The id of a question about the account, and its answer."""
    message_id = str(uuid.uuid4())
    (answer,) = replies(running.post({"id": message_id, "text": DEBT}, session))
    assert AMOUNT in answer["text"]
    return message_id, answer


def test_an_answer_of_an_account_says_how_long_it_may_be_shown(website: Running) -> None:
    session = session_of(website, LATE)
    _, answer = asked(website, session)
    let_pass(website, timedelta(minutes=10))
    told = history(website, session)[-1]
    assert answer["private_for"] == OPEN_FOR.total_seconds()
    assert told["text"] == answer["text"]
    assert 290 <= told["private_for"] <= 300


@pytest.mark.parametrize(
    ("customer", "text"),
    [
        (PAID, "Vai varu samaksāt līdz 10. aprīlim?"),
        (LATE, "Vai varu samaksāt 900 eiro līdz 10. aprīlim?"),
        (TWO_CONTRACTS, DEBT),
    ],
    ids=["that nothing is owed", "that it is less than was said", "whose addresses there are"],
)
def test_whatever_tells_of_an_account_goes_with_it(website: Running, customer: str, text: str) -> None:
    session = session_of(website, customer)
    (answer,) = website.ask(text, session)
    assert answer["private_for"] == OPEN_FOR.total_seconds()


def test_other_answers_may_be_shown_for_ever(website: Running) -> None:
    (answer,) = website.ask("Vai mani atslēgs?", session_of(website, LATE))
    assert {"private_for", "withheld", "accounts"}.isdisjoint(answer)


def test_reading_the_history_is_no_use_of_the_account(website: Running) -> None:
    session = session_of(website, LATE)
    asked(website, session)
    let_pass(website, timedelta(minutes=10))
    seconds = [history(website, session)[-1]["private_for"] for _ in range(2)]
    assert max(seconds) <= 300


def test_using_the_account_lets_earlier_answers_stay(website: Running) -> None:
    session = session_of(website, LATE)
    asked(website, session)
    let_pass(website, timedelta(minutes=14))
    asked(website, session)
    assert [entry["private_for"] > 800 for entry in history(website, session) if "private_for" in entry] == [True] * 2


def test_when_the_account_closes_its_answers_go(website: Running) -> None:
    session = session_of(website, LATE)
    website.ask("Vai mani atslēgs?", session)
    message_id, answer = asked(website, session)
    let_pass(website, OPEN_FOR)
    shown = history(website, session)
    gone = {key: shown[-1][key] for key in ("id", "text", "buttons", "sources", "withheld")}
    assert gone == {"id": answer["id"], "text": "", "buttons": [], "sources": [], "withheld": True}
    assert "neatslēdz" in shown[1]["text"]
    (again,) = replies(website.post({"id": message_id, "text": DEBT}, session))
    assert (again["text"], again["withheld"]) == ("", True)


def test_who_opens_the_account_again_sees_them_again(website: Running) -> None:
    session = session_of(website, LATE)
    asked(website, session)
    let_pass(website, OPEN_FOR)
    post(website, "sign-in", {"token": token(LATE)}, session)
    assert AMOUNT in history(website, session)[-1]["text"]


def test_another_customers_account_opens_none_of_them(website: Running) -> None:
    session = session_of(website, LATE)
    asked(website, session)
    assert post(website, "sign-in", {"token": token(TWO_CONTRACTS)}, session).status_code == 409
    assert AMOUNT not in str(history(website, session))


@pytest.mark.parametrize(("customer", "status"), [(LATE, 200), (TWO_CONTRACTS, 409)])
def test_what_was_opened_by_code_goes_on_with_its_owner_only(website: Running, customer: str, status: int) -> None:
    session, outbox = website.session(), website.outbox()
    website.ask("Cik es esmu parādā? Līguma numurs ir 90010000033", session)
    assert AMOUNT in website.ask(outbox.code(), session)[0]["text"]
    assert post(website, "sign-in", {"token": token(customer)}, session).status_code == status
    assert (AMOUNT in str(history(website, session))) == (status == 200)


def test_an_ended_session_opens_nothing(website: Running) -> None:
    session = session_of(website, LATE)
    message_id, _ = asked(website, session)
    conversation = website.rows("SELECT conversation_id FROM opened_accounts ORDER BY id DESC LIMIT 1")[0][0]
    bearer = {"Authorization": f"Bearer {session}"}
    statuses = [requests.post(website.url + "sign-out", headers=bearer, timeout=10).status_code for _ in range(2)]
    assert statuses == [200, 200]
    assert requests.get(website.url + "history", headers=bearer, timeout=10).status_code == 401
    assert website.post({"id": message_id, "text": DEBT}, session).status_code == 401
    assert website.post({"text": "Labdien!"}, session).status_code == 401
    assert post(website, "sign-in", {"token": token(LATE)}, session).status_code == 401
    left = "SELECT count(*) FROM opened_accounts WHERE conversation_id = :of"
    assert website.rows(left, of=conversation)[0][0] == 0
    kept = "SELECT count(sealed) FROM web_turns WHERE conversation_id = :of"
    assert website.rows(kept, of=conversation)[0][0] == 0


def test_a_code_that_was_sent_before_opens_nothing_after(website: Running) -> None:
    session, outbox = website.session(), website.outbox()
    website.ask("Cik es esmu parādā? Līguma numurs ir 90010000033", session)
    code = outbox.code()
    requests.post(website.url + "sign-out", headers={"Authorization": f"Bearer {session}"}, timeout=10)
    assert website.post({"text": code}, session).status_code == 401
    assert website.rows("SELECT count(*) FROM verification_codes WHERE NOT spent")[0][0] == 0


def test_without_a_session_nobody_is_signed_out(website: Running) -> None:
    assert requests.post(website.url + "sign-out", timeout=10).status_code == 401


def test_the_next_customer_of_a_computer_sees_nothing(
    visit: Visit, website: Running, other_website: OtherWebsite
) -> None:
    """On the website's own pages: signed in, signed out, the next one signed in; with the real assistant."""
    chat = visit(other_website.page(website.url, attributes=f"token={token(LATE)}")).open()
    chat.say(DEBT)
    chat.hears_about(AMOUNT)
    for attributes, heard in ((f"token={token(TWO_CONTRACTS)}", "P••••"), ("", "līguma numurs")):
        chat.page.goto(other_website.page(website.url, attributes=attributes))
        chat.say(DEBT)
        chat.hears_about(heard)
        chat.said(DEBT)
        seen = chat.page.evaluate(
            "document.querySelector('elektrum-chat').shadowRoot.innerHTML + JSON.stringify({...localStorage})"
        )
        assert AMOUNT not in seen
        assert "Liepāja" not in seen


def test_signing_out_of_the_page_ends_the_conversation_at_once(visit: Visit, website: Running) -> None:
    """On the assistant's own page."""
    chat = visit(website.url)
    chat.page.evaluate("(token) => { document.querySelector('elektrum-chat').token = token; }", token(LATE))
    chat.open().say(DEBT)
    chat.hears_about(AMOUNT)
    with chat.page.expect_response("**/sign-out") as answer:
        chat.page.evaluate("document.querySelector('elektrum-chat').signOut()")
    assert answer.value.status == 200
    chat.said()
    chat.say(DEBT)
    chat.hears_about("līguma numurs")
