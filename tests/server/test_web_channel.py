"""The web channel: each message is answered once, the history is private to its visitor, messages are rate-limited."""

import base64
import json
import re
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from running import Running, events, replies, start  # tests/running.py

from bot.channels.web.visitors import Signer
from bot.keys.signing import signing_key
from bot.schema.tables import WebTurn
from bot.storage.engine import session_scope

pytestmark = pytest.mark.server
ORIGIN = "https://www.website.example"
WANTS_A_PERSON = {"text": "Gribu runāt ar cilvēku"}
REFERENCE = re.compile(r"EL-\w{4}-\w{4}")


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An assistant that allows three messages a minute, five from one address, and one website's origin."""
    folder = tmp_path_factory.mktemp("strict")
    settings = {"BOT_LIMIT_CONVERSATION": "3", "BOT_LIMIT_ADDRESS": "5", "BOT_ORIGINS": ORIGIN}
    running = start(folder, **settings, BOT_TRUSTED_PROXIES="127.0.0.1")
    yield running
    running.stop()


def history(running: Running, session: str) -> list[dict[str, Any]]:
    answer = requests.get(running.url + "history", headers={"Authorization": f"Bearer {session}"}, timeout=10)
    assert answer.status_code == 200
    return list(answer.json()["messages"])


def test_an_answer_is_a_stream_of_replies_and_its_end(assistant: Running) -> None:
    answer = assistant.post({"text": "Vai mani atslēgs?"}, assistant.session())
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert [name for name, _ in events(answer)] == ["reply", "done"]


@pytest.mark.parametrize(("text", "language"), [("Vai mani atslēgs?", "lv"), ("Will I be cut off?", "en")])
def test_a_reply_says_its_language_and_time(assistant: Running, text: str, language: str) -> None:
    (reply,) = assistant.ask(text)
    assert reply["language"] == language
    assert abs(datetime.now(UTC) - datetime.fromisoformat(reply["at"])) < timedelta(minutes=1)


@pytest.mark.parametrize(("language", "said"), [("lv", "tukša"), ("en", "empty"), (None, "tukša")])
def test_a_session_has_a_language_for_what_has_none(assistant: Running, language: str | None, said: str) -> None:
    answer = requests.post(assistant.url + "session", json={"language": language} if language else {}, timeout=10)
    assert said in assistant.ask("  ", answer.json()["session"])[0]["text"]


def test_a_session_in_another_language_is_refused(assistant: Running) -> None:
    assert requests.post(assistant.url + "session", json={"language": "ru"}, timeout=10).status_code == 400


def test_the_same_message_again_gets_the_same_reply(assistant: Running) -> None:
    session, message = assistant.session(), {"id": str(uuid.uuid4()), **WANTS_A_PERSON}
    first, again = (replies(assistant.post(message, session)) for _ in range(2))
    assert first == again


def test_the_same_message_at_once_is_answered_once(assistant: Running) -> None:
    session, message = assistant.session(), {"id": str(uuid.uuid4()), "text": "Es gribu iesniegt sūdzību."}
    with ThreadPoolExecutor(8) as pool:
        heard = list(pool.map(lambda _: str(replies(assistant.post(message, session))), range(8)))
    assert len(set(heard)) == 1
    assert len([one for one in history(assistant, session) if one["from"] == "customer"]) == 1


def test_who_hangs_up_finds_the_answer_when_asking_again(assistant: Running) -> None:
    session, message = assistant.session(), {"id": str(uuid.uuid4()), **WANTS_A_PERSON}
    assistant.post(message, session, stream=True).close()
    again = replies(assistant.post(message, session))
    requests_recorded = assistant.rows("SELECT reference FROM handoffs ORDER BY id DESC LIMIT 1")
    assert REFERENCE.findall(again[0]["text"]) == [requests_recorded[0][0]]


