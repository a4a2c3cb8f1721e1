"""A shared computer: however an account closes, raw requests return nothing of it, and little is stored."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import requests
from running import Running, replies  # tests/running.py
from sign_in import LATE, TWO_CONTRACTS, post, session_of, token  # tests/sign_in.py
from sqlalchemy import update

from bot.accounts.code_limits import TRIES
from bot.accounts.demo import load_demo
from bot.accounts.models import Customer
from bot.accounts.opened import OPEN_FOR
from bot.accounts.verification_models import OpenedAccount
from bot.channels.web.private_replies import HIDDEN
from bot.storage.engine import session_scope

pytestmark = pytest.mark.server
NUMBER, OTHER = "90010000033", "90010002525"
GUESSED = map(str, count(90019990000))  # one after the other, because the codes for one are limited
AMOUNT, STREET = "52,10", "Liepāja"


def by_time(running: Running, session: str) -> None:
    with session_scope(running.environment["DATABASE_URL"]) as database:
        database.execute(update(OpenedAccount).values(used_at=datetime.now(UTC) - OPEN_FOR - timedelta(seconds=1)))


def by_words(text: str) -> Callable[[Running, str], None]:
    def close(running: Running, session: str) -> None:
        (said,) = running.ask(text, session)
        assert said["accounts_closed"] is True

    return close


def by_another_sign_in(running: Running, session: str) -> None:
    assert post(running, "sign-in", {"token": token(TWO_CONTRACTS)}, session).status_code == 409


def by_wrong_codes(running: Running, session: str) -> None:
    running.ask(f"Un cik par līgumu {next(GUESSED)}?", session)
    said = [running.ask(f"00000{place}", session)[0] for place in range(TRIES)]
    assert [reply.get("accounts_closed", False) for reply in said] == [False] * (TRIES - 1) + [True]


def by_time_and_another_code(running: Running, session: str) -> None:
    by_time(running, session)
    outbox = running.outbox()
    running.ask(f"Cik es esmu parādā? Līguma numurs ir {OTHER}", session)
    assert "55,60" in running.ask(outbox.code(), session)[0]["text"]


WAYS = {
    "by time": by_time,
    "sign out": by_words("sign out"),
    "aizveriet manu kontu": by_words("aizveriet manu kontu"),
    "izrakstīties": by_words("izrakstīties"),
    "beidziet": by_words("beidziet"),
    "another customer's sign-in": by_another_sign_in,
    "three wrong codes for another contract": by_wrong_codes,
    "time, and another contract's code": by_time_and_another_code,
}


@pytest.mark.parametrize("way", WAYS)
def test_nothing_of_the_account_comes_back(website: Running, way: str) -> None:
    session = session_of(website, LATE)
    message = {"id": str(uuid.uuid4()), "text": f"Cik es esmu parādā par līgumu {NUMBER}?"}
    assert AMOUNT in replies(website.post(message, session))[0]["text"]
    assert AMOUNT in str(_history(website, session))
    WAYS[way](website, session)
    again = replies(website.post(message, session))
    seen = str([_history(website, session), again, website.ask("Vēlreiz", session)])
    assert [part for part in (AMOUNT, STREET, NUMBER) if part in seen] == []


def test_neither_number_nor_code_stands_in_the_history(website: Running) -> None:
    session, outbox = website.session(), website.outbox()
    website.ask(f"Cik es esmu parādā? Līguma numurs ir {OTHER}", session)
    code = outbox.code()
    assert "55,60" in website.ask(code, session)[0]["text"]
    by_words("sign out")(website, session)
    seen = str(_history(website, session))
    assert [part for part in ("55,60", OTHER, code) if part in seen] == []


@pytest.mark.parametrize("way", ["sign out", "another customer's sign-in", "three wrong codes for another contract"])
def test_nothing_of_it_is_kept_in_clear(website: Running, way: str) -> None:
    session = session_of(website, LATE)
    website.ask("Vai varu maksāt vēlāk?", session)
    WAYS[way](website, session)
    of = website.rows("SELECT conversation_id FROM web_turns ORDER BY id DESC LIMIT 1")[0][0]
    assert website.rows("SELECT count(*) FROM account_dialogues WHERE conversation_id = :of", of=of)[0][0] == 0
    assert website.rows("SELECT count(*) FROM opened_accounts WHERE conversation_id = :of", of=of)[0][0] == 0
    events = str(website.rows("SELECT data FROM events WHERE sender_id = :of", of=of))
    assert [part for part in (AMOUNT, STREET, NUMBER) if part in events] == []


def test_a_contract_chosen_by_its_button_is_not_named_later(website: Running) -> None:
    session = session_of(website, TWO_CONTRACTS)
    (offered,) = website.ask("Cik es esmu parādā?", session)
    titles = [button["title"] for button in offered["buttons"]]
    chosen = offered["buttons"][1]["button"]
    (answer,) = replies(website.post({"id": str(uuid.uuid4()), "button": chosen}, session))
    assert "Par adresi Parauga" in answer["text"]
    website.ask("log out", session)
    assert [title for title in titles[:2] if title in str(_history(website, session))] == []


@pytest.mark.parametrize("place", [0, 1, 2], ids=["one contract", "another contract", "all of them"])
@pytest.mark.parametrize("way", ["by time", "sign out", "izrakstīties"])
def test_an_old_choice_opens_nothing_and_names_nothing(website: Running, way: str, place: int) -> None:
    """The button is still on the screen, and is pressed after the account was closed."""
    session = session_of(website, TWO_CONTRACTS)
    (offered,) = website.ask("Cik es esmu parādā?", session)
    titles = [button["title"] for button in offered["buttons"]]
    WAYS[way](website, session)
    message = {"id": str(uuid.uuid4()), "button": offered["buttons"][place]["button"]}
    answer = replies(website.post(message, session))
    again = replies(website.post(message, session))
    events = website.rows(
        "SELECT data FROM events WHERE sender_id = (SELECT conversation_id FROM web_turns ORDER BY id DESC LIMIT 1)"
    )
    seen = str([answer, again, _history(website, session), events])
    assert answer
    assert [part for part in (*titles[:2], "€", "Parauga") if part in seen] == []
    assert any(entry["text"] == HIDDEN for entry in _history(website, session))


def test_a_choice_does_not_outlive_its_session(website: Running) -> None:
    session = session_of(website, TWO_CONTRACTS)
    (offered,) = website.ask("Cik es esmu parādā?", session)
    message = {"id": str(uuid.uuid4()), "button": offered["buttons"][0]["button"]}
    bearer = {"Authorization": f"Bearer {session}"}
    assert requests.post(website.url + "sign-out", headers=bearer, timeout=10).status_code == 200
    assert website.post(message, session).status_code == 401
    assert website.post(message, session_of(website, TWO_CONTRACTS)).status_code == 404


@pytest.mark.parametrize("text", ["I want to close my contract", "Gribu lauzt līgumu"])
def test_ending_the_contract_is_not_closing_the_account(website: Running, text: str) -> None:
    session = session_of(website, LATE)
    website.ask("Cik es esmu parādā?", session)
    assert "accounts_closed" not in website.ask(text, session)[0]
    assert AMOUNT in str(_history(website, session))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Cik es esmu parādā?", "Ar Jūsu mājaslapas lietotāju saistītu līgumu neatrodu"),
        ("How much do I owe?", "I find no contract for your user of the website"),
    ],
)
def test_who_is_signed_in_without_a_contract_hears_so(website: Running, text: str, answer: str) -> None:
    with session_scope(website.environment["DATABASE_URL"]) as database:
        load_demo(database)
        database.merge(
            Customer(id=4711, name="Bez Līguma", kind="household", email=None, phone=None, preferred_language="lv")
        )
    assert answer in website.ask(text, session_of(website, "4711"))[0]["text"]


def _history(running: Running, session: str) -> list[dict[str, Any]]:
    bearer = {"Authorization": f"Bearer {session}"}
    answer = requests.get(running.url + "history", headers=bearer, timeout=10)
    assert answer.status_code == 200
    return list(answer.json()["messages"])
