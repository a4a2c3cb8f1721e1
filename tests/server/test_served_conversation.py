"""The running server: invalid requests, authorisation, changes of facts, starting and stopping."""

import os
import socket
import subprocess
import time
from pathlib import Path

import pytest
import requests
from running import Running, replies, start  # tests/running.py

pytestmark = pytest.mark.server

BAD_INPUT = {
    "empty": ("", "tukša"),
    "white space": ("  \n\t ", "tukša"),
    "emoji only": ("😀👍", "nevaru izlasīt"),
    "control characters only": ("\x00\x01\x7f", "nevaru izlasīt"),
    "digits only": ("90012", "Skaitli saņēmu"),
    "a contract number only": ("90012345678", "sešu ciparu kodu"),
    "a payload": ('/ask_contact{"place":"x"}', "8400"),
    "restart": ("/restart", "another question"),
    "mixed scripts": ("Вai mаni аtslēgs", "neatslēdz"),
    "lone surrogate": ("vai mani atslēgs \ud800", "neatslēdz"),
    "markup": ("<script>alert(1)</script>", "8400"),
}


@pytest.mark.parametrize(("text", "said"), BAD_INPUT.values(), ids=BAD_INPUT)
def test_bad_input_gets_a_clear_answer(assistant: Running, text: str, said: str) -> None:
    assert said in assistant.ask(text)[0]["text"]


def test_a_typed_command_does_not_reset_the_conversation(assistant: Running) -> None:
    session = assistant.session()
    assistant.ask("Vai muzejs Ķegumā ir slēgts?", session)
    assistant.ask("/restart", session)
    assert "Atvēršanas diena" in assistant.ask("cik ilgi?", session)[0]["text"]


def test_conversations_are_apart(assistant: Running) -> None:
    one, other = assistant.session(), assistant.session()
    assistant.ask("Vai muzejs Ķegumā ir slēgts?", one)
    assert "muzej" not in assistant.ask("līdz kuram laikam?", other)[0]["text"].lower()


def test_an_offered_button_works(assistant: Running) -> None:
    session = assistant.session()
    offered = assistant.ask("Vai mani atslēgs?", session)[0]["buttons"][0]
    answer = assistant.post({"button": offered["button"]}, session)
    assert "situācijas beigām" in replies(answer)[0]["text"]


REFUSED = {
    "no message": ({}, 400),
    "a list": ([], 400),
    "nothing": (None, 400),
    "text that is none": ({"text": 5}, 400),
    "a short id": ({"id": "1", "text": "hi"}, 400),
    "an id of other signs": ({"id": "<script>alert", "text": "hi"}, 400),
    "an id that is none": ({"id": 5, "text": "hi"}, 400),
    "an invented button": ({"button": "abc"}, 404),
    "2,001 characters": ({"text": "a" * 2001}, 413),
    "66 KB": ({"text": "hi", "more": "a" * 66_000}, 413),
}


@pytest.mark.parametrize(("body", "status"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_message_is_refused_with_a_problem_document(assistant: Running, body: object, status: int) -> None:
    answer = assistant.post(body, assistant.session())
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


@pytest.mark.parametrize("session", [None, "", "abc"])
def test_who_has_no_session_is_refused(assistant: Running, session: str | None) -> None:
    answer = assistant.post({"text": "hi"}, session)
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


def test_a_button_is_good_only_in_its_conversation(assistant: Running) -> None:
    offered = assistant.ask("Vai mani atslēgs?")[0]["buttons"][0]
    answer = assistant.post({"button": offered["button"]}, assistant.session())
    assert answer.status_code == 404


def test_rasas_own_api_is_closed(assistant: Running) -> None:
    base = assistant.url.removesuffix("chat/")
    found = [
        requests.get(base + path, timeout=10).status_code for path in ("status", "domain", "webhooks/rest/webhook")
    ]
    assert found == [404, 404, 404]


def test_a_reload_brings_the_page_with_a_strict_policy(assistant: Running) -> None:
    answer = requests.get(assistant.url, timeout=10)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_ending_the_emergency_changes_the_very_next_message(tmp_path: Path) -> None:
    running = start(tmp_path, BOT_AS_OF="2020-06-15")
    try:
        session = running.session()
        before = running.ask("Vai mani atslēgs, ja kavēšu maksājumu?", session)[0]["text"]
        running.end_emergency("2020-06-09")
        after = running.ask("Vai mani atslēgs, ja kavēšu maksājumu?", session)[0]["text"]
        assert ("beidzās 2020. gada 9. jūnijā" in before, "beidzās 2020. gada 9. jūnijā" in after) == (False, True)
    finally:
        running.stop()


def children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in listed.stdout.split()]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    running = start(tmp_path)
    servers = children(running.process.pid)
    assert running.stop() == 0
    assert [pid for pid in servers if alive(pid)] == []


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        began = time.monotonic()
        with pytest.raises(RuntimeError, match="is in use"):
            start(tmp_path, BOT_PORT=str(taken.getsockname()[1]))
        assert time.monotonic() - began < 60