def test_the_same_id_in_another_conversation_is_another_message(assistant: Running) -> None:
    message = {"id": str(uuid.uuid4()), **WANTS_A_PERSON}
    one, other = (str(replies(assistant.post(message, assistant.session()))) for _ in range(2))
    assert REFERENCE.findall(one) != REFERENCE.findall(other)


def test_a_message_whose_server_died_gets_an_apology(assistant: Running) -> None:
    session, message_id = assistant.session(), str(uuid.uuid4())
    assistant.ask("Labdien!", session)
    (conversation,) = assistant.rows("SELECT conversation_id FROM web_turns ORDER BY id DESC LIMIT 1")[0]
    began = datetime.now(UTC) - timedelta(seconds=11)
    with session_scope(assistant.environment["DATABASE_URL"]) as session_of_it:
        turn = {"conversation_id": conversation, "message_id": message_id, "address": "x", "began_at": began}
        session_of_it.add(WebTurn(**turn))
    assert "8400" in replies(assistant.post({"id": message_id, "text": "Labdien!"}, session))[0]["text"]
    assert "8400" in history(assistant, session)[-1]["text"]


def test_the_history_gives_back_what_was_said(assistant: Running) -> None:
    session = assistant.session()
    (first,) = assistant.ask("Vai mani atslēgs?", session)
    button = first["buttons"][0]
    (second,) = replies(assistant.post({"button": button["button"]}, session))
    shown = [(one["from"], one["text"]) for one in history(assistant, session)]
    assert shown == [
        ("customer", "Vai mani atslēgs?"),
        ("assistant", first["text"]),
        ("customer", button["title"]),
        ("assistant", second["text"]),
    ]


def test_a_button_of_the_history_still_works(assistant: Running) -> None:
    session = assistant.session()
    assistant.ask("Vai mani atslēgs?", session)
    button = history(assistant, session)[1]["buttons"][0]
    assert replies(assistant.post({"button": button["button"]}, session))


def test_nobody_else_gets_the_history(assistant: Running) -> None:
    assistant.ask("Vai mani atslēgs?", assistant.session())
    assert history(assistant, assistant.session()) == []


@pytest.mark.parametrize("session", ["", "abc"])
def test_without_a_session_there_is_no_history(assistant: Running, session: str) -> None:
    answer = requests.get(assistant.url + "history", headers={"Authorization": f"Bearer {session}"}, timeout=10)
    assert answer.status_code == 401


def test_a_session_is_good_for_a_time(assistant: Running) -> None:
    """A user of the same computer the day after cannot read the conversation."""
    old = Signer(signing_key(), timedelta(seconds=-1)).session()
    answer = requests.get(assistant.url + "history", headers={"Authorization": f"Bearer {old}"}, timeout=10)
    assert answer.status_code == 401


def test_replies_have_the_same_ids_whenever_they_come(assistant: Running) -> None:
    session, message = assistant.session(), {"id": str(uuid.uuid4()), "text": "Vai mani atslēgs?"}
    first, again = (replies(assistant.post(message, session)) for _ in range(2))
    ids = [reply["id"] for reply in first]
    assert ids == [f"{message['id']}/{n}" for n in range(len(first))]
    assert ids == [reply["id"] for reply in again] == [entry["id"] for entry in history(assistant, session)[1:]]


def test_what_is_kept_of_the_chat_cannot_be_read(assistant: Running) -> None:
    assistant.ask("Vai mani atslēgs?", assistant.session())
    (sealed,) = assistant.rows("SELECT sealed FROM web_turns ORDER BY id DESC LIMIT 1")[0]
    assert not re.search("atsl|elektro", sealed)


def test_one_conversation_may_not_send_too_much_in_a_minute(strict: Running) -> None:
    strict.rows("DELETE FROM web_turns")
    session = strict.session()
    answers = [strict.post({"text": "Labdien!"}, session) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60


def test_who_sent_too_much_still_gets_an_earlier_answer_again(strict: Running) -> None:
    strict.rows("DELETE FROM web_turns")
    session, first = strict.session(), {"id": "the-first-of-three", "text": "Vai mani atslēgs?"}
    answer = strict.post(first, session)
    for _ in range(2):
        strict.post({"text": "Labdien!"}, session)
    assert replies(strict.post(first, session)) == replies(answer)


def test_one_address_may_not_send_too_much_in_a_minute(strict: Running) -> None:
    strict.rows("DELETE FROM web_turns")
    answers = [strict.post({"text": "Labdien!"}, strict.session()) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]


def test_behind_a_proxy_addresses_are_those_of_visitors(strict: Running) -> None:
    strict.rows("DELETE FROM web_turns")

    def send(address: str) -> int:
        headers = {"Authorization": f"Bearer {strict.session()}", "X-Forwarded-For": address}
        body = {"id": str(uuid.uuid4()), "text": "Labdien!"}
        return requests.post(strict.url + "messages", json=body, headers=headers, timeout=10).status_code

    assert [send("203.0.113.1") for _ in range(6)] == [200] * 5 + [429]
    assert send("203.0.113.2") == 200


def test_what_was_taken_before_is_given_again_whatever_the_limit(strict: Running) -> None:
    strict.rows("DELETE FROM web_turns")
    session, message = strict.session(), {"id": str(uuid.uuid4()), "text": "Labdien!"}
    assert {strict.post(message, session).status_code for _ in range(6)} == {200}


def test_streams_and_what_is_too_much_go_to_named_websites_too(strict: Running) -> None:
    strict.rows("DELETE FROM web_turns")
    bearer = {"Authorization": f"Bearer {strict.session()}", "Origin": ORIGIN}
    sent = [{"id": str(uuid.uuid4()), "text": "Labdien!"} for _ in range(4)]
    answers = [requests.post(strict.url + "messages", json=body, headers=bearer, timeout=10) for body in sent]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert {answer.headers.get("Access-Control-Allow-Origin") for answer in answers} == {ORIGIN}
    assert "Retry-After" in answers[-1].headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize(("language", "said"), [("lv", "neatslē"), ("en", "not disconnected")])
def test_the_page_shows_the_facts(assistant: Running, language: str, said: str) -> None:
    shown = requests.get(assistant.url + "announcement", params={"language": language}, timeout=10).json()
    parts = shown["parts"]
    assert said in str(parts["announcement"]["blocks"])
    assert "8400" in str(parts["contact"]["blocks"])
    assert parts["announcement"]["sources"]


def test_the_page_follows_the_facts_at_once(tmp_path: Path) -> None:
    running = start(tmp_path, BOT_AS_OF="2020-06-12")
    try:
        before, after = (_announced(running, ended) for ended in (False, True))
    finally:
        running.stop()
    assert before != after


def _announced(running: Running, ended: bool) -> str:
    if ended:
        running.end_emergency("2020-06-09")
    return requests.get(running.url + "announcement", params={"language": "lv"}, timeout=10).text


def test_a_button_does_not_tell_what_it_means(assistant: Running) -> None:
    (first,) = assistant.ask("Vai mani atslēgs?", assistant.session())
    references = [button["button"] for button in first["buttons"]]
    decoded = [base64.urlsafe_b64decode(reference + "==") for reference in references]
    assert [each for each in decoded if b"ask_" in each] == []


@pytest.mark.parametrize("reference", ["", "x", "\ud800", "ā", "gAAAAA", None, 7])
def test_a_reference_that_is_none_is_refused(assistant: Running, reference: object) -> None:
    body = json.dumps({"id": str(uuid.uuid4()), "button": reference}).encode()
    headers = {"Authorization": f"Bearer {assistant.session()}", "Content-Type": "application/json"}
    assert requests.post(assistant.url + "messages", data=body, headers=headers, timeout=10).status_code == 404
